/** Lines of a seat that came by a file: the board takes them as it takes those that a courier brings. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { emptyResult } from '../../report/result.ts';
import { messageOf, Trouble, Usage } from '../../trouble.ts';
import { BoardRefused, bringToBoard } from '../../workshop/board/asking-board.ts';
import { seatKey } from '../../workshop/codes.ts';
import { MOST_OUTBOX, type Outbox, openedOutbox } from '../../workshop/outbox.ts';
import { builtUpon, nextRange } from '../../workshop/seat/next-range.ts';
import type { Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { ownWorkshop } from './own-workshop.ts';

/** Trouble `workshop-import-wrong` for what is no outbox of a seat of this workshop; brought twice, it is there once. */
export async function importWorkshop(desk: Desk, [from]: readonly string[]): Promise<number> {
  if (from === undefined) throw new Usage('workshop-no-file');
  const ticket = ownWorkshop(desk);
  const file = resolve(from);
  const secret = Buffer.from(ticket.secret, 'hex');
  const outbox = openedOutbox(contentOf(file), (identity) => seatKey(secret, identity));
  if (outbox === null || outbox.workshop !== ticket.id) throw new Trouble('workshop-import-wrong', { file });
  const { seat } = outbox;
  const lines = await brought(ticket, outbox).catch((error) => {
    if (!(error instanceof BoardRefused)) throw error;
    throw new Trouble('workshop-import-refused', { file, seat, why: error.refused }, { cause: error });
  });
  return printed(desk, emptyResult(ticket.lab, null), { workshop: { id: ticket.id, seat, lines } }, () =>
    desk.screen.line(desk.content.say('messages', 'workshop-imported', { seat, lines })),
  );
}

/** How many lines the board did not have. */
async function brought(ticket: Ticket, { epoch, seat, nonce, streams }: Outbox): Promise<number> {
  let lines = 0;
  for (const { journal, lines: all } of streams) {
    const own = { epoch, seat, nonce, journal };
    let through = await bringToBoard(ticket, { ...own, range: null });
    for (;;) {
      const told = nextRange(all, builtUpon(all, through));
      if (told === null) break;
      const range = { ...told, more: 0, courier: nonce.slice(0, 16) };
      through = await bringToBoard(ticket, { ...own, range });
      lines += told.to - told.after;
    }
  }
  return lines;
}

/** It comes from a stick: it may be anything, and of any length. */
function contentOf(file: string): string {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile() || stat.size > MOST_OUTBOX) throw new Trouble('workshop-import-wrong', { file });
      return readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble('workshop-import-unreadable', { file, why: messageOf(cause) }, { cause });
  }
}
