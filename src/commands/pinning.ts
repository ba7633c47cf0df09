/** Writes down the engine that a run is on, and what was there when it began. */
import type { Place } from '../engine/place.ts';
import type { Engine } from '../engine/types.ts';
import type { JournalEvent } from '../journal/events.ts';
import { isPinnedTo, requireSameEngine } from '../journal/pin.ts';
import type { Told } from '../journal/record.ts';

/** Trouble `engine-changed`, `engine-replaced` where the run is another engine's. */
export async function* pinEngine(
  { journal: { standing }, run }: { journal: Told; run: string },
  engine: Engine,
  { is }: Pick<Place, 'is'>,
): AsyncGenerator<JournalEvent> {
  requireSameEngine(run, standing, engine);
  // A journal begins before its engine is known: what was there is told when it first comes to one.
  const isFirst = standing.pin === null || !isPinnedTo(standing, engine);
  yield {
    ...{ type: 'engine-pinned', engine: engine.info, root: engine.root, local: is === 'here' },
    ...(isFirst && { there: await thereOn(engine) }),
  };
}

/** The ids of all that is on the engine: made in this run is what is not among them. */
async function thereOn(engine: Engine) {
  const [containers, volumes, networks] = await Promise.all([
    engine.listed(),
    engine.volumes(),
    engine.networks({}),
  ]);
  const ids = (things: readonly { id: string }[]) => things.map(({ id }) => id);
  return { containers: ids(containers), volumes: volumes.map(({ name }) => name), networks: ids(networks) };
}
