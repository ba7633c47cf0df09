/**
 * Writes the journal of a run: `record` appends each event, flushed, and then yields the line. Nobody else
 * appends, so that a consumer never sees what the journal does not hold.
 */
import { basename, dirname } from 'node:path';
import { Trouble } from '../trouble.ts';
import { isLive, type JournalEvent, type JournalLine, type LabEvent, type StreamLine } from './events.ts';
import { FORMAT, lineOf, parseLine } from './line.ts';
import { type LineFile, openLineFile } from './line-file.ts';
import { type Reading, readJournal } from './read.ts';
import type { Standing } from './standing.ts';

/** What a run has told so far; it grows while the run goes on. */
export interface Told {
  readonly standing: Standing;
}

/**
 * A journal that is open for writing: `record` appends a stream of events to it, `append` one alone. It belongs to
 * the process that holds the run's lock.
 *
 *     const journal = openJournal('/home/runs/24-nov-k3f/journal.jsonl', 'ann');
 *     journal.append({ type: 'skipped', step: 'image', reason: 'known' }).seq; // 7: one more than the last
 *     journal.standing.step('image').outcome; // 'skipped', at once
 *     journal.close();
 */
export interface Journal extends Told {
  /** How many lines could not be read when it was opened. */
  unreadable: number;
  /**
   * Writes the event, flushed, and returns its line as a reader will find it. Trouble `home-full`,
   * `home-unwritable`, `home-gone` where it cannot be written: then nothing of it counts.
   */
  append(event: JournalEvent): JournalLine;
  /** As `append`, of events that have all happened: flushed together, which takes the time of one; all count or none. */
  appendAll(events: readonly JournalEvent[]): JournalLine[];
  close(): void;
}

/**
 * Appends each event, flushed, and then yields its line; what only lives on the screen is passed on as it
 * is. Returns what the events return.
 */
export async function* record<T>(
  journal: Journal,
  events: AsyncGenerator<LabEvent, T>,
): AsyncGenerator<StreamLine, T> {
  try {
    for (;;) {
      const { value, done } = await events.next();
      if (done) return value;
      yield isLive(value) ? value : journal.append(value);
    }
  } finally {
    // A consumer that goes away ends the work as well.
    await events.return(undefined as T);
  }
}

/**
 * Opens a journal for appending, by the process that holds its run: `isHeld` says whether that is so still.
 * Trouble `journal-newer` and `journal-old` where it is in a format that we do not write.
 */
export function openJournal(file: string, participant: string, isHeld = () => true): Journal {
  const reading = readable(file);
  const lines = openLineFile(file, reading.whole);
  return journalOf(file, participant, reading, isHeld, lines);
}

/**
 * The journal as it stands, for who looks on beside the process that writes it: what is appended counts in here alone,
 * and is written nowhere. Trouble as for `openJournal`.
 */
export function openCopy(file: string, participant: string): Journal {
  const nowhere = { append: () => {}, close: () => {} };
  return journalOf(file, participant, readable(file), () => true, nowhere);
}

function readable(file: string): Reading {
  const reading = readJournal(file);
  if (reading.foreign > 0) throw new Trouble('journal-newer', { file });
  if (reading.old > 0) throw new Trouble('journal-old', { file });
  return reading;
}

function journalOf(
  file: string,
  participant: string,
  reading: Reading,
  isHeld: () => boolean,
  lines: LineFile,
): Journal {
  let seq = reading.lastSeq;
  const { standing } = reading;
  const stamp = { run: basename(dirname(file)), lab: reading.events.at(-1)?.lab ?? '' };
  const appendAll = (events: readonly JournalEvent[]): JournalLine[] => {
    if (!isHeld()) throw new Trouble('run-taken', { file });
    const written = events.map((event, at) => {
      const about = { v: FORMAT, seq: seq + 1 + at, at: new Date().toISOString(), participant };
      const text = lineOf({ ...about, ...event });
      const parsed = parseLine(text);
      // A line that nobody could read back must not be written.
      if (parsed.is !== 'event') throw new Error(`no event of the journal: ${text}`);
      if (event.type === 'run-started') stamp.lab = event.lab;
      return { text, line: Object.assign(parsed.event, stamp) as JournalLine };
    });
    // A reset needs no room: it is what makes some.
    const mayUseSpare = events.some(({ type }) => type === 'steps-reset');
    lines.append(written.map(({ text }) => text).join('\n'), mayUseSpare);
    // One that could not be written leaves no gap behind: that would be a line that was lost.
    seq += written.length;
    for (const { line } of written) standing.take(line);
    return written.map(({ line }) => line);
  };
  return {
    standing,
    unreadable: reading.unreadable,
    append: (event) => appendAll([event])[0] as JournalLine,
    appendAll,
    close: () => lines.close(),
  };
}
