/** Begins the run for verbs that only read, too: what the learner makes afterwards then counts as made in this run. */
import { setTimeout as delay } from 'node:timers/promises';
import { placeOf } from '../engine/place.ts';
import type { Engine } from '../engine/types.ts';
import type { Standing } from '../journal/standing.ts';
import { Trouble } from '../trouble.ts';
import type { Desk } from './desk.ts';
import { type OpenRun, openRun } from './open-run.ts';
import { pinEngine } from './pinning.ts';
import { engineFor } from './reach-engine.ts';

/** A running engine answers within milliseconds, or seconds beside thirty others; one that is down refuses at once. */
const ANSWERS_WITHIN_MS = 5_000;

/** A run as it stands once it has begun; `run` null where there is none. */
interface Begun {
  run: string | null;
  standing: Standing;
}

/**
 * Begins the run, if it has not begun on an engine. Reading needs neither an engine nor a home that can be written:
 * without, what was known before is returned.
 */
export async function begun(desk: Desk): Promise<Begun> {
  const before = { run: desk.run, standing: desk.reading.standing };
  if (before.standing.pin !== null) return before;
  let open: OpenRun | null = null;
  try {
    open = await openRun(desk);
    await pinIfItAnswers(desk, open);
    return { run: open.run, standing: open.journal.standing };
  } catch (error) {
    // Another process may have the run, and begins it.
    if (!(error instanceof Trouble)) throw error;
    return open ? { run: open.run, standing: open.journal.standing } : before;
  } finally {
    open?.close();
  }
}

/** Writes down what is on the engine now, where one answers at once. */
export async function pinIfItAnswers({ settings }: Desk, open: OpenRun): Promise<void> {
  if (open.journal.standing.pin !== null) return;
  const engine: Promise<Engine | null> = engineFor(settings).catch((error) => {
    if (error instanceof Trouble) return null;
    throw error;
  });
  const found = await Promise.race([engine, delay(ANSWERS_WITHIN_MS, null, { ref: false })]);
  if (!found) return;
  const place = await placeOf(found, settings.publishedHost);
  for await (const event of pinEngine(open, found, place)) open.journal.append(event);
}
