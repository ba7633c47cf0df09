/** Decides and stores in groups: what comes while one group is being flushed is the next, and all of it is one flush. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BoardRecord, Kept, Store } from '../records.ts';
import { type Decision, Refusal } from './deciding.ts';
import { Ledger, type LedgerKept } from './ledger.ts';

/** A disk that is full is not asked again at once. */
const PAUSE_MS = 1_000;
/**
 * So long after a flush began what comes is gathered for the next: each costs a busy board as much as what a hundred lines
 * do. Where the disk took longer, nobody waits again.
 */
const GATHER_MS = 14;
const MOST_IN_GROUP = 2_000;
/** What waits beyond is told to come later. */
const MOST_WAITING = 20_000;

type Decide = (ledger: Ledger) => Decision<unknown>;

interface Waiting {
  decide: Decide;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

interface Told {
  /** Called with records once they are flushed, in their order. */
  stored(records: readonly BoardRecord[]): void;
  /** What was made of what was told so far. */
  kept(): unknown;
  /** Called with what was kept, in place of telling what it was made of. */
  recalled(state: unknown): void;
  /** The store cannot be read any more. */
  lost(): void;
}

export class Committing {
  ledger = new Ledger();
  /** Why nothing can be stored now; null where it can. */
  trouble: unknown = null;
  readonly #store: Store;
  readonly #told: Told;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;
  /** Records that were told, since the first of all. */
  #count = 0;
  #pausedUntil = 0;
  #begunAt = Number.NEGATIVE_INFINITY;

  constructor(store: Store, told: Told) {
    this.#store = store;
    this.#told = told;
  }

  /** Resolves with the answer once what it rests upon is stored. Rejects with a `Refusal`, or with why it was not. */
  commit<Answer>(decide: (ledger: Ledger) => Decision<Answer>): Promise<Answer> {
    if (this.#waiting.length >= MOST_WAITING || Date.now() < this.#pausedUntil)
      return Promise.reject(new Refusal(503, 'not-stored'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ decide, resolve: resolve as Waiting['resolve'], reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /**
   * Takes in what is stored, and tells what of it was not told yet. Called before anything is committed, where it tells as it
   * reads, so that it need not hold all; and after a failure, when others are told once the ledger is whole.
   */
  async replay(): Promise<void> {
    const isFirst = this.#count === 0;
    const kept = isFirst ? this.#store.kept() : null;
    const ledger = kept === null ? new Ledger() : this.#recall(kept);
    if (isFirst) this.ledger = ledger;
    const fresh: BoardRecord[] = [];
    let count = kept?.records ?? 0;
    for await (const records of this.#store.replay(kept)) {
      for (const record of records) ledger.take(record);
      const untold = records.slice(Math.max(0, this.#count - count));
      count += records.length;
      if (isFirst) this.#tell(untold);
      else fresh.push(...untold);
    }
    this.ledger = ledger;
    if (fresh.length > 0) this.#tell(fresh);
    this.#keep();
  }

  /** Others, on another board, have stored this. */
  takeFromOthers(records: readonly BoardRecord[]): void {
    for (const record of records) this.ledger.take(record);
    this.#tell(records);
  }

  #recall({ records, state }: Kept): Ledger {
    const { ledger, told } = state as { ledger: LedgerKept; told: unknown };
    this.#count = records;
    this.#told.recalled(told);
    return Ledger.of(ledger);
  }

  /** The ledger is as far as what was told. */
  #keep(): void {
    const state = () => ({ ledger: this.ledger.kept(), told: this.#told.kept() });
    this.#store.keep(() => ({ records: this.#count, state: state() }));
  }

  #tell(records: readonly BoardRecord[]): void {
    this.#count += records.length;
    this.#told.stored(records);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // All requests that have come in with this turn of the loop are in the group.
      await new Promise((resolve) => setImmediate(resolve));
      const rest = this.#begunAt + GATHER_MS - performance.now();
      if (rest > 0) await delay(rest);
      await this.#storeGroup(this.#waiting.splice(0, MOST_IN_GROUP));
    }
    this.#isRunning = false;
  }

  async #storeGroup(group: readonly Waiting[]): Promise<void> {
    const answers: (() => void)[] = [];
    let records: BoardRecord[] = [];
    const decideAll = () => {
      records = group.flatMap(({ decide, resolve, reject }) => {
        try {
          const { records, answer } = decide(this.ledger);
          for (const record of records) this.ledger.take(record);
          answers.push(() => resolve(answer));
          return records;
        } catch (error) {
          // A refusal rests upon what the others of the group have stored.
          answers.push(() => reject(error));
          return [];
        }
      });
      return records;
    };
    this.#begunAt = performance.now();
    try {
      await this.#store.append(decideAll);
      this.trouble = null;
    } catch (error) {
      await this.#failed(group, error);
      return;
    }
    this.#tell(records);
    for (const answer of answers) answer();
    this.#keep();
  }

  /** The ledger has run ahead of what is stored: it is made anew of that. */
  async #failed(group: readonly Waiting[], error: unknown): Promise<void> {
    this.trouble = error;
    this.#pausedUntil = Date.now() + PAUSE_MS;
    for (const { reject } of group) reject(new Refusal(503, 'not-stored'));
    try {
      await this.replay();
    } catch (again) {
      this.trouble = again;
      this.#told.lost();
    }
  }
}
