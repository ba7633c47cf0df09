/** The news of a board, and how old what is shown is. */
import { Connection } from '../connection.ts';

/** What is shown counts as old after it, and the page greys. */
const STALE_MS = 5000;

export class News<Each> {
  #heardAt = performance.now();
  readonly #connection = new Connection(() => {});

  constructor(url: string, take: (news: Each) => void) {
    this.#connection.on('beat', () => this.#heard());
    this.#connection.on('news', (data) => {
      this.#heard();
      take(data as Each);
    });
    this.#connection.open(url);
  }

  /** Milliseconds since the board was heard. */
  get ageMs(): number {
    return performance.now() - this.#heardAt;
  }

  get isStale(): boolean {
    return this.ageMs > STALE_MS;
  }

  /** `0.4`, `12`. */
  get seconds(): string {
    const { ageMs } = this;
    return (ageMs / 1000).toFixed(ageMs < 10_000 ? 1 : 0);
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }
}
