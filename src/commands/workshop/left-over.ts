/** A fresh look, after a reset, at what this home's runs left on the engine: by label, and by the ids that they adopted. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesFolder, homeIdIn, journalFile, runsOf } from '../../home.ts';
import type { JournalEvent } from '../../journal/events.ts';
import { passesIn } from '../../journal/passes.ts';
import { requireSameEngine } from '../../journal/pin.ts';
import { readJournal } from '../../journal/read.ts';
import { isSlug } from '../../names.ts';
import { Trouble } from '../../trouble.ts';
import { adoptedThings } from '../../world/adopted-things.ts';
import { labelledThings } from '../../world/reset-plan.ts';
import { engineFor } from '../reach-engine.ts';
import type { Settings } from '../settings.ts';

type Proved = Extract<JournalEvent, { type: 'proved' }>;
/** What a look found; all zero and no trouble is the proof. */
export type LeftOver = Pick<Proved, 'engine' | 'left' | 'trouble'>;

const NOTHING = { containers: 0, volumes: 0, networks: 0, folders: 0 };

/** That nobody could look is an answer, too. `before`: why the reset itself did not come to its end. */
export async function lookForLeftOver(settings: Settings, before: Trouble | null): Promise<LeftOver> {
  try {
    return { ...(await countLeft(settings)), trouble: before?.code ?? null };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { engine: null, left: NOTHING, trouble: error.code };
  }
}

async function countLeft(settings: Settings): Promise<Omit<LeftOver, 'trouble'>> {
  // A connection of its own: what an earlier one had heard counts for nothing.
  const engine = await engineFor(settings);
  const { home } = settings;
  // What a run that goes on has made may be on another engine, which this one knows nothing of.
  for (const run of runsOf(home))
    requireSameEngine(run, readJournal(journalFile(home, run)).standing, engine);
  const folders = runFolders(home);
  const standings = folders.flatMap((folder) => passesIn(folder).map((file) => readJournal(file).standing));
  const id = homeIdIn(home);
  const labelled = (await labelledThings(engine)).filter((each) => each.home === id);
  const adopted = (await adoptedThings(engine, { standings, names: null })).goes;
  const things = [...labelled, ...adopted];
  const count = (kind: string) => things.filter((each) => each.kind === kind).length;
  return {
    engine: engine.info.id,
    left: {
      ...{ containers: count('container'), volumes: count('volume'), networks: count('network') },
      folders: folders.filter((folder) => existsSync(filesFolder(folder))).length,
    },
  };
}

/** Of all runs, also those that were put away. */
function runFolders(home: string): string[] {
  const folder = join(home, 'runs');
  const names = existsSync(folder) ? readdirSync(folder).filter(isSlug) : [];
  return names.map((name) => join(folder, name));
}
