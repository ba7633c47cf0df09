/** Starts the courier of a home, where none is under way: a process of its own, which outlives the verb; and waits for its end. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isHeldByAnother } from '../../lock.ts';
import { isBuilt, packageRoot } from '../../package-root.ts';
import { courierFolder } from './courier-status.ts';

const ENDS_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;

export function startCourier(home: string): void {
  if (isHeldByAnother(courierFolder(home))) return;
  const program = isBuilt
    ? [join(packageRoot, 'dist/src/courier.js')]
    : ['--import', 'tsx', join(packageRoot, 'src/courier.ts')];
  const courier = spawn(process.execPath, [...program, home], {
    ...{ detached: true, stdio: 'ignore', cwd: packageRoot, windowsHide: true },
    env: { ...process.env, PGLAB_HOME: home },
  });
  // Where no process can be made, the next verb tries again.
  courier.on('error', () => {});
  courier.unref();
}

/** Resolves once no courier of this home is under way. One that does not end, as it is stopped, is not waited for. */
export async function courierEnded(home: string): Promise<void> {
  const until = Date.now() + ENDS_WITHIN_MS;
  while (isHeldByAnother(courierFolder(home)) && Date.now() < until) await delay(LOOK_EVERY_MS);
}
