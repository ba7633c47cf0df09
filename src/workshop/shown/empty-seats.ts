/**
 * Seats that somebody took and nobody sits at: who has the code, and no business here, fills a room with such. Whoever means
 * it is connected within a second of joining.
 */
import type { SeatView } from '../board-schema.ts';

/** What tells whether somebody sits there, of a seat as it is now. */
type Sat = Pick<SeatView, 'seat' | 'state' | 'step' | 'hand' | 'proved' | 'sinceMs'>;

/** A laptop that wakes, or changes its network, is back before. */
const EMPTY_AFTER_MS = 20_000;

/** So many are no chance: one or two joined, and went for a coffee. */
export const MANY_EMPTY = 3;

/** Those that are away, and have never told anything. */
export function emptySeats(seats: readonly Sat[]): number[] {
  return seats.filter(isEmpty).map(({ seat }) => seat);
}

function isEmpty({ state, step, hand, proved, sinceMs }: Sat): boolean {
  const hasTold = step !== null || hand !== null || proved !== null;
  return state === 'away' && !hasTold && sinceMs >= EMPTY_AFTER_MS;
}
