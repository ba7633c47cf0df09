/**
 * What a board must know to answer a seat: who has which seat, how far each stream has come, and which words were said.
 * A fold of its records. It runs ahead of what is flushed: nobody is answered from it before that is.
 */
import type { Heard, Through } from '../protocol.ts';
import type { BoardRecord } from '../records.ts';

export interface SeatRow {
  seat: number;
  nonce: string;
  name: string;
  managed: boolean;
  state: 'joined' | 'left' | 'forgotten' | 'removed';
}

/** A word for one seat, some or all of a group. */
export interface Word {
  epoch: number;
  seats: readonly number[] | 'all';
  heard: Exclude<Heard, { type: 'beat' }>;
}

/** Words that are kept for who comes back. */
const MOST_WORDS = 2_000;

const NOTHING: Through = { seq: 0, mark: null, fork: 0 };

/** All that a ledger knows, as data. */
export interface LedgerKept
  extends Pick<
    Ledger,
    | 'workshop'
    | 'name'
    | 'lab'
    | 'epoch'
    | 'isLocked'
    | 'isClosed'
    | 'closedAt'
    | 'pace'
    | 'said'
    | 'lastWord'
  > {
  words: Word[];
  groups: Map<number, Map<number, SeatRow>>;
  streams: Map<string, Through>;
  nonces: Map<string, number>;
}

export class Ledger {
  workshop = '';
  name = '';
  lab = '';
  epoch = 1;
  isLocked = false;
  isClosed = false;
  closedAt: string | null = null;
  pace: string | null = null;
  said: { text: string; at: string } | null = null;
  lastWord = 0;
  words: Word[] = [];
  #groups = new Map<number, Map<number, SeatRow>>();
  #streams = new Map<string, Through>();
  #nonces = new Map<string, number>();

  static of({ groups, streams, nonces, ...known }: LedgerKept): Ledger {
    const ledger = Object.assign(new Ledger(), known);
    [ledger.#groups, ledger.#streams, ledger.#nonces] = [groups, streams, nonces];
    return ledger;
  }

  kept(): LedgerKept {
    return { ...this, groups: this.#groups, streams: this.#streams, nonces: this.#nonces };
  }

  seats(epoch: number = this.epoch): ReadonlyMap<number, SeatRow> {
    return this.#group(epoch);
  }

  seat(epoch: number, seat: number): SeatRow | undefined {
    return this.#group(epoch).get(seat);
  }

  seatOfNonce(epoch: number, nonce: string): SeatRow | undefined {
    const row = this.seat(epoch, this.#nonces.get(`${epoch} ${nonce}`) ?? 0);
    return row?.nonce === nonce ? row : undefined;
  }

  through(epoch: number, seat: number, journal: string): Through {
    return this.#streams.get(streamOf(epoch, seat, journal)) ?? NOTHING;
  }

  take(record: BoardRecord): void {
    switch (record.type) {
      case 'opened':
        this.workshop = record.workshop;
        this.name = record.name;
        this.lab = record.lab;
        break;
      case 'range':
        this.#extend(record);
        break;
      case 'joined':
        this.#join(record);
        break;
      case 'locked':
      case 'unlocked':
        this.isLocked = record.type === 'locked';
        break;
      case 'left':
        this.#rename(record, (row) => ({ ...row, state: record.forgotten ? 'forgotten' : 'left' }));
        break;
      default:
        this.#hear(record);
    }
  }

  /** What was said by an instructor: each has a number, and goes to whom it concerns. */
  #hear(record: Extract<BoardRecord, { id: number }>): void {
    this.lastWord = Math.max(this.lastWord, record.id);
    if (record.type === 'said') this.said = { text: record.text, at: record.at };
    if (record.type === 'pace') this.pace = record.step;
    if (record.type === 'renamed') this.#rename(record, (row) => ({ ...row, name: record.name }));
    if (record.type === 'removed') this.#rename(record, (row) => ({ ...row, state: 'removed' }));
    if (record.type === 'closed') [this.isClosed, this.closedAt] = [true, record.at];
    const word = wordOf(record);
    this.words.push(word);
    if (this.words.length > MOST_WORDS) this.words.shift();
    if (record.type !== 'reset-wanted' || !record.next) return;
    this.epoch = record.epoch + 1;
    this.isLocked = false;
    this.pace = null;
    this.said = null;
  }

  #join({ epoch, seat, nonce, name, managed }: Extract<BoardRecord, { type: 'joined' }>): void {
    this.#group(epoch).set(seat, { seat, nonce, name, managed, state: 'joined' });
    this.#nonces.set(`${epoch} ${nonce}`, seat);
  }

  #rename({ epoch, seat }: { epoch: number; seat: number }, change: (row: SeatRow) => SeatRow): void {
    const row = this.seat(epoch, seat);
    if (row) this.#group(epoch).set(seat, change(row));
  }

  /** One that does not build upon what is there, because a line of the log was damaged, is sent again by its courier. */
  #extend(range: Extract<BoardRecord, { type: 'range' }>): void {
    const { epoch, seat, journal, to: seq, mark, fork } = range;
    if (!isBuiltUpon(this.through(epoch, seat, journal), range)) return;
    this.#streams.set(streamOf(epoch, seat, journal), { seq, mark, fork });
  }

  #group(epoch: number): Map<number, SeatRow> {
    const known = this.#groups.get(epoch) ?? new Map<number, SeatRow>();
    this.#groups.set(epoch, known);
    return known;
  }
}

/** Whether a range goes on with a stream, or begins its next fork. */
export function isBuiltUpon(
  through: Through,
  range: { after: number; afterMark: string | null; fork: number },
): boolean {
  if (range.fork === through.fork + 1) return range.after === 0 && range.afterMark === null;
  return range.fork === through.fork && range.after === through.seq && range.afterMark === through.mark;
}

function wordOf(record: Extract<BoardRecord, { id: number }>): Word {
  const { epoch, id } = record;
  const toAll = (heard: Word['heard']): Word => ({ epoch, seats: 'all', heard });
  switch (record.type) {
    case 'said':
      return toAll({ type: 'said', id, text: record.text });
    case 'pace':
      return toAll({ type: 'pace', id, step: record.step });
    case 'closed':
      return toAll({ type: 'closing', id });
    case 'reset-wanted': {
      const begins = record.next ? epoch + 1 : epoch;
      return {
        epoch,
        seats: record.seats,
        heard: { type: 'reset-wanted', id, epoch: begins, seats: record.seats },
      };
    }
    case 'taken':
    case 'done':
      return { epoch, seats: [record.seat], heard: { type: 'hand', id, state: record.type, by: record.by } };
    case 'renamed':
      return { epoch, seats: [record.seat], heard: { type: 'renamed', id, name: record.name } };
    case 'removed':
      return { epoch, seats: [record.seat], heard: { type: 'removed', id } };
  }
}

function streamOf(epoch: number, seat: number, journal: string): string {
  return `${epoch} ${seat} ${journal}`;
}
