/** The seat of this machine in a workshop, for a page that stays open: what it hears, and its hand. No network is asked. */
import type { SeatWords } from '../../page/heard-at-seat.ts';
import { HomeWatch } from '../../workshop/seat/home-watch.ts';
import { readSeat, seatFolder } from '../../workshop/seat/seat-file.ts';
import { seatStanding, tellSeat } from '../../workshop/seat/seat-journal.ts';
import { startCourier } from '../../workshop/seat/start-courier.ts';

/** For what the system does not tell of: a folder that is made later, a watch that was not to be had. */
const LOOK_EVERY_MS = 1_000;

/** Calls `see` at once, and whenever it is another. The returned function stops it. */
export function followSeat(home: string, see: (seat: SeatWords | null) => void): () => void {
  let last = '';
  const look = () => {
    const now = wordsOf(home);
    const told = JSON.stringify(now);
    if (told === last) return;
    last = told;
    see(now);
  };
  const watch = new HomeWatch(look);
  const beat = setInterval(() => {
    watch.follow([seatFolder(home)]);
    look();
  }, LOOK_EVERY_MS).unref();
  watch.follow([seatFolder(home)]);
  look();
  return () => {
    clearInterval(beat);
    watch.close();
  };
}

/** Raises the hand, or takes it down; it is journaled here, and told when the board can be reached. */
export async function raiseHand(home: string, up: boolean): Promise<void> {
  const { now, left } = readSeat(home);
  if (now === null || left || (seatStanding(home).hand !== null) === up) return;
  await tellSeat(home, now.workshop.lab, [{ type: 'hand', up, text: null }]);
  startCourier(home);
}

/** Null: there is no seat, or nobody hears it; one that cannot be read keeps nobody from the page. */
function wordsOf(home: string): SeatWords | null {
  try {
    const { now, left, ended } = readSeat(home);
    if (now === null || left || ended !== null) return null;
    const { said, pace, hand } = seatStanding(home);
    const state = hand === null ? 'down' : hand.isTaken ? 'taken' : 'up';
    return { said: said?.text ?? null, pace: pace?.step ?? null, hand: state };
  } catch {
    return null;
  }
}
