/** Processes of pglab that are killed with SIGKILL right after an event. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, type Ended, ended, type TestLab } from './lab.ts';

const HOOK = join(import.meta.dirname, 'kill-at.mjs');

/** The exit code of one that was. */
export const KILLED = 255;

/** `lab`: asked for when it is used, for `before` opens it. */
export function killing(lab: () => TestLab) {
  /** What processes of a run were killed at, a line each. */
  const file = (run: string) => join(lab().home, `${run} was killed at`);
  return {
    file,
    killedAt: (run: string) =>
      existsSync(file(run)) ? readFileSync(file(run), 'utf8').trim().split('\n') : [],
    /** One process of a run, which is killed at its first event that no other was killed at. */
    killed: (run: string, by: string, args: string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> =>
      ended(process.execPath, ['--import', HOOK, CLI, ...args, '--yes', '--run', run], {
        ...lab().env,
        KILLED_AT: file(run),
        KILL_BY: by,
        ...more,
      }),
  };
}
