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
  /** Handshakes with the key of a spoken code that failed, in all: who guesses is slowed, and who has a seat, or has scanned the code, is not. */
  wrongCodes: { burst: 100, perSecond: 5 },
  /** New seats, in all. */
  newSeats: { burst: 200, perSecond: 20 },
  /** Requests of one seat: who fills a whole morning in sends 500 lines with each. */
  seatRequests: { burst: 200, perSecond: 20 },
  /** Bytes of one seat. */
  seatBytes: { burst: 16 * 1024 * 1024, perSecond: 256 * 1024 },
} as const satisfies Record<string, Rate>;

/** Connections. Beyond, the oldest of its kind goes: who means well is through in no time. */
export const AT_ONCE = {
  /** Of all kinds; beyond, nobody comes in. */
  connections: 16_000,
  /** Such as have not said yet who they are. */
  strangers: 1_500,
  /** In clear text: they may not crowd the seats out. */
  plain: 300,
  /** Of all who join with one code. */
  join: 300,
  /** Of one seat. */
  seat: 6,
  /** Of all who assist. */
  assistant: 40,
} as const;

/** How long a connection may take to say something, a handshake, the head of a request, and all of it. */
export const WITHIN = {
  firstByte: 5_000,
  handshake: 8_000,
  head: 5_000,
  request: 10_000,
  idle: 60_000,
  idlePlain: 5_000,
  /** In clear text nothing was sent, or read, for so long. */
  silentPlain: 15_000,
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
