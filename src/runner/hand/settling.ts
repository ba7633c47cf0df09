/** Which verdicts are told while a step is watched: what is met at once, what is not only once it stays so. */
import type { Judged } from '../../journal/events.ts';

/** What is wrong for a moment only, between two commands or while a server starts, is not told. */
const STAYS_MS = 1_500;

export class Settling {
  /** What was told last, by check. */
  readonly #told = new Map<string, string>();
  /** What is to be told if it stays, and since when it is so. */
  readonly #coming = new Map<string, { print: string; since: number }>();

  /** Whether this verdict is to be told now. `now`: as performance.now() gave it, when it was judged. */
  take(verdict: Judged, now: number): boolean {
    const print = printOf(verdict);
    if (this.#told.get(verdict.id) === print) {
      this.#coming.delete(verdict.id);
      return false;
    }
    const coming = this.#coming.get(verdict.id);
    const hasStayed = coming?.print === print && now - coming.since >= STAYS_MS;
    if (verdict.outcome === 'met' || hasStayed) {
      this.#told.set(verdict.id, print);
      this.#coming.delete(verdict.id);
      return true;
    }
    if (coming?.print !== print) this.#coming.set(verdict.id, { print, since: now });
    return false;
  }

  /** Those that have not been told as they are: they are told now, whether they stay so or not. */
  takeUntold(verdicts: readonly Judged[]): Judged[] {
    return verdicts.filter((verdict) => {
      const print = printOf(verdict);
      if (this.#told.get(verdict.id) === print) return false;
      this.#told.set(verdict.id, print);
      this.#coming.delete(verdict.id);
      return true;
    });
  }
}

function printOf({ outcome, finding, values }: Judged): string {
  return JSON.stringify([outcome, finding, values]);
}
