/** How the workshop of this home stands, for its instructor: the line to join, who is here, what is wrong. */
import { emptyResult } from '../../report/result.ts';
import { Trouble } from '../../trouble.ts';
import { pageLink, standingOfBoard } from '../../workshop/board/asking-board.ts';
import type { BoardStanding } from '../../workshop/board/desk-api.ts';
import { codeOf, shownCode } from '../../workshop/codes.ts';
import { addressesOf, assistLine, joinLine } from '../../workshop/join-line.ts';
import { joinScriptDigest } from '../../workshop/kit/join-script.ts';
import { readKit } from '../../workshop/kit/kit-list.ts';
import { pastedLine } from '../../workshop/kit/pasted-line.ts';
import { qrForTerminal } from '../../workshop/kit/qr.ts';
import { emptySeats, MANY_EMPTY } from '../../workshop/shown/empty-seats.ts';
import { type Ticket, writeTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { kitFolder } from './kit-verbs.ts';

export async function instructorStanding(desk: Desk, ticket: Ticket): Promise<number> {
  const standing = await standingOfBoard(ticket);
  if (standing === null) throw new Trouble('workshop-no-board', { id: ticket.id });
  const [address = '', ...others] = addressesOf(ticket);
  const was = ticket.shownAddress;
  const isMoved = was !== null && was !== address && !others.includes(was);
  if (was === null || isMoved) writeTicket(desk.settings.home, { ...ticket, shownAddress: address });
  const { epoch: group, stored, isLocked: locked, trouble } = standing;
  const line = joinLine(ticket, group, { address });
  const page = await pageLink(ticket);
  const assist = ticket.assistants ? assistLine(ticket, group, address) : null;
  const pasted = pastedFor(desk, ticket, { group, address, kind: 'spoken' });
  const scanned = pastedFor(desk, ticket, { group, address, kind: 'scanned' });
  const { seats: taken } = standing.board;
  const full = taken.length >= standing.most;
  const empty = emptySeats(taken);
  const told = {
    ...{ id: ticket.id, name: ticket.name, group, seats: ticket.seats, line, pasted, address, others },
    ...{ ...hereOf(standing), stored, locked, full, empty, trouble, page, assist },
    ...{ welcome: `http://${address}/`, moved: isMoved ? was : null },
  };
  return printed(desk, emptyResult(ticket.lab, null), { workshop: told }, () => {
    const { content, screen } = desk;
    const say = content.say.bind(content, 'messages');
    screen.line(say('workshop-open', { name: ticket.name, group, seats: ticket.seats }));
    screen.line('');
    screen.line(`  ${say('workshop-line', { line })}`);
    screen.line('');
    if (pasted !== null && scanned !== null) {
      screen.line(say('workshop-pasted'));
      screen.line('');
      screen.line(`  ${pasted}`);
      screen.line('');
      for (const row of qrForTerminal(scanned).split('\n')) screen.line(row);
    }
    const lines = others.map((each) => joinLine(ticket, group, { address: each })).join(' | ');
    if (others.length > 0) screen.line(say('workshop-other-lines', { lines }));
    if (isMoved) screen.line(say('workshop-address-changed', { was }));
    screen.line(say('workshop-page', { page }));
    screen.line(say('workshop-welcome', { welcome: told.welcome }));
    if (assist !== null) screen.line(say('workshop-assist', { assist }));
    for (const each of roomLines(desk, standing)) screen.line(each);
  });
}

/** How it is in the room, and what is wrong there. */
function roomLines({ content }: Desk, standing: BoardStanding): string[] {
  const say = content.say.bind(content, 'messages');
  const { stored, isLocked, trouble, most, board } = standing;
  const empty = emptySeats(board.seats).length;
  const lines = [say('workshop-standing', { ...hereOf(standing), stored })];
  if (isLocked) lines.push(say('workshop-locked'));
  else if (board.seats.length >= most) lines.push(say('workshop-room-full', { most }));
  if (empty >= MANY_EMPTY) lines.push(say('workshop-empty-seats', { count: empty }));
  if (trouble !== null) lines.push(say('workshop-trouble', { why: trouble }));
  return lines;
}

/** The line for who has no pglab yet; null where no kit is there that it could be got from. */
function pastedFor(
  desk: Desk,
  { secret }: Ticket,
  { group, address, kind }: { group: number; address: string; kind: 'spoken' | 'scanned' },
): string | null {
  const kit = readKit(kitFolder(desk));
  if (kit === null) return null;
  const code = shownCode(codeOf(Buffer.from(secret, 'hex'), group, kind));
  return pastedLine({ address, code, sha256: joinScriptDigest(kit) });
}

function hereOf({ board: { seats } }: BoardStanding): { here: number; all: number } {
  return { here: seats.filter(({ state }) => state === 'here').length, all: seats.length };
}
