/** What the engine sends as streams: logs, the progress of a pull, events. However long, little of it is kept. */
import type { Readable } from 'node:stream';
import { spokenIn } from './frames.ts';
import { toEvent } from './normalise.ts';

/** Characters. Docker itself cuts lines of a log at 16 KB. */
const LONGEST_LINE = 64_000;
/** Characters: an event has all labels of its container in it. */
const LONGEST_OBJECT = 1_000_000;

/** Lines as they come, the last one without its newline too; those that are too long come in pieces. */
async function* linesOf(texts: AsyncIterable<string>, longest = LONGEST_LINE): AsyncIterable<string> {
  let rest = '';
  for await (const text of texts) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
    if (rest.length > longest) {
      yield rest;
      rest = '';
    }
  }
  if (rest) yield rest;
}

export async function* logLines(raw: Readable, signal: AbortSignal): AsyncIterable<string> {
  endWith(raw, signal);
  const texts = async function* () {
    try {
      for await (const { text } of spokenIn(raw)) yield text;
    } catch {
      // Ended by the signal, or with its engine: whether that is gone is for the next question to say.
    }
  };
  yield* linesOf(texts());
}

/**
 * JSON, one object a line, as the engine tells of what goes on. What cannot be read, or is too long, is passed over.
 */
export async function* objectsOf<T>(stream: Readable): AsyncIterable<T> {
  stream.setEncoding('utf8');
  for await (const line of linesOf(stream, LONGEST_OBJECT)) {
    const object = objectIn(line);
    if (object !== null) yield object as T;
  }
}

function objectIn(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

export async function* eventsOf(stream: Readable) {
  try {
    for await (const raw of objectsOf<Parameters<typeof toEvent>[0]>(stream)) {
      const event = toEvent(raw);
      if (event) yield event;
    }
  } catch (error) {
    // A stream that we destroyed ourselves ends with an error of its own; that is an end, no fault.
    if (!stream.destroyed) throw error;
  }
}

/** Ends a stream when the signal comes. */
export function endWith(stream: Readable, signal: AbortSignal): void {
  stream.on('error', () => {});
  if (signal.aborted) {
    stream.destroy();
    return;
  }
  const end = () => stream.destroy();
  signal.addEventListener('abort', end, { once: true });
  stream.on('close', () => signal.removeEventListener('abort', end));
}
