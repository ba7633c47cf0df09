/** The engine's memory of a container: events of the past, of which it keeps the last 256. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Guard } from './answers.ts';
import { endWith, eventsOf } from './streams.ts';
import type { Container, EngineEvent } from './types.ts';

/** What it remembers it tells at once. */
const HISTORY_WITHIN_MS = 5_000;

/** What the engine remembers of a container, until its last start. */
export async function historyOf(
  docker: Docker,
  guard: Guard,
  { id, created, startedAt }: Container,
): Promise<EngineEvent[]> {
  // Never started: the engine would take year 1 for no end at all, and go on telling.
  if (Date.parse(startedAt) <= 0) return [];
  const filters = JSON.stringify({ type: ['container'], container: [id] });
  // The types know numbers only; the API also takes fractions of a second.
  const window = { since: stamp(created), until: stamp(startedAt), filters } as object;
  // The engine's clock was set back since: it knows of nothing between.
  if (Date.parse(startedAt) < Date.parse(created)) return [];
  const stream = (await guard(docker.getEvents(window))) as Readable;
  // Or its start lies ahead of that clock, and the engine would go on telling until then.
  endWith(stream, AbortSignal.timeout(HISTORY_WITHIN_MS));
  const events: EngineEvent[] = [];
  for await (const event of eventsOf(stream)) events.push(event);
  return events;
}

/** An RFC 3339 time as the API wants it: seconds, with all nine digits after the point. */
export function stamp(time: string): string {
  const nanoseconds = /\.(\d+)/.exec(time)?.[1] ?? '0';
  return `${Math.floor(Date.parse(time) / 1000)}.${nanoseconds.padEnd(9, '0')}`;
}
