/**
 * The stage of the end-to-end tests: a real engine and real images of several majors, through
 * pglab's own commands. An engine that is there already is used and left; else a built-in one is
 * brought up, and ended by its own process id.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from '../../src/packages.ts';
import { hasTool } from '../../src/shell.ts';
import { CLI } from './lab.ts';

export const MAJORS = [15, 17, 18] as const;
/** What the tests use beside pglab, and the Debian packages that bring it. */
const TOOLS = {
  lsof: 'lsof',
  psql: 'postgresql-client',
  'docker-registry': 'docker-registry',
  ip: 'iproute2',
  'docker-compose': 'docker-compose',
  zsh: 'zsh',
  fish: 'fish',
  sshd: 'openssh-server',
  openssl: 'openssl',
  rootlesskit: 'rootlesskit',
  slirp4netns: 'slirp4netns',
  newuidmap: 'uidmap',
};
/** What a program of Debian's Python imports. */
const MODULES = { sqlalchemy: 'python3-sqlalchemy', psycopg2: 'python3-psycopg2' };
const MODULES_IN = '/usr/lib/python3/dist-packages';
/** What pglab itself brings for an engine and its images, and what the suite of Podman brings. */
const BROUGHT_LATER = {
  dockerd: 'docker.io',
  iptables: 'iptables',
  mmdebstrap: 'mmdebstrap',
  podman: 'podman',
};
const IN_MEMORY = '/dev/shm';
/** Of two engines, with three images each. */
const PLENTY_BYTES = 12e9;
let home: string | null = null;

/** Says first what will be installed on this machine. An error where that takes root and we are not: nothing is skipped. */
export function sayWhatIsInstalled(): void {
  const later = Object.entries(BROUGHT_LATER).filter(([tool]) => !hasTool(tool));
  const names = [...missing(), ...later.map(([, name]) => name)].join(' ');
  const also = names === '' ? '' : ` They need as well, which is not here: apt-get install ${names}`;
  if (process.geteuid?.() !== 0)
    throw new Error(
      `These tests bring up engines, and networks and users of their own: only root can do that.${also}`,
    );
  if (names !== '') console.log(`■ The tests install what is missing here: ${names}`);
}

/** The packages of what the tests use and is not here. */
function missing(): string[] {
  const tools = Object.entries(TOOLS).filter(([tool]) => !hasTool(tool));
  const modules = Object.entries(MODULES).filter(([each]) => !existsSync(join(MODULES_IN, each)));
  return [...tools, ...modules].map(([, name]) => name);
}

/**
 * The folder for an engine of the tests: what it stores is gone with it, and each of some thousand starts of a server
 * waits for its disk. In memory, where this machine has plenty of it.
 */
function folderForEngine(): string {
  if (!existsSync(IN_MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return Math.min(bavail * bsize, process.availableMemory()) < PLENTY_BYTES ? tmpdir() : IN_MEMORY;
}

/** Whether the engine is one that was brought up for these tests. */
export async function stageUp(): Promise<boolean> {
  home = mkdtempSync(join(folderForEngine(), 'pglab-stage-'));
  process.env.PGLAB_IMAGES ??= join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'pglab',
    'images',
  );
  const packages = missing();
  if (packages.length > 0) await installPackages(packages, console.log);
  const { up } = JSON.parse(pglab('engine', 'up', '--format', 'json'));
  // What takes away all that it did not find there needs an engine that nobody else uses.
  if (up.started) process.env.PGLAB_STAGE = 'own';
  process.env.DOCKER_HOST = pglab('engine', 'env').trim().replace('export DOCKER_HOST=', '');
  for (const major of MAJORS) getImage(major);
  return up.started;
}

/** Present, else from the cache of tarballs, else built from packages once and kept there. */
function getImage(major: number): void {
  if (pglab('image', 'status').includes(`postgres:${major}`)) return;
  const tarball = join(process.env.PGLAB_IMAGES as string, `postgres-${major}.tar`);
  const started = performance.now();
  if (existsSync(tarball)) pglab('image', 'load', tarball);
  else pglab('image', 'build', '--major', String(major));
  console.log(`■ image of ${major}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

export async function stageDown(): Promise<void> {
  if (home === null) return;
  delete process.env.DOCKER_HOST;
  pglab('engine', 'down');
  rmSync(home, { recursive: true, force: true });
}

function pglab(...args: string[]): string {
  return execFileSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PGLAB_HOME: home as string },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
