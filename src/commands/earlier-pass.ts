/** What passes of this run that were reset still tell: what their steps explained can be read on. */
import { runFolder } from '../home.ts';
import { labOf } from '../journal/lab-of-run.ts';
import { archivedIn } from '../journal/passes.ts';
import { readJournal } from '../journal/read.ts';
import type { Standing } from '../journal/standing.ts';
import type { Desk } from './desk.ts';

/** The newest pass before this one, of this lab, in which one of these steps was done; null where there is none. */
export function earlierPass({ settings, run, folders }: Desk, steps: readonly string[]): Standing | null {
  if (run === null) return null;
  for (const file of archivedIn(runFolder(settings.home, run)).reverse()) {
    const { standing } = readJournal(file, run);
    if (labOf(standing) === folders.id && steps.some((step) => standing.isFinished(step))) return standing;
  }
  return null;
}
