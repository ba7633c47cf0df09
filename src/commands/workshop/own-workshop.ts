/** The workshop of this home, for its instructor. */
import { Trouble, Usage } from '../../trouble.ts';
import { BoardRefused, tellBoard } from '../../workshop/board/asking-board.ts';
import type { Act } from '../../workshop/board/instructing.ts';
import { openTicket, type Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';

/** Trouble `workshop-none` where none is open. */
export function ownWorkshop({ settings }: Pick<Desk, 'settings'>): Ticket {
  const ticket = openTicket(settings.home);
  if (ticket === null) throw new Trouble('workshop-none');
  return ticket;
}

/** Has the board do something. What it refuses is trouble, or wrong usage. */
export async function act(ticket: Ticket, asked: Act): Promise<void> {
  try {
    await tellBoard(ticket, asked);
  } catch (error) {
    if (!(error instanceof BoardRefused)) throw error;
    const seat = 'seat' in asked ? asked.seat : 'seats' in asked ? String(asked.seats) : '';
    if (error.refused === 'unknown-seat') throw new Usage('unknown-seat', { seat });
    if (error.refused === 'closed') throw new Trouble('workshop-closed', {}, { cause: error });
    if (error.refused === 'not-stored') throw new Trouble('workshop-not-stored', {}, { cause: error });
    throw error;
  }
}

/** Numbers of seats, and ranges of them: `12`, `14-20`. Usage `bad-seat` for anything else. */
export function seatsOf(words: readonly string[]): number[] {
  const seats = words.flatMap((word) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from < 1 || to < from) throw new Usage('bad-seat', { seat: word });
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
  return [...new Set(seats)];
}

/** One number. */
export function seatOf(word: string | undefined): number {
  const [seat, ...more] = seatsOf([word ?? '']);
  if (seat === undefined || more.length > 0) throw new Usage('bad-seat', { seat: word ?? '' });
  return seat;
}
