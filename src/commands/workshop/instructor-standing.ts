/** How the workshop of this home stands, for its instructor: the line to join, who is here, what is wrong. */
import { emptyResult } from '../../report/result.ts';
import { Trouble } from '../../trouble.ts';
import { standingOfBoard } from '../../workshop/board/asking-board.ts';
import type { BoardStanding } from '../../workshop/board/desk-api.ts';
import { addressesOf, joinLine } from '../../workshop/join-line.ts';
import { type Ticket, writeTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';

export async function instructorStanding(desk: Desk, ticket: Ticket): Promise<number> {
  const standing = await standingOfBoard(ticket);
  if (standing === null) throw new Trouble('workshop-no-board', { id: ticket.id });
  const [address = '', ...others] = addressesOf(ticket);
  const was = ticket.shownAddress;
  const isMoved = was !== null && was !== address && !others.includes(was);
  if (was === null || isMoved) writeTicket(desk.settings.home, { ...ticket, shownAddress: address });
  const { epoch: group, stored, isLocked: locked, trouble } = standing;
  const line = joinLine(ticket, group, address);
  const told = {
    ...{ id: ticket.id, name: ticket.name, group, seats: ticket.seats, line, address, others },
    ...{ ...hereOf(standing), stored, locked, trouble, moved: isMoved ? was : null },
  };
  return printed(desk, emptyResult(ticket.lab, null), { workshop: told }, () => {
    const { content, screen } = desk;
    const say = content.say.bind(content, 'messages');
    screen.line(say('workshop-open', { name: ticket.name, group, seats: ticket.seats }));
    screen.line('');
    screen.line(`  ${say('workshop-line', { line })}`);
    screen.line('');
    const lines = others.map((each) => joinLine(ticket, group, each)).join(' | ');
    if (others.length > 0) screen.line(say('workshop-other-lines', { lines }));
    if (isMoved) screen.line(say('workshop-address-changed', { was }));
    screen.line(say('workshop-standing', { ...hereOf(standing), stored }));
    if (locked) screen.line(say('workshop-locked'));
    if (trouble !== null) screen.line(say('workshop-trouble', { why: trouble }));
  });
}

function hereOf({ board: { seats } }: BoardStanding): { here: number; all: number } {
  return { here: seats.filter(({ state }) => state === 'here').length, all: seats.length };
}
