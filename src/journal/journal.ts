/**
 * The journal of a run: one JSON object a line, appended and flushed around every effect. A torn
 * last line (we were killed while writing it) is cut off; a line that cannot be read is passed over
 * and counted, and where lines are lost, that is an event too; lines of a later version make the run
 * read-only.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { homeTrouble, Trouble } from '../trouble.ts';
import type { JournalEvent, JournalLine } from './events.ts';
import { lineOfEvent, parseLine } from './line.ts';
import { type Standing, standingOf } from './standing.ts';

/** Since 2 each line has a checksum; what does not know that, such as 0.1.0, must not write between them. */
const VERSION = 2;

export interface Journal {
  /** How the run stands. Grows with `append`. */
  standing: Standing;
  /** Lines that could not be read. */
  unreadable: number;
  append(event: JournalEvent): void;
  close(): void;
}

export interface Reading {
  /** In order of seq. */
  events: JournalLine[];
  /** How the run stands by them. */
  standing: Standing;
  unreadable: number;
  /** Lines of a version that we do not know. */
  foreign: number;
  /** Bytes up to the end of the last whole line. */
  whole: number;
  /** The highest seq of all lines, also of those that count no more, or are lost at the end. */
  lastSeq: number;
}

/** Reads a journal without touching it. One that is not there is empty. */
export function readJournal(file: string): Reading {
  const nothing = { events: [], standing: standingOf([]), unreadable: 0, foreign: 0, whole: 0, lastSeq: 0 };
  if (!existsSync(file)) return nothing;
  let raw: Buffer;
  try {
    raw = readFileSync(file);
  } catch (cause) {
    throw homeTrouble(file, cause);
  }
  const lastNewline = raw.lastIndexOf(0x0a) + 1;
  // A last line that lacks only its newline is whole; any other rest was torn off.
  const rest = parseLine(raw.toString('utf8', lastNewline), VERSION);
  const isWhole = rest.is === 'event' || rest.is === 'foreign';
  const whole = isWhole ? raw.length : lastNewline;
  const reading: Reading = { ...nothing, whole };
  let expectsSums = false;
  let lostAtEnd = 0;
  const seqs: number[] = [];
  for (const line of linesOf(raw.subarray(0, whole))) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line, VERSION);
    const isKnown = parsed.is === 'event' || parsed.is === 'unknown';
    if (parsed.is === 'unreadable' || (isKnown && expectsSums && !parsed.summed)) {
      reading.unreadable += 1;
      lostAtEnd += 1;
      continue;
    }
    // Journals begun before there were checksums go on with them; from there on each line has one.
    if (isKnown) expectsSums ||= parsed.summed;
    lostAtEnd = 0;
    seqs.push(parsed.seq);
    if (parsed.is === 'event') reading.events.push(parsed.event);
    if (parsed.is === 'foreign') reading.foreign += 1;
  }
  seqs.sort((a, b) => a - b);
  reading.lastSeq = (seqs.at(-1) ?? 0) + lostAtEnd;
  const lost = lastLost(seqs, reading.lastSeq);
  if (lost !== null)
    reading.events.push({ type: 'lines-lost', v: VERSION, seq: lost, at: '', participant: '' });
  reading.events.sort((a, b) => a.seq - b.seq);
  reading.standing = standingOf(reading.events);
  return reading;
}

/** One by one: a string cannot be as long as a file. */
function* linesOf(bytes: Buffer): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const to = newline < 0 ? bytes.length : newline;
    yield bytes.toString('utf8', from, to);
    from = to + 1;
  }
}

/** The last seq that no line has; null where none is missing. What was lost before the first, nobody misses. */
function lastLost(seqs: readonly number[], last: number): number | null {
  const [newest] = seqs.slice(-1);
  if (newest === undefined || last > newest) return last > 0 ? last : null;
  const after = seqs.findLastIndex((seq, at) => at > 0 && seq > (seqs[at - 1] as number) + 1);
  return after < 0 ? null : (seqs[after] as number) - 1;
}

/** Opens a journal for appending, by whoever holds its run: `isHeld` says whether that is so still. */
export function openJournal(file: string, participant: string, isHeld = () => true): Journal {
  const reading = readJournal(file);
  if (reading.foreign > 0) throw new Trouble('journal-newer', { file });
  let descriptor: number;
  try {
    mkdirSync(dirname(file), { recursive: true });
    descriptor = openSync(file, existsSync(file) ? 'r+' : 'w+');
    ftruncateSync(descriptor, reading.whole);
  } catch (cause) {
    throw homeTrouble(file, cause);
  }
  let position = reading.whole;
  let missingNewline = endsWithNewline(file, position) ? '' : '\n';
  let seq = reading.lastSeq;
  const { standing } = reading;
  return {
    standing,
    unreadable: reading.unreadable,
    append(event) {
      if (!isHeld()) throw new Trouble('run-taken', { file });
      const line: JournalLine = {
        v: VERSION,
        seq: seq + 1,
        at: new Date().toISOString(),
        participant,
        ...event,
      };
      let isGone = false;
      const bytes = Buffer.from(`${missingNewline}${lineOfEvent(line)}\n`);
      try {
        // On a disk that runs full a write may take a part, and say so without an error.
        for (let done = 0; done < bytes.length; )
          done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
        fsyncSync(descriptor);
        isGone = fstatSync(descriptor).nlink === 0;
        position += bytes.length;
        missingNewline = '';
        // One that could not be written leaves no gap behind: that would be a line that was lost.
        seq += 1;
      } catch (cause) {
        cutBack(descriptor, position);
        throw homeTrouble(file, cause);
      }
      if (isGone) throw new Trouble('home-gone', { file });
      standing.take(line);
    },
    close() {
      closeSync(descriptor);
    },
  };
}

/** Without the part of a line that was written. Where that fails too, whoever reads it cuts it off. */
function cutBack(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {}
}

function endsWithNewline(file: string, length: number): boolean {
  return length === 0 || readFileSync(file)[length - 1] === 0x0a;
}
