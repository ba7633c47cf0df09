/** A machine of the room: it is reset as soon as that is wanted, and then has a seat in the next group. */
import { isProof } from '../../journal/seat-standing.ts';
import { nextSeat } from './joining.ts';
import { pause } from './retry.ts';
import type { Seat } from './seat-file.ts';
import { seatStanding } from './seat-journal.ts';

/** Takes away what the home's runs made, and journals the proof. Resolves when that has ended, however. */
export type ResetSeat = () => Promise<void>;

/** What did not come to its end is tried again after a while, and each time a longer one. */
const FIRST_AGAIN_MS = 5_000;
const LAST_AGAIN_MS = 600_000;

export class ManagedSeat {
  readonly #home: string;
  readonly #seat: Seat;
  readonly #reset: ResetSeat;
  readonly #signal: AbortSignal;
  #isAtWork = false;
  #pauseMs = FIRST_AGAIN_MS;

  constructor(home: string, seat: Seat, reset: ResetSeat, signal: AbortSignal) {
    this.#home = home;
    this.#seat = seat;
    this.#reset = reset;
    this.#signal = signal;
  }

  /** Asked again and again. `address`: of the board, once that has all that this seat had to tell; null before. */
  async look(address: string | null): Promise<void> {
    if (this.#isAtWork || this.#signal.aborted) return;
    const { resetWanted, proved } = seatStanding(this.#home);
    const isNext = proved !== null && isProof(proved) && proved.epoch > this.#seat.epoch;
    if (resetWanted === null && !(isNext && address !== null)) return;
    this.#isAtWork = true;
    try {
      if (resetWanted !== null) await this.#reset();
      // Its own key lets it in.
      else if (address !== null && (await nextSeat(this.#home, address, this.#seat))) return;
    } catch {
      // The board was not there; or it is for the verb to say what went wrong.
    } finally {
      const isDone = resetWanted !== null && seatStanding(this.#home).resetWanted === null;
      if (!isDone) await pause(this.#pauseMs, this.#signal);
      this.#pauseMs = isDone ? FIRST_AGAIN_MS : Math.min(LAST_AGAIN_MS, 2 * this.#pauseMs);
      this.#isAtWork = false;
    }
  }
}
