/**
 * What the learner made or named as theirs, and the runs took for names: what of it a reset may take, and what stays.
 */
import type { Engine } from '../engine/types.ts';
import { isAnonymous, isNamedVolume } from '../engine/volumes.ts';
import type { Line } from '../journal/events.ts';
import type { Standing } from '../journal/standing.ts';
import type { PlanItem, Scope } from './reset-scope.ts';

interface Adopted {
  /** What `reset --adopted` takes. */
  goes: PlanItem[];
  /** What is there and stays whatever is asked for: it was there before, only came near, or somebody else uses it. */
  stays: PlanItem[];
}

/** Of these runs, all that is on the engine still. */
export async function adoptedThings(
  engine: Engine,
  { standings, names }: Pick<Scope, 'standings' | 'names'>,
): Promise<Adopted> {
  const told = standings.flatMap((standing) =>
    [...standing.tries.values()]
      .filter(({ line }) => names === null || names.has(line.name))
      .map(({ line, isTry }) => ({ thing: line, isGoing: mayGo(line, isTry), standing })),
  );
  if (told.length === 0) return { goes: [], stays: [] };
  const going = new Set(told.flatMap(({ thing, isGoing }) => (isGoing ? [thing.id] : [])));
  const there = new Set((await engine.volumes()).map(({ name }) => name));
  const goes: PlanItem[] = [];
  const stays: PlanItem[] = [];
  const volumes = new Map<string, { item: PlanItem; isMeant: boolean }>();
  const meetVolume = (source: string, thing: Line<'adopted'>, isMeant: boolean, run: string) => {
    if (!there.has(source)) return;
    const item = itemOf('volume', source, source, thing, run);
    volumes.set(source, { item, isMeant: isMeant || (volumes.get(source)?.isMeant ?? false) });
  };
  for (const { thing, isGoing, standing } of told) {
    const run = standing.begun?.run ?? '';
    if (thing.kind === 'volume') {
      meetVolume(thing.id, thing, isGoing && isTheirsAlone(thing, thing.id, standing), run);
      continue;
    }
    // Without its container nobody else knows of it.
    if (thing.volume !== null && isAnonymous(thing.volume)) meetVolume(thing.volume, thing, isGoing, run);
    const container = await engine.container(thing.id);
    if (!container) continue;
    (isGoing ? goes : stays).push(itemOf('container', thing.id, container.name, thing, run));
    for (const { source } of container.mounts.filter(isNamedVolume))
      meetVolume(source, thing, isGoing && isTheirsAlone(thing, source, standing), run);
  }
  for (const { item, isMeant } of volumes.values()) {
    const users = isMeant ? await engine.usersOf(item.id) : [];
    (isMeant && users.every((id) => going.has(id)) ? goes : stays).push(item);
  }
  return { goes, stays };
}

/** What only came near may be anything, unless it was a try by hand, or the learner said that it is theirs. */
function mayGo({ near, how }: Line<'adopted'>, isTry: boolean): boolean {
  return !near || isTry || how === 'said';
}

/** Whether this named volume was made in the run, or the learner said that it is theirs. */
function isTheirsAlone(thing: Line<'adopted'>, volume: string, standing: Standing): boolean {
  const isSaid = thing.volumes?.includes(volume) || (thing.kind === 'volume' && thing.how === 'said');
  return isSaid || standing.isMadeInRun('volume', volume);
}

function itemOf(
  kind: 'container' | 'volume',
  id: string,
  name: string,
  thing: Line<'adopted'>,
  run: string,
): PlanItem {
  return { kind, id, name, run, worldName: thing.name, why: 'adopted', size: null };
}
