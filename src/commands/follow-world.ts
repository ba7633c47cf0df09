/** The world of a run that goes on, looked at each time that the engine tells of a change, and at a beat between. */
import { setTimeout as delay } from 'node:timers/promises';
import { placeOf } from '../engine/place.ts';
import type { WorldMap } from '../map/map-schema.ts';
import { projectionOf } from '../map/projection.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { Bell, ringAtEvents } from './bell.ts';
import type { Desk } from './desk.ts';
import { surveyorOf } from './surveying.ts';

/** For what no event tells: a server that is ready, somebody who connects. */
const HEARTBEAT_MS = 2_000;
/** A survey asks the engine much: what is judged at the same event comes first. */
const AFTER_CHECKS_MS = 150;

/** `isSeen`: somebody looks at it. The returned function stops it. */
export function followWorld(
  desk: Desk,
  context: RunContext,
  { see, isSeen }: { see: (world: WorldMap) => void; isSeen: () => boolean },
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const follow = async () => {
    while (!signal.aborted) {
      // An engine that does not answer is told of by the step itself; the map waits until it does.
      await followOnce(desk, context, see, isSeen, signal).catch(() =>
        delay(HEARTBEAT_MS, null, { ref: false }),
      );
    }
  };
  void follow();
  return () => stop.abort();
}

async function followOnce(
  { settings, content }: Desk,
  { engine, lab, journal, owner }: RunContext,
  see: (world: WorldMap) => void,
  isSeen: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { is, host } = await placeOf(engine, settings.publishedHost);
  const known = () => ({ owner, standing: journal.standing });
  const surveyor = surveyorOf({ engine, lab, known, place: { is, host }, content });
  const bell = new Bell();
  const ring = () => bell.ring();
  const heartbeat = setInterval(ring, HEARTBEAT_MS);
  const events = new AbortController();
  const end = () => {
    events.abort();
    ring();
  };
  signal.addEventListener('abort', end, { once: true });
  ringAtEvents(engine, bell, events.signal);
  try {
    while (!signal.aborted) {
      const clients = !bell.isUrgent;
      bell.rest();
      if (isSeen()) see(projectionOf(await surveyor.look({ clients })));
      await bell.rung();
      await delay(AFTER_CHECKS_MS, null, { ref: false });
    }
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', end);
    events.abort();
  }
}
