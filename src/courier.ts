/**
 * The courier's own program, which a verb starts: `node courier.js HOME`. It is small, for it stays, and it runs no lab: a
 * reset of a managed seat is a verb of pglab's, in a process of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isBuilt, packageRoot } from './package-root.ts';
import { runCourier } from './workshop/seat/run-courier.ts';

const home = process.argv[2] ?? '';
// The terminal that it was started from may go.
process.on('SIGHUP', () => {});
void runCourier(home, reset).then(
  () => process.exit(0),
  () => process.exit(70),
);

/** Resolves when the verb has ended, however. */
async function reset(): Promise<void> {
  const program = isBuilt
    ? [join(packageRoot, 'dist/pglab.js')]
    : ['--import', 'tsx', join(packageRoot, 'src/cli.ts')];
  const verb = spawn(process.execPath, [...program, 'workshop', 'reset', '--adopted', '--yes'], {
    ...{ stdio: 'ignore', windowsHide: true },
    env: { ...process.env, PGLAB_HOME: home },
  });
  await once(verb, 'exit');
}
