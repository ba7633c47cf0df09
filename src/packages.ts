/** Debian packages: what a bare machine lacks, installed without starting a service. */
import { closeSync, constants, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder, openOwn } from './own-files.ts';
import { run } from './shell.ts';
import { Trouble } from './trouble.ts';

const POLICY = '/usr/sbin/policy-rc.d';
/** With the process that wrote it, and the start of that, by which it is known; without, by an earlier version. */
const OURS =
  /^#!\/bin\/sh\n# Written by pglab(?: \(process (\d+), started at (\d+)\))? while it installs packages: no service is started\.\nexit 101\n$/;

/**
 * Removes the policy that a killed pglab left: with it no package of this machine starts its service. One that a living
 * pglab works under stays, and so does anybody else's. Whether there was one, and it is gone.
 */
export function clearLeftPolicy(file = POLICY): boolean {
  const ours = OURS.exec(readOr(file) ?? '');
  if (ours === null) return false;
  const [, pid, started] = ours;
  if (pid !== undefined && startOf(pid) === started) return false;
  try {
    rmSync(file);
  } catch {
    // Who is not root leaves it to the next who is.
    return false;
  }
  return true;
}

function clearOwnPolicy(): void {
  if (OURS.exec(readOr(POLICY) ?? '')?.[1] === String(process.pid)) rmSync(POLICY, { force: true });
}

function ownPolicy(): string {
  const by = `process ${process.pid}, started at ${startOf(process.pid)}`;
  return `#!/bin/sh\n# Written by pglab (${by}) while it installs packages: no service is started.\nexit 101\n`;
}

/** Field 22 of /proc/PID/stat: when a process started; null where there is none. */
function startOf(pid: string | number): string | null {
  const stat = readOr(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** In a home: the packages that pglab installed from there, one a line. */
const INSTALLED = 'packages';

/** What pglab installed from this home, by name. */
export function packagesOf(home: string): string[] {
  const names = (readOr(join(home, INSTALLED)) ?? '').split('\n');
  return [...new Set(names.filter((name) => /^[a-z0-9][a-z0-9.+-]{1,99}$/.test(name)))];
}

/** Before they are installed: a pglab that is killed meanwhile has installed them, too. */
function writeDown(home: string, names: readonly string[]): void {
  try {
    makeOwnFolder(home);
    const file = openOwn(join(home, INSTALLED), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
    writeSync(file, names.map((name) => `${name}\n`).join(''));
    closeSync(file);
  } catch {
    // It is said again by apt itself, in its log.
  }
}

let installing = 0;

/** Whether packages are being installed: what is cut off there leaves the machine half configured. */
export function isInstalling(): boolean {
  return installing > 0;
}

/**
 * Debian packages, without starting a service: where an init system runs, installing an engine
 * would start it for good. An existing policy is the owner's, and stays; ours goes however we end. `home`: where it is
 * written down.
 */
export async function installPackages(
  names: readonly string[],
  say: (line: string) => void,
  home: string | null = null,
): Promise<void> {
  say(`apt-get install ${names.join(' ')}`);
  if (home !== null) writeDown(home, names);
  clearLeftPolicy();
  process.on('exit', clearOwnPolicy);
  installing += 1;
  try {
    if (readOr(POLICY) === null) writeFileSync(POLICY, ownPolicy(), { mode: 0o755, flag: 'wx' });
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run(['apt-get', 'update', '-q'], { env });
    const result = await run(['apt-get', 'install', '-y', '--no-install-recommends', ...names], { env });
    if (result.exitCode !== 0) {
      const why = result.output.trim().split('\n').slice(-4).join('\n');
      throw new Trouble('packages-failed', { packages: names.join(' '), why });
    }
  } finally {
    installing -= 1;
    clearOwnPolicy();
    process.off('exit', clearOwnPolicy);
  }
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
