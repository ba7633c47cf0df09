/** Files of a lab, which may be anybody's: of a huge one no more is read than is needed, of a device or a pipe nothing. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** Bytes: a chapter of prose has a few thousand. */
const LONGEST_TEXT = 4_000_000;
/** Bytes of a file by which it is known from others, beside its size. */
const LONGEST_KNOWN = 16_000_000;

/** The text of a plain file; an error, which says why, for what is none, or too long for prose. */
export function plainText(file: string): string {
  return opened(file, (descriptor, size) => {
    if (size > LONGEST_TEXT) throw new Error(`it has more than ${LONGEST_TEXT / 1e6} MB`);
    return readFileSync(descriptor, 'utf8');
  });
}

/** What tells a plain file from another: its bytes, of a large one the first, and how many there are. */
export function knownBy(file: string): { size: number; bytes: Buffer } {
  return opened(file, (descriptor, size) => {
    const bytes = Buffer.alloc(Math.min(size, LONGEST_KNOWN));
    return { size, bytes: bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0)) };
  });
}

function opened<T>(file: string, use: (descriptor: number, size: number) => T): T {
  // A pipe would be waited for until somebody writes into it.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new Error('it is no plain file');
    return use(descriptor, found.size);
  } finally {
    closeSync(descriptor);
  }
}
