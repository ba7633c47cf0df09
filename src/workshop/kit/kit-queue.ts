/**
 * Who may fetch what is large: a few at a time, the others in the order in which they came. Who waits holds no connection: it
 * asks again, with the ticket that it gave itself.
 */

export const QUEUE = {
  /** At a time: more make each slower, and none sooner. */
  atOnce: 4,
  /** Who does not ask again within this is gone. Milliseconds. */
  patience: 10_000,
  waiting: 2_000,
} as const;

export class KitQueue {
  /** Tickets that wait, in order, with when each last asked. */
  readonly #waiting = new Map<string, number>();
  readonly #now: () => number;
  #served = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get served(): number {
    return this.#served;
  }

  get waiting(): number {
    this.#forgetGone();
    return this.#waiting.size;
  }

  /** 0: it is its turn now, and it is served until `leave`; from 1 on its place; null: too many wait. */
  ask(ticket: string): number | null {
    this.#forgetGone();
    const isKnown = this.#waiting.has(ticket);
    if (!isKnown && this.#waiting.size >= QUEUE.waiting) return null;
    this.#waiting.set(ticket, this.#now());
    const place = this.#placeOf(ticket);
    if (place > QUEUE.atOnce - this.#served) return place;
    this.#waiting.delete(ticket);
    this.#served += 1;
    return 0;
  }

  /** Its place without asking for its turn; null: it does not wait. */
  look(ticket: string): number | null {
    this.#forgetGone();
    if (!this.#waiting.has(ticket)) return null;
    this.#waiting.set(ticket, this.#now());
    return this.#placeOf(ticket);
  }

  leave(): void {
    this.#served -= 1;
  }

  #placeOf(ticket: string): number {
    return [...this.#waiting.keys()].indexOf(ticket) + 1;
  }

  #forgetGone(): void {
    const since = this.#now() - QUEUE.patience;
    for (const [ticket, at] of this.#waiting) if (at < since) this.#waiting.delete(ticket);
  }
}
