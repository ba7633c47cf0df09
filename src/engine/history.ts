/** The engine's memory of a container: events of the past, of which it keeps the last 256. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Guard } from './answers.ts';
import { endWith, eventsOf } from './streams.ts';
import type { Container, EngineEvent } from './types.ts';

/** The engine tells past events at once; longer than this is not waited for. */
const HISTORY_WITHIN_MS = 5_000;

/** What the engine remembers of a container, until its last start. */
export async function historyOf(
  docker: Docker,
  guard: Guard,
  { id, created, startedAt }: Container,
  podman: boolean,
): Promise<EngineEvent[]> {
  // Never started: the engine would take year 1 for no end at all, and go on telling.
  if (Date.parse(startedAt) <= 0) return [];
  // The engine's clock was set back since: it knows of nothing between.
  if (Date.parse(startedAt) < Date.parse(created)) return [];
  const filters = JSON.stringify({ type: ['container'], container: [id] });
  const since = stamp(created);
  // Podman stops reading its log at once where an end has passed already: it is asked for no end, and to end by itself.
  const window = podman ? { since, stream: false } : { since, until: stamp(startedAt) };
  // The types know numbers only; the API also takes fractions of a second.
  const stream = (await guard(docker.getEvents({ ...window, filters } as object))) as Readable;
  // Or its start lies ahead of that clock, and the engine would go on telling until then.
  endWith(stream, AbortSignal.timeout(HISTORY_WITHIN_MS));
  const events: EngineEvent[] = [];
  for await (const event of eventsOf(stream)) events.push(event);
  return podman ? untilStart(events) : events;
}

/**
 * Whether somebody was attached at the last start, or at any, by the actions before the last one: an attach counts
 * between the making, or the end before, and the start. Null: the engine no longer remembers.
 */
export function wasAttached(actions: readonly string[], at: 'last-start' | 'any-start'): boolean | null {
  let isKnown = false;
  let isAttached = false;
  let wasEver = false;
  for (const action of actions) {
    if (action === 'create' || action === 'die') {
      isKnown = true;
      isAttached = false;
    }
    if (action === 'start') wasEver ||= isAttached;
    isAttached ||= action === 'attach';
  }
  if (at === 'last-start') return isKnown ? isAttached : null;
  return wasEver || isAttached || (actions.includes('create') ? false : null);
}

/** The events before the last start. Empty where none of them is a start: the engine's log was cut, or broke off. */
function untilStart(events: EngineEvent[]): EngineEvent[] {
  const start = events.findLastIndex(({ action }) => action === 'start');
  return events.slice(0, Math.max(0, start));
}

/** An RFC 3339 time as the API wants it: seconds, with all nine digits after the point. */
export function stamp(time: string): string {
  const nanoseconds = /\.(\d+)/.exec(time)?.[1] ?? '0';
  return `${Math.floor(Date.parse(time) / 1000)}.${nanoseconds.padEnd(9, '0')}`;
}
