/** Starts the courier of a home, where none is under way: a process of its own, which outlives the verb. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isHeldByAnother } from '../../lock.ts';
import { isBuilt, packageRoot } from '../../package-root.ts';
import { courierFolder } from './courier-status.ts';

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
