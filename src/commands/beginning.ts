/** Begins the run for verbs that only read, too: what the learner makes afterwards then counts as made in this run. */
import { setTimeout as delay } from 'node:timers/promises';
import { placeOf } from '../engine/place.ts';
import type { Standing } from '../journal/standing.ts';
import { Trouble } from '../trouble.ts';
import { wrap } from '../wrap.ts';
import type { Desk } from './desk.ts';
import { type OpenRun, openRun } from './open-run.ts';
import { pinEngine } from './pinning.ts';
import { chosenOf, endpointOf } from './reach-engine.ts';
import { whichEngine } from './which-engine.ts';

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

/** Writes down what is on the engine now, where one answers at once. Of several that nobody named it asks which. */
export async function pinIfItAnswers(desk: Desk, open: OpenRun): Promise<void> {
  if (open.journal.standing.pin !== null) return;
  const { settings, screen, content } = desk;
  const found = await orNull(endpointOf(settings));
  if (!found) return;
  const { endpoint, said } = await chosenOf(found, (engines) => whichEngine(desk, engines));
  if (said) {
    open.journal.append(said);
    const text = content.say('notes', said.note, said.values);
    for (const [at, line] of wrap(text, screen.columns - 2).entries())
      screen.line(screen.paint('yellow', `${at === 0 ? '·' : ' '} ${line}`));
  }
  const { connectEngine } = await import('../engine/connect.ts');
  const engine = orNull(connectEngine(endpoint));
  const answering = await Promise.race([engine, delay(ANSWERS_WITHIN_MS, null, { ref: false })]);
  if (!answering) return;
  const place = await placeOf(answering, settings.publishedHost);
  for await (const event of pinEngine(open, answering, place)) open.journal.append(event);
}

/** No engine is no obstacle to reading. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error) => {
    if (error instanceof Trouble) return null;
    throw error;
  });
}
