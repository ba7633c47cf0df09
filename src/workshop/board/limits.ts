/**
 * How much anybody may ask: counted by seat, by connection and in all, never by address, since a whole room has one. Times are
 * in milliseconds.
 */

/** So many at once, and so many more each second. */
export interface Rate {
  burst: number;
  perSecond: number;
}

export const RATES = {
  /** Handshakes with a code's key that failed, in all: who guesses is slowed, and everybody who has a seat is not. */
  wrongCodes: { burst: 100, perSecond: 5 },
  /** New seats, in all. */
  newSeats: { burst: 200, perSecond: 20 },
  /** Requests of one seat: who fills a whole morning in sends 500 lines with each. */
  seatRequests: { burst: 200, perSecond: 20 },
  /** Bytes of one seat. */
  seatBytes: { burst: 16 * 1024 * 1024, perSecond: 256 * 1024 },
} as const satisfies Record<string, Rate>;

export const AT_ONCE = {
  connections: 16_000,
  /** Of them such as have not said yet who they are. */
  strangers: 1_500,
  /** In clear text: they may not crowd the seats out. */
  plain: 300,
  ofSeat: 6,
} as const;

/** How long a connection may take to say something, a handshake, the head of a request, and all of it. */
export const WITHIN = {
  firstByte: 5_000,
  handshake: 8_000,
  head: 5_000,
  request: 10_000,
  idle: 60_000,
} as const;

/** A rate, as a bucket that fills: what it does not hold is refused. */
export class Bucket {
  #left: number;
  #at: number;
  readonly #rate: Rate;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = now;
  }

  /** Whether it had room for so much, which it has no more. Zero asks whether there is any. */
  take(amount: number, now: number): boolean {
    const { burst, perSecond } = this.#rate;
    this.#left = Math.min(burst, this.#left + (Math.max(0, now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    if (this.#left < Math.max(amount, 1)) return false;
    this.#left -= amount;
    return true;
  }
}
