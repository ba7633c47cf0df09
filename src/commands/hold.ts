/** Takes hold of the runs that a reset is about: nobody else may write them meanwhile. */
import { existsSync, rmdirSync } from 'node:fs';
import type { Engine } from '../engine/types.ts';
import { journalFile, runFolder } from '../home.ts';
import type { JournalEvent } from '../journal/events.ts';
import { requireSameLab } from '../journal/lab-of-run.ts';
import { isReplaced, requireSameEngine } from '../journal/pin.ts';
import { readJournal } from '../journal/read.ts';
import { type Journal, openJournal } from '../journal/record.ts';
import { saidOf } from '../lab/languages.ts';
import { takeLock } from '../lock.ts';
import { Trouble } from '../trouble.ts';
import type { ResetOutcome } from '../world/removal.ts';
import type { PlanItem } from '../world/reset-scope.ts';
import type { Desk } from './desk.ts';

interface Held {
  run: string;
  /** Null: there is none, and labels alone tell what the run made. */
  journal: Journal | null;
  unlock: () => void;
}

export interface Locked {
  open: readonly Held[];
  /** Runs that are not ours to reset now (somebody writes them, they are on another engine), and why. */
  leftOut: Map<string, Trouble>;
  /** Appends to the journal where one run is reset; of several, each journal is archived as it was. */
  append: (happened: readonly JournalEvent[]) => void;
  /**
   * Appends `reset-begun` to each journal, before anything is removed. A full disk does not stop it: a reset makes
   * room.
   */
  announce: (planned: number, steps: { ids: string[]; named: string[] } | null) => void;
  /** Appends `reset-ended` to each journal, with what became of that run's things. */
  conclude: (outcome: ResetOutcome, kept: readonly PlanItem[]) => void;
  close(): void;
}

/** Opens the journals of these runs for writing; the only one that is meant must be had. */
export function lockAll(desk: Desk, engine: Engine, runs: readonly string[], areMany: boolean): Locked {
  const leftOut: Locked['leftOut'] = new Map();
  const open: Held[] = [];
  for (const run of runs) {
    try {
      open.push(hold(desk, engine, run, areMany));
    } catch (error) {
      if (!areMany || !(error instanceof Trouble)) throw error;
      leftOut.set(run, error);
    }
  }
  return {
    open,
    leftOut,
    append: (happened) => {
      const [only] = open;
      if (only && open.length === 1 && happened.length > 0) only.journal?.appendAll(happened);
    },
    announce(planned, steps) {
      const event: JournalEvent = {
        ...{ type: 'reset-begun', planned },
        ...(steps && { steps: steps.ids, named: steps.named }),
      };
      for (const { journal } of open) ifThereIsRoom(() => journal?.append(event));
    },
    conclude(outcome, kept) {
      for (const { run, journal } of open) {
        if (!journal) continue;
        const told = endOf(outcome, kept, open.length === 1 ? null : run);
        ifThereIsRoom(() => journal.append({ ...told, leftOut: [...leftOut.keys()] }));
      }
    },
    close() {
      for (const { journal, unlock } of open) {
        journal?.close();
        unlock();
      }
    },
  };
}

/** What became of a run's things; null: of all, where only one run was meant. */
function endOf(
  { removed, failed, left }: ResetOutcome,
  kept: readonly PlanItem[],
  run: string | null,
): Omit<Extract<JournalEvent, { type: 'reset-ended' }>, 'leftOut'> {
  const isOfRun = (item: PlanItem) => run === null || item.run === run;
  const asTold = ({ kind, name, id }: PlanItem) => ({ kind, name, id });
  return {
    type: 'reset-ended',
    removed: removed.filter(isOfRun).length,
    left: [...failed.map(({ item }) => item), ...left].filter(isOfRun).map(asTold),
    kept: kept.filter(isOfRun).map(({ kind, worldName, id }) => ({ kind, name: worldName, id })),
  };
}

function hold({ settings, folders }: Desk, engine: Engine, run: string, isOneOfMany: boolean): Held {
  const folder = runFolder(settings.home, run);
  const isThere = existsSync(folder);
  const lock = takeLock(folder, run);
  const unlock = () => {
    lock.release();
    if (!isThere) removeIfEmpty(folder);
  };
  try {
    const file = journalFile(settings.home, run);
    if (!existsSync(file)) return { run, journal: null, unlock };
    const isNamed = !isOneOfMany && settings.run !== null;
    const { standing } = readJournal(file);
    if (!isOneOfMany) requireSameLab(run, folders.id, standing);
    // What it made lies on the engine it began on. Where that is gone for good, a run that is named may go.
    if (!(isNamed && isReplaced(standing, engine))) requireSameEngine(run, standing, engine);
    return { run, journal: openJournal(file, settings.participant, lock.isHeld), unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Removes the folder that taking the lock made, unless somebody has begun the run in it since. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}

/** Writes, or goes on without: a removal counts also where the disk has no room for its line. */
export function ifThereIsRoom(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  }
}

/** One line for each run that is left out, with the reason. */
export function whyLeftOut({ content }: Desk, { leftOut }: Pick<Locked, 'leftOut'>): string {
  const lines = [...leftOut].map(([run, { code, values }]) =>
    saidOf(content.language, run, content.say('troubles', code, values, 'message')),
  );
  return lines.join('\n');
}
