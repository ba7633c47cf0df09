/** Which matches a watch waits with: a container that has just started may be gone, or another thing, a moment later. */
import type { Container } from '../../engine/types.ts';
import type { LogStage } from '../../lab/service.ts';
import type { RunContext } from './context.ts';
import type { Wanted } from './meant.ts';
import { unlessGone } from './old-data.ts';
import type { Pair } from './pairs.ts';

/** `docker run` makes a container and starts it a moment later, on a busy machine seconds later. */
export const BEGINS_WITHIN_MS = 5_000;
/** A server that is set up for the first time takes less, unless the machine is busy: then it is taken as it is. */
const STARTS_WITHIN_MS = 20_000;

/**
 * Without those of containers that are about to start, and of those that are starting where another one runs under the
 * name already that fits no less, or where it must show first whether it found data.
 */
export async function settledPairs(
  context: RunContext,
  wanted: readonly Wanted[],
  candidates: readonly Container[],
  pairs: readonly Pair[],
): Promise<Pair[]> {
  const starting = await startingOf(context, candidates);
  const adoptions = context.world.adoptions();
  const isTaken = ({ id }: Container) => [...adoptions.values()].includes(id);
  const runsAsWell = ({ wanted: { name }, misfit }: Pair) =>
    candidates.some(
      ({ id, status }) => id === adoptions.get(name) && status === 'running' && !starting.has(id),
    ) &&
    !pairs.some(
      (pair) =>
        pair.wanted.name === name && pair.container.id === adoptions.get(name) && pair.misfit > misfit,
    );
  const asksForData = wanted.some(({ recognition }) => recognition.data !== undefined);
  const waits = new Set(
    [...starting].flatMap(([id, stage]) => {
      // In the order of how well they fit.
      const best = pairs.find(({ container }) => container.id === id);
      if (!best || best.wanted.recognition.ended || isTaken(best.container)) return [];
      return runsAsWell(best) || (asksForData && stage === null) ? [id] : [];
    }),
  );
  return pairs.filter(
    ({ container }) => !waits.has(container.id) && (isTaken(container) || !isAboutToStart(container)),
  );
}

function isAboutToStart({ status, error, created }: Container): boolean {
  return status === 'created' && error === '' && isWithin(BEGINS_WITHIN_MS, created);
}

/** The engine's clock may be ahead of this machine's. */
function isWithin(ms: number, since: string): boolean {
  return Math.abs(Date.now() - Date.parse(since)) < ms;
}

/** How far those have come that were started a moment ago and are not ready; null: they have said nothing yet. */
async function startingOf(
  { engine, lab }: RunContext,
  candidates: readonly Container[],
): Promise<Map<string, LogStage | null>> {
  const { service } = lab.settings;
  const starting = new Map<string, LogStage | null>();
  if (!service) return starting;
  const young = candidates.filter(
    ({ status, startedAt, env }) =>
      status === 'running' &&
      service.container.majorOf(env) !== null &&
      isWithin(STARTS_WITHIN_MS, startedAt),
  );
  await Promise.all(
    young.map(async ({ id, startedAt }) => {
      const log = await engine.logs(id, { since: startedAt }).catch(unlessGone);
      const stage = service.log.stage(log);
      // Until it sets up a database or has found one, it has not said which.
      const hasSaid = stage !== 'starting' || service.log.foundData(log);
      if (stage !== 'ready' && stage !== 'ending') starting.set(id, hasSaid ? stage : null);
    }),
  );
  return starting;
}
