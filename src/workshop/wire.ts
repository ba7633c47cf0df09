/**
 * How the two ends of a seat's wire speak once its connection is open: a line of JSON each. What a seat says is one deflate
 * stream (RFC 1951), flushed with each line, so that a word costs its bytes only once; what a board says is plain.
 */
import { constants } from 'node:zlib';

/** The name by which an HTTP connection becomes a wire (RFC 9110, 7.8). */
export const UPGRADE = 'pglab-wire';

/** Both ends keep 8 KB: a walk gets no smaller by more, and a board has a thousand of them. */
const WINDOW = { windowBits: 13, chunkSize: 4 * 1024 } as const;
export const PACKING = { ...WINDOW, memLevel: 6, flush: constants.Z_SYNC_FLUSH } as const;
export const UNPACKING = { ...WINDOW, flush: constants.Z_SYNC_FLUSH } as const;

const NEWLINE = 0x0a;

/**
 * Takes a stream apart, however it is cut: `take` is called with each whole line. What is left at its end was torn, and
 * nobody's. Throws a `LineTooLong` before more than `longest` bytes of a line are held.
 */
export function lineReader(longest: number, take: (line: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let length = 0;
  const hold = (part: Buffer) => {
    length += part.length;
    if (length > longest) throw new LineTooLong();
    held.push(part);
  };
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      hold(chunk.subarray(from, end));
      const line = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
      [held, length, from] = [[], 0, end + 1];
      take(line);
    }
    // A copy: the stream's own buffer may be larger by far.
    if (from < chunk.length) hold(Buffer.from(chunk.subarray(from)));
  };
}

export class LineTooLong extends Error {
  constructor() {
    super('a line is too long');
  }
}
