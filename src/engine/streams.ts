/** What the engine sends as streams: logs, whole or followed, and events. */
import { PassThrough, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import { toEvent } from './normalise.ts';

export async function* logLines(docker: Docker, raw: Readable, signal: AbortSignal): AsyncIterable<string> {
  const lines = new PassThrough().setEncoding('utf8');
  docker.modem.demuxStream(raw, lines, lines);
  raw.on('end', () => lines.end()).on('error', () => lines.end());
  endWith(raw, signal);
  raw.on('close', () => lines.end());
  let rest = '';
  for await (const text of lines) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest) yield rest;
}

export async function* eventsOf(stream: Readable) {
  let rest = '';
  try {
    for await (const chunk of stream) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const event = part.trim() === '' ? null : toEvent(JSON.parse(part));
        if (event) yield event;
      }
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

/** A whole multiplexed log (8 bytes of header a frame, as the API documents it) as text. */
export function demultiplexed(raw: Buffer): string {
  let text = '';
  for (let at = 0; at + 8 <= raw.length; ) {
    const size = raw.readUInt32BE(at + 4);
    text += raw.toString('utf8', at + 8, at + 8 + size);
    at += 8 + size;
  }
  return text;
}
