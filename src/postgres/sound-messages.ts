/**
 * What a server says, message by message, held against the form that Postgres' protocol gives it. pg trusts each: one
 * byte that is missing from an error keeps it busy for ever, and what it cannot read is thrown where nobody catches it.
 */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

/** One byte that says what it is, and four with its length, which counts itself. */
const HEAD = 5;
const LENGTH_ITSELF = 4;
/** Bytes: the longest that we listen to, as in all of an answer. */
const LONGEST = 4_000_000;
/** The letters by which a server of protocol 3 begins a message. */
const KINDS = new Set([...'RSKZTDCENAGHWIdcnstv123'].map((letter) => letter.charCodeAt(0)));

const ERROR = 'E'.charCodeAt(0);
const NOTICE = 'N'.charCodeAt(0);
const ROW = 'D'.charCodeAt(0);
const NULL_CELL = -1;
const OUT_OF_FORM = new Error('an error without a length');

/**
 * The same data as from this stream, whole messages only; `broken` is called once, at the first that is none, and
 * where its reader throws. `outOfForm`: it is an error as a server writes it that cannot begin a process for us, as text
 * without a length.
 */
export function soundMessages(stream: Duplex, broken: (outOfForm: boolean) => void): NodeJS.ReadableStream {
  const sound = new EventEmitter();
  let parts: Buffer[] = [];
  let size = 0;
  /** Bytes until there is something to read: who sends a long message byte by byte has it put together once. */
  let needed = HEAD;
  let isBroken = false;
  stream.on('end', () => sound.emit('end'));
  stream.on('data', (data: Buffer) => {
    parts.push(data);
    size += data.length;
    if (isBroken || size < needed) return;
    try {
      const left = passOn(Buffer.concat(parts), sound);
      parts = [left.rest];
      size = left.rest.length;
      needed = left.needed;
    } catch (error) {
      isBroken = true;
      broken(error === OUT_OF_FORM);
    }
  });
  return sound as unknown as NodeJS.ReadableStream;
}

/** Emits each message that is whole; returns the rest, and how long it must be. Throws at what is no message. */
function passOn(heard: Buffer, sound: EventEmitter): { rest: Buffer; needed: number } {
  let at = 0;
  while (heard.length - at >= HEAD) {
    const kind = heard[at] as number;
    const length = heard.readUInt32BE(at + 1);
    if (kind === ERROR && length > LONGEST) throw OUT_OF_FORM;
    if (!KINDS.has(kind) || length < LENGTH_ITSELF || length > LONGEST) throw new Error('no message');
    const end = at + 1 + length;
    if (end > heard.length) return { rest: heard.subarray(at), needed: 1 + length };
    if (!isSound(kind, heard.subarray(at + HEAD, end))) throw new Error('not the form of its kind');
    sound.emit('data', heard.subarray(at, end));
    at = end;
  }
  return { rest: heard.subarray(at), needed: HEAD };
}

/** Of those kinds that would be read beyond their end, or without end. */
function isSound(kind: number, body: Buffer): boolean {
  if (kind === ERROR || kind === NOTICE) return areFields(body);
  return kind !== ROW || areCells(body);
}

/** Each a letter and a text that ends with a zero; one more zero ends them all. */
function areFields(body: Buffer): boolean {
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    if (end < 0) return false;
    at = end + 1;
  }
  return at === body.length - 1;
}

/** Their number, and each a length, or that it is null, and so many bytes. */
function areCells(body: Buffer): boolean {
  if (body.length < 2) return false;
  let at = 2;
  for (let cells = body.readInt16BE(0); cells > 0; cells -= 1) {
    if (at + 4 > body.length) return false;
    const length = body.readInt32BE(at);
    if (length < NULL_CELL) return false;
    at += 4 + Math.max(length, 0);
  }
  return at === body.length;
}
