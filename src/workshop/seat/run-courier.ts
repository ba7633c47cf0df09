/**
 * The courier of a home: carries lines of its journals to the board, and what the board says to the seat's journal. It keeps
 * nothing but the seat file, so that it may be killed at any time; it ends with the workshop, when the learner leaves, or
 * after half a day.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from '../../lock.ts';
import { Trouble } from '../../trouble.ts';
import { CourierSession } from './courier-session.ts';
import { courierFolder } from './courier-status.ts';
import { deliverEarlier } from './earlier-seats.ts';
import type { ResetSeat } from './managed-seat.ts';
import { readSeat, type SeatFile } from './seat-file.ts';

const LONGEST_MS = 12 * 3_600_000;
const LOOK_EVERY_MS = 1_000;

/** Works until there is nothing to do any more. Returns at once where another courier of this home does. */
export async function runCourier(home: string, reset: ResetSeat): Promise<void> {
  const lock = lockOf(home);
  if (lock === null) return;
  const until = Date.now() + LONGEST_MS;
  try {
    while (Date.now() < until && lock.isHeld()) {
      const seat = seatIn(home);
      if (seat?.now == null || seat.left) break;
      const session = new CourierSession(home, seat.now, reset);
      const earlier = deliverEarlier(home, seat.earlier, session.signal);
      // Until somebody joins anew, leaves, or it is over.
      const isSame = () => lock.isHeld() && Date.now() < until && isSameSeat(seatIn(home), seat);
      const [isOver] = await Promise.all([session.run(), earlier, endWhen(session, isSame)]);
      if (isOver) break;
    }
  } finally {
    lock.release();
  }
}

function lockOf(home: string) {
  try {
    return takeLock(courierFolder(home), 'workshop');
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}

async function endWhen(session: CourierSession, isSame: () => boolean): Promise<void> {
  while (!session.signal.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal: session.signal }).catch(() => {});
    if (!isSame()) session.end();
  }
}

/** Null where it cannot be read, or the home is gone. */
function seatIn(home: string): SeatFile | null {
  try {
    return readSeat(home);
  } catch {
    return null;
  }
}

/** What a courier works by: a name and the order of addresses are no other seat. */
function isSameSeat(is: SeatFile | null, was: SeatFile): boolean {
  if (is === null || is.now === null || was.now === null || is.left) return false;
  const told = ({ now }: SeatFile) => `${now?.key} ${now?.managed} ${[...(now?.addresses ?? [])].sort()}`;
  return told(is) === told(was);
}
