/** The seat's own journal and its file, changed by one process at a time: the courier's, or a verb's. */
import { randomBytes } from 'node:crypto';
import type { JournalEvent } from '../../journal/events.ts';
import { openJournal } from '../../journal/record.ts';
import { readSeatJournal, type SeatStanding } from '../../journal/seat-standing.ts';
import { type Lock, waitForLock } from '../../lock.ts';
import { makeOwnFolder } from '../../own-files.ts';
import { packageVersion } from '../../package-root.ts';
import { readSeat, type SeatFile, seatFolder, seatJournalFile, writeSeat } from './seat-file.ts';

/** What every line says of its participant: nobody's account name. */
const PARTICIPANT = 'seat';

/** Appends to the seat's journal, flushed, as any run's is; its first line is written where there is none. */
export async function tellSeat(home: string, lab: string, told: readonly JournalEvent[]): Promise<void> {
  const lock = await held(home);
  try {
    const file = seatJournalFile(home);
    const isBegun = readSeatJournal(file).begun !== null;
    const journal = openJournal(file, PARTICIPANT, lock.isHeld);
    try {
      if (!isBegun) journal.append(beginning(lab));
      for (const event of told) journal.append(event);
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
  }
}

/** How the seat stands; Trouble where its journal cannot be read. */
export function seatStanding(home: string): SeatStanding {
  return readSeatJournal(seatJournalFile(home));
}

/** Reads the seat file, and writes what `change` makes of it, while nobody else does. Returns what was written. */
export async function changeSeat(home: string, change: (seat: SeatFile) => SeatFile): Promise<SeatFile> {
  const lock = await held(home);
  try {
    const before = readSeat(home);
    const after = change(before);
    if (after !== before) writeSeat(home, after);
    return after;
  } finally {
    lock.release();
  }
}

function held(home: string): Promise<Lock> {
  makeOwnFolder(seatFolder(home));
  return waitForLock(seatFolder(home), 'workshop');
}

function beginning(lab: string): JournalEvent {
  const journal = randomBytes(6).toString('hex');
  return { type: 'run-started', lab, content: '', pglab: packageVersion(), journal };
}
