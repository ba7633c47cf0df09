/** What a reset is about: which runs, which of their steps, and what their journals tell. */
import { existsSync } from 'node:fs';
import { filesFolder, journalFile, runFolder, runsOf } from '../home.ts';
import { archivedIn } from '../journal/passes.ts';
import { readJournal } from '../journal/read.ts';
import type { Standing } from '../journal/standing.ts';
import { loadLab } from '../lab/load.ts';
import { LABEL } from '../names.ts';
import { ownFiles, withDependents } from '../world/reset-plan.ts';
import type { Scope } from '../world/reset-scope.ts';
import { checkedStep, type Desk } from './desk.ts';
import type { Locked } from './hold.ts';

export interface ResetOptions {
  dryRun: boolean;
  allRuns: boolean;
  adopted: boolean;
  /** Another home, by its id: whose things go with a second explicit word only. */
  home: string | null;
}

/** The steps that were named and those that build on them, with the names they make. */
export async function chosenSteps(desk: Desk, names: readonly string[]) {
  if (names.length === 0) return null;
  const lab = await loadLab(desk.folders);
  const ids = withDependents(
    lab,
    names.map((name) => checkedStep(desk, name)),
  );
  const made = lab.steps.flatMap(({ id, world = {} }) => (ids.includes(id) ? Object.keys(world) : []));
  return { ids, names: made, files: ownFiles(lab, ids) };
}

export function runsMeant({ settings, run }: Desk, { allRuns }: ResetOptions): string[] {
  if (allRuns) return runsOf(settings.home);
  return run === null ? [] : [run];
}

export function scopeOf(
  { settings, run, folders: { id: lab } }: Desk,
  { open, leftOut }: Locked,
  steps: Awaited<ReturnType<typeof chosenSteps>>,
  { allRuns, adopted, owner, isOwn }: ResetOptions & { owner: string; isOwn: boolean },
): Scope {
  // A run has its journal before it makes anything: one that we do not hold was begun after we looked.
  const isBegunMeanwhile = (of: string) =>
    open.every((held) => held.run !== of) && existsSync(journalFile(settings.home, of));
  const files = steps === null || steps.files ? open : [];
  return {
    labels: { [LABEL.home]: owner, ...(allRuns ? {} : { [LABEL.run]: run ?? '' }) },
    lab: allRuns ? null : lab,
    runs: open.map((held) => ({ run: held.run, home: owner, lab })),
    standings: [
      ...open.flatMap(({ journal }) => (journal ? [journal.standing] : [])),
      // What was archived still tells what the learner made.
      ...open.flatMap((held) => archivedIn(runFolder(settings.home, held.run)).map(standingIn)),
    ],
    steps: steps && new Set(steps.ids),
    names: steps && new Set(steps.names),
    folders: files.map((held) => ({
      run: held.run,
      path: filesFolder(runFolder(settings.home, held.run)),
    })),
    adopted,
    isSpared: (of) => leftOut.has(of) || (isOwn && isBegunMeanwhile(of)),
  };
}

function standingIn(file: string): Standing {
  return readJournal(file).standing;
}
