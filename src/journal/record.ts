/**
 * Writes the journal of a run: `record` appends each event, flushed, and then yields the line. Nobody else
 * appends, so that a consumer never sees what the journal does not hold.
 */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { makeOwnFolder, openOwn, readOwn } from '../own-files.ts';
import { homeTrouble, Trouble } from '../trouble.ts';
import { isLive, type JournalEvent, type JournalLine, type LabEvent, type StreamLine } from './events.ts';
import { FORMAT, lineOf, parseLine } from './line.ts';
import { readJournal } from './read.ts';
import type { Standing } from './standing.ts';

/** What a run has told so far; it grows while the run goes on. */
export interface Told {
  readonly standing: Standing;
}

/** A journal that is open for writing: for `record`, and for who tells of one event alone. */
export interface Journal extends Told {
  /** Lines that could not be read. */
  unreadable: number;
  /** Writes and flushes the event, and returns it as a reader will find it. */
  append(event: JournalEvent): JournalLine;
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
  const reading = readJournal(file);
  if (reading.foreign > 0) throw new Trouble('journal-newer', { file });
  if (reading.old > 0) throw new Trouble('journal-old', { file });
  let descriptor: number;
  try {
    makeOwnFolder(dirname(file));
    descriptor = openOwn(file, constants.O_RDWR | constants.O_CREAT);
    ftruncateSync(descriptor, reading.whole);
  } catch (cause) {
    throw homeTrouble(file, cause);
  }
  let position = reading.whole;
  let missingNewline = endsWithNewline(file, position) ? '' : '\n';
  let seq = reading.lastSeq;
  const { standing } = reading;
  const stamp = { run: basename(dirname(file)), lab: reading.events.at(-1)?.lab ?? '' };
  return {
    standing,
    unreadable: reading.unreadable,
    append(event) {
      if (!isHeld()) throw new Trouble('run-taken', { file });
      const text = lineOf({ v: FORMAT, seq: seq + 1, at: new Date().toISOString(), participant, ...event });
      const parsed = parseLine(text);
      // A line that nobody could read back must not be written.
      if (parsed.is !== 'event') throw new Error(`no event of the journal: ${text}`);
      if (event.type === 'run-started') stamp.lab = event.lab;
      const line: JournalLine = Object.assign(parsed.event, stamp);
      let isGone = false;
      const bytes = Buffer.from(`${missingNewline}${text}\n`);
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
      return line;
    },
    close() {
      closeSync(descriptor);
    },
  };
}

/** Without the part of a line that was written. Where that fails too, the next reader leaves it out. */
function cutBack(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {}
}

function endsWithNewline(file: string, length: number): boolean {
  return length === 0 || readOwn(file)[length - 1] === 0x0a;
}
