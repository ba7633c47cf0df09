/** Debian packages: what a bare machine lacks, installed without starting a service. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { run } from './shell.ts';
import { Trouble } from './trouble.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const OUR_POLICY =
  '#!/bin/sh\n# Written by pglab while it installs packages: no service is started.\nexit 101\n';

/** One of ours that a killed pglab left: with it no package of this machine starts its service. */
export function clearPolicy(): void {
  if (readOr(POLICY) === OUR_POLICY) rmSync(POLICY, { force: true });
}

let installing = 0;

/** Whether packages are being installed: what is cut off there leaves the machine half configured. */
export function isInstalling(): boolean {
  return installing > 0;
}

/**
 * Debian packages, without starting a service: where an init system runs, installing an engine
 * would start it for good. An existing policy is the owner's, and stays; ours goes however we end.
 */
export async function installPackages(names: readonly string[], say: (line: string) => void): Promise<void> {
  say(`apt-get install ${names.join(' ')}`);
  clearPolicy();
  process.on('exit', clearPolicy);
  installing += 1;
  try {
    if (readOr(POLICY) === null) writeFileSync(POLICY, OUR_POLICY, { mode: 0o755, flag: 'wx' });
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run(['apt-get', 'update', '-q'], { env });
    const result = await run(['apt-get', 'install', '-y', '--no-install-recommends', ...names], { env });
    if (result.exitCode !== 0) {
      const why = result.output.trim().split('\n').slice(-4).join('\n');
      throw new Trouble('packages-failed', { packages: names.join(' '), why });
    }
  } finally {
    installing -= 1;
    clearPolicy();
    process.off('exit', clearPolicy);
  }
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
