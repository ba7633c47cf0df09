import { openTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';

/** How the workshop of this home stands: for who gives it, or for who takes part. */
export async function workshopStanding(desk: Desk): Promise<number> {
  const ticket = openTicket(desk.settings.home);
  if (ticket === null) return (await import('./seat-told.ts')).seat(desk);
  return (await import('./instructor-standing.ts')).instructorStanding(desk, ticket);
}
