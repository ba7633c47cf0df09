/**
 * What each verb does on a machine that takes part in a workshop: it sees to it that the courier is under way, and says once
 * what the instructor said. It asks no network, reads two small files, and loads what few verbs need only for those.
 */
import { rmSync } from 'node:fs';
import { isHeldByAnother } from '../../lock.ts';
import { Trouble } from '../../trouble.ts';
import { courierFolder } from '../../workshop/seat/courier-status.ts';
import { readSeat, type SeatFile, seatFolder } from '../../workshop/seat/seat-file.ts';
import type { Desk } from '../desk.ts';

/** What a workshop left here goes so long after its end. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Verbs that a learner goes on with: they show what is said, and ask. */
const GOING_ON = /^(pglab|next|run|check)$/;

/** Returns an exit code where the verb has been done with, as by a reset that the learner agreed to. */
export async function atWorkshop(desk: Desk, verb: string): Promise<number | null> {
  try {
    const { home } = desk.settings;
    const seat = readSeat(home);
    if (isForgotten(seat)) rmSync(seatFolder(home), { recursive: true, force: true });
    if (seat.now === null || seat.left || seat.ended !== null) return null;
    if (!isHeldByAnother(courierFolder(home)))
      (await import('../../workshop/seat/start-courier.ts')).startCourier(home);
    if (!GOING_ON.test(verb)) return null;
    return await (await import('./heard-words.ts')).showHeard(desk);
  } catch (error) {
    // A seat that cannot be read keeps nobody from the lab; the verbs of the workshop say what it is.
    if (error instanceof Trouble && /^(workshop-seat-file|home-|not-a-file|run-)/.test(error.code))
      return null;
    throw error;
  }
}

function isForgotten({ ended }: SeatFile): boolean {
  return ended !== null && Date.now() - Date.parse(ended) > KEPT_MS;
}
