/** The file of a journal, as bytes: each line is written whole and flushed, or not at all. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeOwnFolder, openOwn } from '../own-files.ts';
import { homeTrouble, Trouble } from '../trouble.ts';

const NEWLINE = 0x0a;
/** A block of a file system: what is kept free beside the journal for a line that must find room on a full disk. */
const SPARE = 4_096;

export interface LineFile {
  /**
   * Appends a line, or several with newlines between them, given without the last newline. Trouble `home-full` and
   * `home-unwritable` where it cannot be written, `home-gone` where the file was removed meanwhile; after trouble of the
   * first two nothing of it is there.
   * `spare`: it may take the room that is kept free, which no other line does.
   */
  append(line: string, spare?: boolean): void;
  close(): void;
}

/** Opens a file for appending behind its first `whole` bytes; what comes after them was torn off, and goes. */
export function openLineFile(file: string, whole: number): LineFile {
  const descriptor = opened(file, whole);
  const spare = join(dirname(file), 'spare');
  keepFree(spare);
  let position = whole;
  let missingNewline = endsWithNewline(descriptor, position) ? '' : '\n';
  return {
    append(line, mayUseSpare = false) {
      const bytes = Buffer.from(`${missingNewline}${line}\n`);
      try {
        write(descriptor, bytes, position);
      } catch (cause) {
        if (!mayUseSpare) throw homeTrouble(file, cause);
        rmSync(spare, { force: true });
        try {
          write(descriptor, bytes, position);
        } catch (still) {
          throw homeTrouble(file, still);
        }
      }
      position += bytes.length;
      missingNewline = '';
      if (fstatSync(descriptor).nlink === 0) throw new Trouble('home-gone', { file });
    },
    close: () => closeSync(descriptor),
  };
}

function opened(file: string, whole: number): number {
  try {
    makeOwnFolder(dirname(file));
    const descriptor = openOwn(file, constants.O_RDWR | constants.O_CREAT);
    ftruncateSync(descriptor, whole);
    return descriptor;
  } catch (cause) {
    throw homeTrouble(file, cause);
  }
}

/** Writes all of it, flushed, or fails. On a disk that runs full a write may take only a part, and is no error. */
function write(descriptor: number, bytes: Buffer, position: number): void {
  try {
    for (let done = 0; done < bytes.length; )
      done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
    fsyncSync(descriptor);
  } catch (error) {
    cutBack(descriptor, position);
    throw error;
  }
}

/** Reserves the block. On a disk that is full already nothing is reserved, and nothing is said. */
function keepFree(spare: string): void {
  try {
    writeFileSync(spare, Buffer.alloc(SPARE), { flag: 'wx', mode: 0o600 });
  } catch {}
}

/** Cuts off the part of a line that was written. Where that fails too, the next reader leaves the part out. */
function cutBack(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {}
}

function endsWithNewline(descriptor: number, length: number): boolean {
  if (length === 0) return true;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, length - 1);
  return last[0] === NEWLINE;
}
