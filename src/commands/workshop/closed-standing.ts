/** How a workshop that was closed stands, for who gave it. */
import { emptyResult } from '../../report/result.ts';
import { goesAt, type Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';

export async function closedStanding(desk: Desk, ticket: Ticket): Promise<number> {
  const { id, name, closedAt } = ticket;
  const told = { id, name, closedAt, goesAt: goesAt(ticket) };
  return printed(desk, emptyResult(ticket.lab, null), { workshop: told }, () => {
    const day = goesAt(ticket)?.slice(0, 10) ?? '';
    desk.screen.line(desk.content.say('messages', 'workshop-was-closed', { name, day }));
  });
}
