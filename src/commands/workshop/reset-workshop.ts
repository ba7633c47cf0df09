import { setTimeout as delay } from 'node:timers/promises';
import type { MessageKey } from '../../content-keys.ts';
import { emptyResult } from '../../report/result.ts';
import { Trouble } from '../../trouble.ts';
import { standingOfBoard } from '../../workshop/board/asking-board.ts';
import type { BoardStanding } from '../../workshop/board/desk-api.ts';
import { joinLine } from '../../workshop/join-line.ts';
import type { Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { written } from '../out-file.ts';
import { printed } from '../printed.ts';
import { act, seatsOf } from './own-workshop.ts';

/** A machine of the room takes as long for it as its engine takes to stop what runs there. */
const WAIT_MS = 60_000;
const LOOK_EVERY_MS = 250;

interface ProvedSeat {
  seat: number;
  name: string;
  /** It was there when the reset was asked for. */
  here: boolean;
  /** Null: nothing was heard of it. */
  proved: boolean | null;
  left: number | null;
  trouble: string | null;
}

type Asked = BoardStanding['behind'];

export interface ResetAsked {
  next: boolean;
  proof: string | undefined;
}

/** Asks seats to take away all that their runs made. 0: each that was here has proved it; else 1, and who has not. */
export async function resetWorkshop(
  desk: Desk,
  ticket: Ticket,
  words: readonly string[],
  { next, proof }: ResetAsked,
): Promise<number> {
  const { content, screen } = desk;
  const meant = words.length === 0 ? null : seatsOf(words);
  const before = await standing(ticket);
  await act(ticket, { act: 'reset', seats: meant ?? 'all', next });
  const isMeant = ({ seat }: { seat: number }) => meant === null || meant.includes(seat);
  const asked = before.behind.filter((each) => !each.hasLeft && isMeant(each));
  const here = new Set(before.board.seats.flatMap(({ seat, state }) => (state === 'here' ? [seat] : [])));
  screen.aside(content.say('messages', 'workshop-reset-asked', { count: asked.length }));
  for (const line of waitingLines(desk, asked, here)) screen.aside(line);
  const seats = await waited(ticket, asked, here);
  const unproved = seats.filter(({ here, proved }) => here && proved !== true);
  const told = { group: before.epoch, next, time: new Date().toISOString(), seats };
  if (proof !== undefined) written(proof, `${JSON.stringify({ id: ticket.id, ...told }, null, 2)}\n`);
  const group = before.epoch + 1;
  const outcome = unproved.length === 0 ? ('met' as const) : ('not-met' as const);
  printed(desk, { ...emptyResult(ticket.lab, null), outcome }, { workshop: told }, () => {
    const proved = seats.filter((each) => each.proved === true).length;
    screen.line(content.say('messages', 'workshop-reset-done', { proved, all: seats.length }));
    if (proof !== undefined) screen.line(content.say('messages', 'workshop-exported', { file: proof }));
    for (const each of seats.filter(({ proved: is }) => is !== true)) screen.line(unprovedLine(desk, each));
    if (next)
      screen.line(content.say('messages', 'workshop-next-line', { group, line: joinLine(ticket, group) }));
  });
  return unproved.length === 0 ? 0 : 1;
}

/** Who is waited for, and for what: a machine of the room resets at once, a laptop of one's own when it is used next. */
function waitingLines({ content }: Desk, asked: Asked, here: ReadonlySet<number>): string[] {
  const kinds = [
    ['workshop-reset-waits-managed', ({ seat, managed }) => here.has(seat) && managed],
    ['workshop-reset-waits-own', ({ seat, managed }) => here.has(seat) && !managed],
    ['workshop-reset-not-here', ({ seat }) => !here.has(seat)],
  ] satisfies [MessageKey, (each: Asked[number]) => boolean][];
  return kinds.flatMap(([key, isOne]) => {
    const seats = asked.filter(isOne).map(({ seat, name }) => `${seat} ${name}`);
    return seats.length === 0 ? [] : [content.say('messages', key, { seats: seats.join(', ') })];
  });
}

async function standing(ticket: Ticket): Promise<BoardStanding> {
  const told = await standingOfBoard(ticket);
  if (told === null) throw new Trouble('workshop-no-board', { id: ticket.id });
  return told;
}

/** Until each that was here has answered, or nobody is waited for any longer. */
async function waited(ticket: Ticket, asked: Asked, here: ReadonlySet<number>): Promise<ProvedSeat[]> {
  for (const until = Date.now() + WAIT_MS; ; await delay(LOOK_EVERY_MS)) {
    const proofs = new Map((await standing(ticket)).proof?.seats.map((each) => [each.seat, each]));
    const seats = asked.map(({ seat, name }): ProvedSeat => {
      const { left = null, trouble = null, proved = false } = proofs.get(seat) ?? {};
      const isHeard = left !== null || trouble !== null;
      return { seat, name, here: here.has(seat), proved: isHeard ? proved : null, left, trouble };
    });
    const isDone = seats.every(({ here, proved }) => !here || proved !== null);
    if (isDone || Date.now() >= until) return seats;
  }
}

function unprovedLine({ content }: Desk, { seat, name, proved, left, trouble }: ProvedSeat): string {
  const say = content.say.bind(content, 'messages');
  if (proved === null) return say('workshop-reset-unheard', { seat, name });
  if (trouble !== null) return say('workshop-reset-trouble', { seat, name, trouble });
  return say('workshop-reset-left', { seat, name, left: left ?? 0 });
}
