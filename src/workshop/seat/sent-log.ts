/**
 * What left this machine, kept as it was sent: a line a message, in `sent.jsonl` beside the seat file, bounded. A message
 * that is tried again is the same one.
 */
import { closeSync, constants, fstatSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../journal/shapes.ts';
import { linesOfOwn, openOwn } from '../../own-files.ts';
import { seatFolder } from './seat-file.ts';

/** Bytes of a file of it; the one before is kept, too. A whole walk is a fiftieth. */
const MOST_BYTES = 1_000_000;
const LONGEST_LINE = 300_000;

export interface SentMessage {
  /** RFC 3339, by this machine's clock. */
  at: string;
  /** `192.168.1.20:8750` */
  to: string;
  /** `/api/1/seats/12/wire`. */
  path: string;
  /** As it was sent. */
  body: unknown;
}

const file = (home: string) => join(seatFolder(home), 'sent.jsonl');
const before = (home: string) => join(seatFolder(home), 'sent.1.jsonl');

/** Writes messages down before they are sent: what cannot be written down is not sent. Throws the system's error. */
export class SentLog {
  readonly #home: string;
  #last = '';

  constructor(home: string) {
    this.#home = home;
  }

  add(to: string, path: string, body: unknown): void {
    const what = `${path} ${JSON.stringify(body)}`;
    if (what === this.#last) return;
    const name = file(this.#home);
    let descriptor = openOwn(name, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    if (fstatSync(descriptor).size > MOST_BYTES) {
      closeSync(descriptor);
      renameSync(name, before(this.#home));
      descriptor = openOwn(name, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    }
    try {
      const message: SentMessage = { at: new Date().toISOString(), to, path, body };
      writeSync(descriptor, `${JSON.stringify(message)}\n`);
    } finally {
      closeSync(descriptor);
    }
    this.#last = what;
  }
}

/** All that is kept of what left, oldest first. */
export function sentMessages(home: string): SentMessage[] {
  return [before(home), file(home)].flatMap((each) => {
    try {
      return [...linesOfOwn(each, LONGEST_LINE)].flatMap(({ text }) => messageIn(text ?? ''));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

function messageIn(line: string): SentMessage[] {
  try {
    const told: unknown = JSON.parse(line);
    if (!isObject(told)) return [];
    const { at, to, path, body } = told;
    const areTexts = [at, to, path].every((each) => typeof each === 'string');
    return areTexts ? [{ at, to, path, body } as SentMessage] : [];
  } catch {
    return [];
  }
}
