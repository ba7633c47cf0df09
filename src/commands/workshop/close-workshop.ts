import { setTimeout as delay } from 'node:timers/promises';
import { emptyResult } from '../../report/result.ts';
import { Trouble, Usage } from '../../trouble.ts';
import { endBoard, standingOfBoard } from '../../workshop/board/asking-board.ts';
import type { BoardStanding } from '../../workshop/board/desk-api.ts';
import { type Ticket, writeTicket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { act, ownWorkshop } from './own-workshop.ts';

const WAIT_S = 10;
const LOOK_EVERY_MS = 250;

type Missing = BoardStanding['behind'];

/** Closes the workshop: 0 where every line of every seat has arrived, else 1, and whose is missing. */
export async function closeWorkshop(desk: Desk, { wait }: { wait: string | undefined }): Promise<number> {
  if (wait !== undefined && !/^\d{1,5}$/.test(wait)) throw new Usage('bad-wait', { wait });
  const ticket = ownWorkshop(desk);
  await act(ticket, { act: 'close' }).catch((error) => {
    // An earlier close may have been interrupted while it waited.
    if (!(error instanceof Trouble && error.code === 'workshop-closed')) throw error;
  });
  desk.screen.aside(desk.content.say('messages', 'workshop-closing'));
  const { standing, missing } = await waited(ticket, Number(wait ?? WAIT_S) * 1_000);
  writeTicket(desk.settings.home, { ...ticket, closedAt: new Date().toISOString() });
  await endBoard(ticket);
  const { stored, behind } = standing;
  const told = { id: ticket.id, name: ticket.name, stored, seats: behind.length, missing };
  const outcome = missing.length === 0 ? ('met' as const) : ('not-met' as const);
  printed(desk, { ...emptyResult(ticket.lab, null), outcome }, { workshop: told }, () =>
    show(desk, standing, missing),
  );
  return missing.length === 0 ? 0 : 1;
}

/** Until each seat has said that nothing is missing, or nobody is waited for any longer. */
async function waited(
  ticket: Ticket,
  longest: number,
): Promise<{ standing: BoardStanding; missing: Missing }> {
  const until = Date.now() + longest;
  // What a seat told before it heard of the end is not its last word.
  const heardBy = Date.now() + Math.min(longest, 2_000);
  for (;;) {
    const standing = await standingOfBoard(ticket);
    if (standing === null) throw new Trouble('workshop-no-board', { id: ticket.id });
    const missing = standing.behind.filter(({ more }) => more !== 0);
    if ((missing.length === 0 && Date.now() >= heardBy) || Date.now() >= until) return { standing, missing };
    await delay(LOOK_EVERY_MS);
  }
}

function show({ content, screen }: Desk, { stored, behind }: BoardStanding, missing: Missing): void {
  const say = content.say.bind(content, 'messages');
  const all = behind.length;
  if (missing.length === 0) screen.line(say('workshop-all-arrived', { all, stored }));
  else screen.line(say('workshop-missing', { count: missing.length, all }));
  for (const { seat, name, more } of missing)
    screen.line(
      more === null
        ? say('workshop-missing-away', { seat, name })
        : say('workshop-missing-seat', { seat, name, more }),
    );
}
