/** The second lane, a program: it takes the names of files from its parent, and answers with outcomes. */
import { stageDown, stageUp } from './e2e/stage.ts';
import { reportedWhole } from './lane.ts';
import { endFile, notRun } from './suite-file.ts';

const up = stageUp();
process.on('message', async (name: string) => {
  const outcome = await up.then(() => reportedWhole(name)).catch((error) => notRun(name, error));
  process.send?.(outcome);
});
// The parent has ended, or has nothing more: the engine must not outlive the tests.
process.once('disconnect', () => {
  endFile();
  void stageDown().finally(() => process.exit(0));
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
