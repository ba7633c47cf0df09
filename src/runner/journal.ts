/**
 * The journal of a run: one JSON object a line, appended and flushed around every effect. A torn
 * last line (we were killed while writing it) is cut off; a line that cannot be read is passed over
 * and counted; lines of a later version make the run read-only.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, Trouble } from '../trouble.ts';
import type { JournalEvent, JournalLine } from './events.ts';

const VERSION = 1;

export interface Journal {
  /** All events so far, in order of seq. Grows with `append`. */
  events: JournalLine[];
  /** Lines that could not be read. */
  unreadable: number;
  append(event: JournalEvent): void;
  close(): void;
}

export interface Reading {
  events: JournalLine[];
  unreadable: number;
  /** Lines of a version that we do not know. */
  foreign: number;
  /** Bytes up to the end of the last whole line. */
  whole: number;
}

/** Reads a journal without touching it. One that is not there is empty. */
export function readJournal(file: string): Reading {
  if (!existsSync(file)) return { events: [], unreadable: 0, foreign: 0, whole: 0 };
  let raw: Buffer;
  try {
    raw = readFileSync(file);
  } catch (cause) {
    throw new Trouble('home-unwritable', { home: file, why: messageOf(cause) }, { cause });
  }
  const lastNewline = raw.lastIndexOf(0x0a) + 1;
  // A last line that lacks only its newline is whole; any other rest was torn off.
  const isWhole = parsed(raw.toString('utf8', lastNewline)) !== null;
  const whole = isWhole ? raw.length : lastNewline;
  const reading: Reading = { events: [], unreadable: 0, foreign: 0, whole };
  for (const line of raw.toString('utf8', 0, whole).split('\n')) {
    if (line.trim() === '') continue;
    const event = parsed(line);
    if (event === null) reading.unreadable += 1;
    else if (event.v !== VERSION) reading.foreign += 1;
    else reading.events.push(event);
  }
  reading.events.sort((a, b) => a.seq - b.seq);
  return reading;
}

/** Opens a journal for appending. */
export function openJournal(file: string, participant: string): Journal {
  const reading = readJournal(file);
  if (reading.foreign > 0) throw new Trouble('journal-newer', { file });
  let descriptor: number;
  try {
    mkdirSync(dirname(file), { recursive: true });
    descriptor = openSync(file, existsSync(file) ? 'r+' : 'w+');
    ftruncateSync(descriptor, reading.whole);
  } catch (cause) {
    throw new Trouble('home-unwritable', { home: file, why: messageOf(cause) }, { cause });
  }
  let position = reading.whole;
  let missingNewline = endsWithNewline(file, position) ? '' : '\n';
  let seq = reading.events.at(-1)?.seq ?? 0;
  const events = reading.events;
  return {
    events,
    unreadable: reading.unreadable,
    append(event) {
      seq += 1;
      const line: JournalLine = { v: VERSION, seq, at: new Date().toISOString(), participant, ...event };
      const bytes = Buffer.from(`${missingNewline}${JSON.stringify(line)}\n`);
      missingNewline = '';
      try {
        position += writeSync(descriptor, bytes, 0, bytes.length, position);
        fsyncSync(descriptor);
      } catch (cause) {
        throw new Trouble('home-unwritable', { home: file, why: messageOf(cause) }, { cause });
      }
      events.push(line);
    },
    close() {
      closeSync(descriptor);
    },
  };
}

function endsWithNewline(file: string, length: number): boolean {
  return length === 0 || readFileSync(file)[length - 1] === 0x0a;
}

function parsed(line: string): JournalLine | null {
  try {
    const event = JSON.parse(line);
    const isEvent = typeof event?.type === 'string' && Number.isSafeInteger(event.seq);
    return isEvent && typeof event.v === 'number' ? event : null;
  } catch {
    return null;
  }
}
