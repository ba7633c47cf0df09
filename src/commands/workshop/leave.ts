import { rm } from 'node:fs/promises';
import { emptyResult } from '../../report/result.ts';
import { Trouble } from '../../trouble.ts';
import { NoAnswer } from '../../workshop/seat/board-link.ts';
import { readSeat, type Seat, seatFolder } from '../../workshop/seat/seat-file.ts';
import { changeSeat } from '../../workshop/seat/seat-journal.ts';
import { courierEnded } from '../../workshop/seat/start-courier.ts';
import { wireOf } from '../../workshop/seat/ways-to-board.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { ownSeat } from './own-seat.ts';

/** Nothing is sent from now on. `forget`: the board is to forget this seat's events, and this machine what it kept. */
export async function leave(desk: Desk, { forget }: { forget: boolean }): Promise<number> {
  const { settings, content, screen } = desk;
  const { home } = settings;
  // Who left, and then wants to be forgotten, has the key still.
  const seat = forget ? anySeat(home) : ownSeat(desk).seat;
  // First here: whatever the network does, it has stopped.
  await changeSeat(home, (file) => ({ ...file, left: true, joining: null }));
  // It would send after all, write into what is taken away, and take the seat's one wire back from us.
  await courierEnded(home);
  const isTold = await tellBoard(home, seat, forget);
  if (forget && !isTold) throw new Trouble('workshop-not-forgotten', { address: seat.addresses[0] ?? '' });
  if (forget) await rm(seatFolder(home), { recursive: true, force: true });
  const told = { left: true, forgotten: forget, boardKnows: isTold };
  return printed(desk, emptyResult(desk.folders.id, desk.run), { workshop: told }, () => {
    screen.line(content.say('messages', forget ? 'workshop-seat-forgotten' : 'workshop-left'));
    if (!isTold) screen.line(content.say('messages', 'workshop-left-untold'));
  });
}

function anySeat(home: string): Seat {
  const { now } = readSeat(home);
  if (now === null) throw new Trouble('workshop-no-seat');
  return now;
}

async function tellBoard(home: string, seat: Seat, forget: boolean): Promise<boolean> {
  for (const address of seat.addresses) {
    const wire = wireOf(home, seat, address);
    try {
      const { status } = await wire.ask({ ask: 'leave', forget });
      // A seat that the board does not know is forgotten already.
      if (status === 200 || status === 404 || status === 410) return true;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    } finally {
      wire.close();
    }
  }
  return false;
}
