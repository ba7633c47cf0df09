/**
 * Reads the journal of a run: one JSON object a line. A torn last line (pglab was killed while it wrote it)
 * is left out; a line that cannot be read is passed over and counted, and where lines are lost, that is an
 * event too.
 */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { linesOfOwn, type OwnLine } from '../own-files.ts';
import { homeTrouble, Trouble } from '../trouble.ts';
import type { JournalLine } from './events.ts';
import { FORMAT, type Parsed, parseLine, type Written } from './line.ts';
import { type Standing, standingOf } from './standing.ts';

export interface Reading {
  /** In order of seq. */
  events: JournalLine[];
  /** How the run stands by them. */
  standing: Standing;
  /** Lines that could not be read. */
  unreadable: number;
  /** Lines of a version that we do not know: the run is read-only. */
  foreign: number;
  /** Lines of format 1, by pglab 0.1.0: they count for nothing, and the run is read-only. */
  old: number;
  /** Bytes up to the end of the last whole line. */
  whole: number;
  /** The highest seq of all lines, also of those that count no more, or are lost at the end. */
  lastSeq: number;
}

/** Reads a journal without touching it. One that is not there is empty. `run`: by default that of its folder. */
export function readJournal(file: string, run = basename(dirname(file))): Reading {
  const counts = { unreadable: 0, foreign: 0, old: 0, whole: 0, lastSeq: 0 };
  const reading: Reading = { events: [], standing: standingOf([]), ...counts };
  if (!existsSync(file)) return reading;
  const seqs: number[] = [];
  const written: Written[] = [];
  let lostAtEnd = 0;
  for (const { text, parsed, end, hasNewline } of parsedIn(file)) {
    // A last line that lacks only its newline is whole; any other rest was torn off.
    if (!hasNewline && parsed.is !== 'event' && parsed.is !== 'foreign') break;
    reading.whole = end;
    if (text?.trim() === '') continue;
    if (parsed.is === 'old' && seqs.length === 0) {
      reading.old += 1;
    } else if (parsed.is === 'unreadable' || parsed.is === 'old') {
      reading.unreadable += 1;
      lostAtEnd += 1;
    } else {
      lostAtEnd = 0;
      seqs.push(parsed.seq);
      if (parsed.is === 'event') written.push(parsed.event);
      if (parsed.is === 'foreign') reading.foreign += 1;
    }
  }
  seqs.sort((a, b) => a - b);
  reading.lastSeq = (seqs.at(-1) ?? 0) + lostAtEnd;
  const started = written.find((event) => event.type === 'run-started');
  const stamp = { run, lab: started?.type === 'run-started' ? started.lab : '' };
  const events: JournalLine[] = written.map((event) => Object.assign(event, stamp));
  const lost = lastLost(seqs, reading.lastSeq);
  if (lost !== null)
    events.push({ type: 'lines-lost', v: FORMAT, seq: lost, at: '', participant: '', ...stamp });
  reading.events = events.sort((a, b) => a.seq - b.seq);
  reading.standing = standingOf(reading.events);
  return reading;
}

/** Bytes: the output of a command was not cut before 0.3.0. */
const LONGEST_LINE = 16e6;
/** Bytes of all events together: they are kept in memory, and an honest run has less than a hundredth of it. */
const MOST = 200e6;

/** Line by line: a file may be longer than the memory. Trouble `journal-too-long` where what it tells is. */
function* parsedIn(file: string): Generator<OwnLine & { parsed: Parsed }> {
  let told = 0;
  try {
    for (const line of linesOfOwn(file, LONGEST_LINE)) {
      const parsed: Parsed = line.text === null ? { is: 'unreadable' } : parseLine(line.text);
      if (parsed.is === 'event') told += line.text?.length ?? 0;
      if (told > MOST) throw new Trouble('journal-too-long', { file, megabytes: MOST / 1e6 });
      yield { ...line, parsed };
    }
  } catch (cause) {
    throw homeTrouble(file, cause);
  }
}

/** The last seq that no line has; null where none is missing. What was lost before the first, nobody misses. */
function lastLost(seqs: readonly number[], last: number): number | null {
  const [newest] = seqs.slice(-1);
  if (newest === undefined || last > newest) return last > 0 ? last : null;
  const after = seqs.findLastIndex((seq, at) => at > 0 && seq > (seqs[at - 1] as number) + 1);
  return after < 0 ? null : (seqs[after] as number) - 1;
}
