/** A board that somebody watches: that of this machine, or one elsewhere, for who assists. */
import { Trouble, Usage } from '../../trouble.ts';
import { newsOfBoard, standingOfBoard } from '../../workshop/board/asking-board.ts';
import { mayBeAssistants, readCode } from '../../workshop/codes.ts';
import type { Assisting } from '../../workshop/seat/assisting.ts';
import type { Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { boardAddress } from './board-address.ts';
import { ownWorkshop } from './own-workshop.ts';

/** Both are watched alike. */
export type WatchedBoard = Assisting;

/** `words`: none for the board of this machine, else `ADDRESS CODE`. */
export async function watchedBoard(desk: Desk, words: readonly string[]): Promise<WatchedBoard> {
  const [where, ...rest] = words;
  if (where === undefined) return ownBoard(ownWorkshop(desk));
  const code = readCode(rest.join(''));
  if (code === null || !mayBeAssistants(code)) throw new Usage('workshop-assist-what');
  const { openAssisting } = await import('../../workshop/seat/assisting.ts');
  return openAssisting(boardAddress(where), code);
}

function ownBoard(ticket: Ticket): WatchedBoard {
  return {
    lab: ticket.lab,
    async view() {
      const standing = await standingOfBoard(ticket);
      if (standing === null) throw new Trouble('workshop-no-board', { id: ticket.id });
      return standing.board;
    },
    async follow(signal, take) {
      for await (const news of newsOfBoard(ticket, signal)) take(news);
    },
    close() {},
  };
}
