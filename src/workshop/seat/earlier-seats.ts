/** Seats that this machine had before: their last lines are theirs, and go to their own boards with their own keys. */
import { NoAnswer } from './board-link.ts';
import { HomeJournals } from './home-journals.ts';
import { pause, pauseBefore } from './retry.ts';
import type { EarlierSeat } from './seat-file.ts';
import { changeSeat } from './seat-journal.ts';
import { BoardRefuses, SeatSender } from './seat-sender.ts';
import { SentLog } from './sent-log.ts';
import { WaysToBoard } from './ways-to-board.ts';

/** Once what they had is delivered, or refused for good, they are forgotten. */
export async function deliverEarlier(
  home: string,
  seats: readonly EarlierSeat[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(seats.map((seat) => deliverOne(home, seat, signal)));
}

async function deliverOne(home: string, seat: EarlierSeat, signal: AbortSignal): Promise<void> {
  const journals = new HomeJournals(home);
  const streams = () => journals.streams();
  const sender = new SeatSender({ seat, sent: new SentLog(home), streams });
  for (let failed = 1; !signal.aborted; failed += 1) {
    const ways = new WaysToBoard(home, seat);
    try {
      journals.refresh();
      await sender.deliver(ways.wire, ways.address);
      return await forgetSeat(home, seat);
    } catch (error) {
      if (error instanceof BoardRefuses && isFinal(error)) return await forgetSeat(home, seat);
      if (!(error instanceof NoAnswer || error instanceof BoardRefuses)) throw error;
      sender.forget();
    } finally {
      ways.close();
    }
    await pause(pauseBefore(failed), signal);
  }
}

function isFinal({ status }: BoardRefuses): boolean {
  return status === 410 || status === 404 || status === 403;
}

async function forgetSeat(home: string, { key }: EarlierSeat): Promise<void> {
  await changeSeat(home, (file) => ({
    ...file,
    earlier: file.earlier.filter((each) => each.key !== key),
  }));
}
