/**
 * Whose a container is that carries no run's label. Nothing about it tells that it is the learner's: only that
 * it was not there when the run began, or their own word.
 */
import { dirname } from 'node:path';
import type { Engine, ListedContainer } from '../../engine/types.ts';
import { journalFile, runsOf } from '../../home.ts';
import { adoptedIn } from '../../journal/mentions.ts';
import { isId, LABEL } from '../../names.ts';
import { Trouble } from '../../trouble.ts';
import type { RunContext } from './context.ts';

/**
 * `there-before`: anybody's, as far as we know. It is judged, and nothing else: no command runs in it, and no
 * reset takes it.
 */
export type Whose = 'said' | 'made-in-run' | 'there-before';

/** Whose a container is. One that the journal has adopted stays whose it was then. */
export function whoseIs({ said, journal }: Pick<RunContext, 'said' | 'journal'>, id: string): Whose {
  if (said.has(id)) return 'said';
  const { standing } = journal;
  const isAdopted = [...standing.things.adoptions().values()].includes(id);
  return isAdopted || standing.isMadeInRun('container', id) ? 'made-in-run' : 'there-before';
}

/**
 * Ids of the containers and names of the volumes that these words mean: names first, then ids. Trouble
 * `adopt-unknown` where nothing goes by it, `adopt-ours` where pglab made it, `adopt-unclear` for several.
 */
export async function meantBy(engine: Engine, words: readonly string[]): Promise<Set<string>> {
  if (words.length === 0) return new Set();
  const [containers, volumes] = await Promise.all([engine.listed(), engine.volumes()]);
  const meant = words.map((word) => {
    const things = [
      ...containers.filter(({ id, name }) => name === word || (isId(word) && id.startsWith(word))),
      ...volumes.filter(({ name }) => name === word).map(({ name, labels }) => ({ id: name, labels })),
    ];
    const [only] = things;
    if (!only) throw new Trouble('adopt-unknown', { name: word });
    if (things.length > 1) throw new Trouble('adopt-unclear', { name: word, count: things.length });
    if (LABEL.run in only.labels) throw new Trouble('adopt-ours', { name: word });
    return only.id;
  });
  return new Set(meant);
}

/** Ids of these that another run of this home has taken for its own: side by side, each has what was made for it. */
export function takenByOthers({ folder, owner }: RunContext, candidates: readonly ListedContainer[]) {
  const home = dirname(dirname(folder));
  const ids = candidates.map(({ id }) => id);
  const others = ids.length === 0 ? [] : runsOf(home).filter((run) => run !== owner.run);
  return new Set(others.flatMap((run) => adoptedIn(journalFile(home, run), ids)));
}
