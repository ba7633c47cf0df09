/** What an instructor tells the board, a verb each. */
import { emptyResult } from '../../report/result.ts';
import { Trouble, Usage } from '../../trouble.ts';
import { cleanText } from '../../workshop/board/asked.ts';
import { standingOfBoard } from '../../workshop/board/asking-board.ts';
import type { Act } from '../../workshop/board/instructing.ts';
import { MOST } from '../../workshop/protocol.ts';
import { emptySeats } from '../../workshop/shown/empty-seats.ts';
import type { Ticket } from '../../workshop/ticket.ts';
import { checkedStep, type Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { act, ownWorkshop, seatOf, seatsOf } from './own-workshop.ts';

export type Telling = 'say' | 'pace' | 'take' | 'done' | 'rename' | 'remove' | 'lock' | 'unlock';

export async function tell(
  desk: Desk,
  verb: Telling,
  words: readonly string[],
  by: string | null = null,
): Promise<number> {
  const ticket = ownWorkshop(desk);
  const isEmpty = verb === 'remove' && words.join() === 'empty';
  const asked = isEmpty ? await removingEmpty(ticket) : actOf(ticket.steps, verb, words, by);
  await act(ticket, asked);
  const told = { id: ticket.id, name: ticket.name, ...asked };
  return printed(desk, emptyResult(ticket.lab, null), { workshop: told }, () =>
    desk.screen.line(desk.content.say('messages', 'workshop-done-act')),
  );
}

function actOf(
  steps: readonly { id: string }[],
  verb: Telling,
  words: readonly string[],
  by: string | null,
): Act {
  const [first, ...rest] = words;
  switch (verb) {
    case 'say':
      return { act: 'say', text: textOf(words, MOST.sayCharacters) };
    case 'pace': {
      const ids = steps.map(({ id }) => id);
      return { act: 'pace', step: first === 'open' ? null : checkedStep({ steps: ids }, first ?? '') };
    }
    case 'take':
    case 'done':
      return { act: verb, seat: seatOf(first), by };
    case 'rename':
      return { act: 'rename', seat: seatOf(first), name: textOf(rest, MOST.nameCharacters) };
    case 'remove':
      return { act: 'remove', seats: words.length === 0 ? [seatOf(undefined)] : seatsOf(words) };
    default:
      return { act: verb };
  }
}

/** Usage `no-empty-seats` where somebody sits at each. */
async function removingEmpty(ticket: Ticket): Promise<Act> {
  const standing = await standingOfBoard(ticket);
  if (standing === null) throw new Trouble('workshop-no-board', { id: ticket.id });
  const seats = emptySeats(standing.board.seats);
  if (seats.length === 0) throw new Usage('no-empty-seats');
  return { act: 'remove', seats };
}

function textOf(words: readonly string[], longest: number): string {
  const text = cleanText(words.join(' '), longest);
  if (text === null) throw new Usage('workshop-no-words');
  return text;
}
