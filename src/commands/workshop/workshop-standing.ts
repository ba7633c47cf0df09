import { readSeat } from '../../workshop/seat/seat-file.ts';
import { newestTicket, openTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';

/** How the workshop of this home stands: for who gives it, or for who takes part. */
export async function workshopStanding(desk: Desk): Promise<number> {
  const ticket = openTicket(desk.settings.home);
  if (ticket === null) {
    const { now, left } = readSeat(desk.settings.home);
    const closed = newestTicket(desk.settings.home);
    const isSeat = now !== null && !left;
    if (closed === null || isSeat) return (await import('./seat-told.ts')).seat(desk);
    return (await import('./closed-standing.ts')).closedStanding(desk, closed);
  }
  return (await import('./instructor-standing.ts')).instructorStanding(desk, ticket);
}
