/** How long a room takes for a step: the median of the seats that have done it. */

/** Fewer seats are no room. */
const FEWEST = 3;

/** By step and seat, in milliseconds. */
export type MediansKept = Map<string, Map<number, number>>;

export class Medians {
  readonly #took: Map<string, Map<number, number>>;
  readonly #median = new Map<string, number | null>();

  /** `kept`: what another one kept. */
  constructor(kept: MediansKept = new Map()) {
    this.#took = kept;
  }

  kept(): MediansKept {
    return this.#took;
  }

  /** `tookMs`: null where nobody knows. */
  note(step: string, seat: number, tookMs: number | null): void {
    if (tookMs === null) return;
    const seats = this.#took.get(step) ?? new Map<number, number>();
    if (seats.get(seat) === tookMs) return;
    this.#took.set(step, seats.set(seat, tookMs));
    this.#median.delete(step);
  }

  /** Milliseconds; null where too few have done it. */
  of(step: string): number | null {
    const known = this.#median.get(step);
    if (known !== undefined) return known;
    const sorted = [...(this.#took.get(step)?.values() ?? [])].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    const low = sorted[Math.ceil(middle) - 1] ?? 0;
    const median = sorted.length < FEWEST ? null : (low + (sorted[Math.floor(middle)] ?? 0)) / 2;
    this.#median.set(step, median);
    return median;
  }
}
