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
  const told = {
    ...{ id: ticket.id, name: ticket.name, group, seats: ticket.seats, line, pasted, address, others },
    ...{ ...hereOf(standing), stored, locked, trouble, page, assist, moved: isMoved ? was : null },
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
    if (assist !== null) screen.line(say('workshop-assist', { assist }));
    screen.line(say('workshop-standing', { ...hereOf(standing), stored }));
    if (locked) screen.line(say('workshop-locked'));
    if (trouble !== null) screen.line(say('workshop-trouble', { why: trouble }));
  });
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
