/** What a board says in clear text of itself, to anybody. */
import { type Hello, PROTOCOL } from '../protocol.ts';
import type { Ticket } from '../ticket.ts';

/** `now`: by the board's clock, in milliseconds. */
export function helloOfBoard(
  { id: workshop, lab }: Ticket,
  { now, ...own }: Pick<Hello, 'pglab' | 'board' | 'epoch'> & { now: number },
): Hello {
  return { ...own, protocol: PROTOCOL, workshop, lab, time: new Date(now).toISOString() };
}
