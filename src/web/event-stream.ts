/**
 * Server-sent events: numbered, so that a browser that was away gets what it missed, or all anew where that is no more
 * known. Written on Node's response itself: a framework's stream waits for readers, and a sleeping one holds it.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** An event as it is sent: a name of ours, and what JSON can write. */
export interface Sent {
  name: string;
  data: unknown;
}

interface Kept {
  id: number;
  text: string;
}

/** The type of such a stream. */
export const EVENTS = 'text/event-stream; charset=utf-8';

const BEAT_MS = 2_000;
/** Bytes that wait for one reader. */
const BACKLOG = 256 * 1024;
/** Events, and characters of them, that are kept for who comes again. */
const KEPT = 400;
const KEPT_CHARACTERS = 1024 * 1024;
const MOST_READERS = 64;

export class EventStream {
  /** Numbers of another start of pglab mean nothing. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #readers = new Set<ServerResponse>();
  /** What may wait for a reader who has only just come: the snapshot is on top. */
  readonly #allowed = new WeakMap<ServerResponse, number>();
  readonly #snapshot: () => readonly Sent[];
  readonly #isWhole: boolean;
  readonly #beat: NodeJS.Timeout;
  #kept: Kept[] = [];
  #characters = 0;
  #last = 0;

  /**
   * `snapshot`: all that a browser needs that has nothing yet. `isWhole`: each event is as much, and none need be sent while
   * nobody reads: who comes again is sent all there is.
   */
  constructor(snapshot: () => readonly Sent[], { isWhole = false } = {}) {
    this.#snapshot = snapshot;
    this.#isWhole = isWhole;
    this.#beat = setInterval(() => this.#beatAll(), BEAT_MS).unref();
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** To all who read now, and to who was away for a while. */
  send(name: string, data: unknown): void {
    this.#last += 1;
    const text = textOf(`${this.#epoch}-${this.#last}`, { name, data });
    this.#kept.push({ id: this.#last, text });
    this.#characters += text.length;
    while (this.#kept.length > KEPT || this.#characters > KEPT_CHARACTERS)
      this.#characters -= this.#kept.shift()?.text.length ?? 0;
    for (const reader of this.#readers) this.#write(reader, text);
  }

  /** A reader from now on. `lastId`: its `Last-Event-ID`. False: there are too many, and it was not taken. */
  open(response: ServerResponse, lastId: string | undefined): boolean {
    if (this.#readers.size >= MOST_READERS) return false;
    response.writeHead(200, {
      'content-type': EVENTS,
      'x-accel-buffering': 'no',
    });
    // Before it reads itself: to see how all stands may send what has changed to who reads already.
    const missed = this.#missed(lastId) ?? this.#anew();
    this.#readers.add(response);
    response.on('close', () => this.#readers.delete(response));
    response.on('error', () => this.#readers.delete(response));
    this.#write(response, 'retry: 1000\n\n');
    const length = missed.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    this.#allowed.set(response, BACKLOG + length);
    for (const text of missed) this.#write(response, text);
    this.#write(response, textOf(null, { name: 'beat', data: Date.now() }));
    return true;
  }

  close(): void {
    clearInterval(this.#beat);
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  #missed(lastId: string | undefined): string[] | null {
    const [epoch, digits = ''] = (lastId ?? '').split('-');
    const last = Number(digits);
    if (this.#isWhole || epoch !== this.#epoch || !/^\d{1,15}$/.test(digits) || last > this.#last)
      return null;
    const first = this.#kept[0]?.id ?? this.#last + 1;
    return last + 1 < first ? null : this.#kept.filter(({ id }) => id > last).map(({ text }) => text);
  }

  /** The snapshot has the number of the last event: what it tells is in it. */
  #anew(): string[] {
    return this.#snapshot().map((sent) => textOf(`${this.#epoch}-${this.#last}`, sent));
  }

  #beatAll(): void {
    const text = textOf(null, { name: 'beat', data: Date.now() });
    for (const reader of this.#readers) this.#write(reader, text);
  }

  /** Who does not read is let go, and comes again where it can. */
  #write(reader: ServerResponse, text: string): void {
    reader.write(text);
    if (reader.writableLength <= BACKLOG) this.#allowed.delete(reader);
    if (reader.writableLength <= (this.#allowed.get(reader) ?? BACKLOG)) return;
    this.#readers.delete(reader);
    reader.destroy();
  }
}

/** JSON has no newline of its own: one line of data is enough. */
function textOf(id: string | null, { name, data }: Sent): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
