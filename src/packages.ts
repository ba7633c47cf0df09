/** Debian packages: what a bare machine lacks, installed without starting a service. */
import { closeSync, constants, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder, openOwn, readOwn } from './own-files.ts';
import { clearLeftPolicy, clearOwnPolicy, countInstalling, layPolicy } from './service-policy.ts';
import { run } from './shell.ts';
import { Trouble } from './trouble.ts';

/** In a home: the packages that pglab installed from there, one a line. */
const INSTALLED = 'packages';

/** What pglab installed from this home, by name. */
export function packagesOf(home: string): string[] {
  const names = installedFrom(join(home, INSTALLED)).split('\n');
  return [...new Set(names.filter((name) => /^[a-z0-9][a-z0-9.+-]{1,99}$/.test(name)))];
}

function installedFrom(file: string): string {
  try {
    return readOwn(file).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
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
  countInstalling(1);
  try {
    layPolicy();
    const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, withinMs: Infinity };
    await run(['apt-get', 'update', '-q'], options);
    const result = await run(['apt-get', 'install', '-y', '--no-install-recommends', ...names], options);
    if (result.exitCode !== 0) {
      const why = result.output.trim().split('\n').slice(-4).join('\n');
      throw new Trouble('packages-failed', { packages: names.join(' '), why });
    }
  } finally {
    countInstalling(-1);
    clearOwnPolicy();
    process.off('exit', clearOwnPolicy);
  }
}
