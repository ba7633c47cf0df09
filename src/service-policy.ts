/** The policy file by which no package of Debian starts its service while it is installed. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { startTimeOf } from './lock.ts';

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
  if (pid !== undefined && startTimeOf(Number(pid)) === started) return false;
  try {
    rmSync(file);
  } catch {
    // Who is not root leaves it to the next who is.
    return false;
  }
  return true;
}

/** Ours of this very process. */
export function clearOwnPolicy(): void {
  if (OURS.exec(readOr(POLICY) ?? '')?.[1] === String(process.pid)) rmSync(POLICY, { force: true });
}

/** Lets no package start its service, until it is cleared. An existing policy is its owner's, and stays. */
export function layPolicy(): void {
  if (readOr(POLICY) === null) writeFileSync(POLICY, ownPolicy(), { mode: 0o755, flag: 'wx' });
}

function ownPolicy(): string {
  const by = `process ${process.pid}, started at ${startTimeOf(process.pid)}`;
  return `#!/bin/sh\n# Written by pglab (${by}) while it installs packages: no service is started.\nexit 101\n`;
}

let installing = 0;

/** Counts one more installation, or one less. */
export function countInstalling(by: 1 | -1): void {
  installing += by;
}

/** Whether packages are being installed: what is cut off there leaves the machine half configured. */
export function isInstalling(): boolean {
  return installing > 0;
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
