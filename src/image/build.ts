/**
 * An image from Debian's own packages, to the official image's contract, for machines that no
 * registry can be reached from. mmdebstrap makes the root file system as one tar; around it goes a
 * `docker load` archive of our own, so that no `docker build` and no base image are needed.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { shellWord } from '../grammar.ts';
import { makeFolder } from '../own-files.ts';
import { packageRoot } from '../package-root.ts';
import { installPackages } from '../packages.ts';
import { processesWith } from '../running-processes.ts';
import { hasTool, run } from '../shell.ts';
import { Trouble } from '../trouble.ts';
import { officialNames } from './reference.ts';
import { forgetDigest, sha256Of, writeDigest } from './tarball.ts';

/** Which release of Debian carries which major. Source: the archive's own package lists. */
const SUITES: Readonly<Record<number, string>> = {
  13: 'bullseye',
  15: 'bookworm',
  17: 'trixie',
  18: 'forky',
};

/** A release in the making may carry a file that is past its date. */
const IN_THE_MAKING = ['forky'];

export const BUILDABLE_MAJORS: readonly number[] = Object.keys(SUITES).map(Number);

export function builtTag(major: number): string {
  return `pglab/postgres:${major}`;
}

/** Whether it has the name that pglab gives to what it builds, and no other than those that it gives to it as well. */
export function isNamedAsBuilt(tags: readonly string[], major: number | null): boolean {
  if (major === null || !tags.includes(builtTag(major))) return false;
  return tags.every((tag) => tag === builtTag(major) || officialNames(major).includes(tag));
}

/** Whether this machine can build at all: Debian or a relative, and root. */
export function canBuild(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && hasTool('apt-get');
}

/** Builds the archive at `file`; `say` gets one line a stage. */
export async function buildArchive(
  major: number,
  file: string,
  say: (line: string) => void,
  { home, signal }: { home?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const suite = SUITES[major];
  if (!suite) throw new Trouble('build-unknown-major', { major, majors: BUILDABLE_MAJORS.join(', ') });
  if (!canBuild()) throw new Trouble('build-not-here', { major });
  if (!hasTool('mmdebstrap')) await installPackages(['mmdebstrap'], say, home);
  makeFolder(dirname(file));
  await clearKilledBuilds(dirname(file));
  const work = await mkdtemp(join(dirname(file), `.build-${hostname()}-${process.pid}-`));
  try {
    await makeRootFileSystem(major, suite, work, say, signal);
    await writeArchive(major, work, join(work, 'image.tar'));
    await forgetDigest(file);
    await rename(join(work, 'image.tar'), file);
    await writeDigest(file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export async function clearKilledBuilds(folder: string): Promise<void> {
  for (const work of await killedBuilds(folder)) await rm(work, { recursive: true, force: true });
}

/**
 * The paths of what builds of this host left there that were killed: no process of theirs is left. Others may share
 * the folder.
 */
export async function killedBuilds(folder: string): Promise<string[]> {
  const killed: string[] = [];
  for (const entry of existsSync(folder) ? (await readdir(folder)).sort() : []) {
    const [, host, pid] = /^\.build-(.+)-(\d+)-\w+$/.exec(entry) ?? [];
    const work = join(folder, entry);
    // mmdebstrap outlives a pglab that was killed, and writes on.
    const isAtWork = existsSync(`/proc/${pid}`) || (await processesWith([work])).length > 0;
    if (host === hostname() && !isAtWork) killed.push(work);
  }
  return killed;
}

async function makeRootFileSystem(
  major: number,
  suite: string,
  work: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  await copyFile(join(packageRoot, 'src/image/entrypoint.sh'), join(work, 'docker-entrypoint.sh'));
  await writeFile(join(work, 'before.sh'), beforePackages(), { mode: 0o755 });
  await writeFile(join(work, 'after.sh'), afterPackages(major, work), { mode: 0o755 });
  const left = [
    ...['man', 'doc', 'info', 'locale'].map((folder) => `/usr/share/${folder}/*`),
    // JIT compilation brings 150 MB of compiler that no step of a lab needs.
    '/usr/lib/*/libLLVM*',
    '/usr/lib/llvm*',
    '/usr/lib/postgresql/*/lib/bitcode/*',
    '/usr/lib/postgresql/*/lib/llvmjit*',
  ];
  const result = await run(
    [
      'mmdebstrap',
      '--mode=root',
      '--variant=essential',
      `--include=postgresql-${major},xz-utils,zstd`,
      ...left.map((path) => `--dpkgopt=path-exclude=${path}`),
      ...(IN_THE_MAKING.includes(suite) ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
      '--aptopt=APT::Install-Recommends "false"',
      `--essential-hook=${shellWord(join(work, 'before.sh'))} "$1"`,
      `--customize-hook=${shellWord(join(work, 'after.sh'))} "$1"`,
      suite,
      join(work, 'layer.tar'),
    ],
    {
      onLine: (line) => /^I: /.test(line) && say(line.slice(3)),
      withinMs: Infinity,
      ...(signal ? { signal } : {}),
    },
  );
  if (result.exitCode !== 0) {
    if (/No space left/i.test(result.output))
      throw new Trouble('no-space', { ref: builtTag(major), why: 'mmdebstrap' });
    throw new Trouble('build-failed', { major, why: result.output.trim().split('\n').slice(-6).join('\n') });
  }
}

/** The user comes before the packages so that it has the official image's number; and no cluster. */
function beforePackages(): string {
  return `#!/bin/sh
set -e
echo 'postgres:x:999:' >>"$1/etc/group"
echo 'postgres:x:999:999::/var/lib/postgresql:/bin/bash' >>"$1/etc/passwd"
mkdir -p "$1/etc/postgresql-common"
echo 'create_main_cluster = false' >"$1/etc/postgresql-common/createcluster.conf"
`;
}

function afterPackages(major: number, work: string): string {
  return `#!/bin/sh
set -e
install -m 755 ${shellWord(join(work, 'docker-entrypoint.sh'))} "$1/usr/local/bin/docker-entrypoint.sh"
mkdir -p "$1/docker-entrypoint-initdb.d" "$1${dataFolder(major)}"
# mmdebstrap keeps its options of apt in the image: there they would hold for who installs something later.
rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"
rm -rf "$1/var/lib/apt/lists" "$1/var/cache" "$1/var/log"
mkdir -p "$1/var/cache" "$1/var/log"
chroot "$1" chown -R postgres:postgres /var/lib/postgresql
chroot "$1" sh -c 'mkdir -p /run/postgresql && chown postgres:postgres /run/postgresql && chmod 3777 /run/postgresql'
sed -ri "s/^#?listen_addresses = .*/listen_addresses = '*'/" "$1/usr/share/postgresql/${major}/postgresql.conf.sample"
chroot "$1" dpkg-query -W -f '\${Version}' postgresql-${major} >${shellWord(join(work, 'version'))}
`;
}

/** From 18 on the data folder is named after the major, and the volume is its grandparent. */
function dataFolder(major: number): string {
  return major >= 18 ? `/var/lib/postgresql/${major}/docker` : '/var/lib/postgresql/data';
}

async function writeArchive(major: number, work: string, file: string): Promise<void> {
  const digest = await sha256Of(join(work, 'layer.tar'));
  const version = (await run(['cat', join(work, 'version')])).output.trim();
  const config = JSON.stringify({
    architecture: { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch,
    os: 'linux',
    created: new Date().toISOString(),
    config: {
      Env: [
        `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${major}/bin`,
        'LANG=C.UTF-8',
        `PG_MAJOR=${major}`,
        `PG_VERSION=${version}`,
        `PGDATA=${dataFolder(major)}`,
      ],
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['postgres'],
      ExposedPorts: { '5432/tcp': {} },
      Volumes: { [major >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data']: {} },
      StopSignal: 'SIGINT',
      Labels: { 'pglab.image': String(major) },
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created: new Date().toISOString(), created_by: 'pglab image build' }],
  });
  const name = `${createHash('sha256').update(config).digest('hex')}.json`;
  await writeFile(join(work, name), config);
  const manifest = [{ Config: name, RepoTags: [builtTag(major)], Layers: ['layer.tar'] }];
  await writeFile(join(work, 'manifest.json'), JSON.stringify(manifest));
  const pack = ['tar', '-C', work, '-cf', file, 'manifest.json', name, 'layer.tar'];
  const packed = await run(pack, { withinMs: Infinity });
  if (packed.exitCode !== 0)
    throw new Trouble('no-space', { ref: builtTag(major), why: packed.output.trim() });
}
