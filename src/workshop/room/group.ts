/** The seats of one group, and what was set for them: folded from the records of its epoch. */
import type { BoardRecord } from '../records.ts';
import { Medians, type MediansKept } from './median.ts';
import { type Proved, Seat, type SeatKept } from './seat.ts';
import type { When } from './seat-walk.ts';

/** A reset was asked for, and nothing is proved yet. */
const UNPROVED = { proved: false, left: null, trouble: null, atMs: null };

/** All that a group knows, as data. */
export interface GroupKept extends Pick<Group, 'epoch' | 'pace' | 'said' | 'locked' | 'closed'> {
  seats: SeatKept[];
  medians: MediansKept;
  removed: number[];
}

export class Group {
  readonly epoch: number;
  readonly seats = new Map<number, Seat>();
  readonly medians: Medians;
  pace: string | null = null;
  said: { text: string; atMs: number } | null = null;
  locked = false;
  closed = false;
  /** Seats of which something has changed since it was last told. */
  readonly changed = new Set<number>();
  readonly gone = new Set<number>();
  /** What was set has changed since it was last told. */
  isSet = true;
  readonly #removed = new Set<number>();
  readonly #order: ReadonlyMap<string, number>;

  constructor(epoch: number, order: ReadonlyMap<string, number>, medians = new Medians()) {
    this.epoch = epoch;
    this.#order = order;
    this.medians = medians;
  }

  static of(kept: GroupKept, order: ReadonlyMap<string, number>): Group {
    const { epoch, pace, said, locked, closed } = kept;
    const group = new Group(epoch, order, new Medians(kept.medians));
    for (const seat of kept.seats) group.seats.set(seat.number, Seat.of(seat, order));
    for (const number of kept.removed) group.#removed.add(number);
    return Object.assign(group, { pace, said, locked, closed });
  }

  kept(): GroupKept {
    const { epoch, pace, said, locked, closed, medians } = this;
    const seats = [...this.seats.values()].map((seat) => seat.kept());
    return {
      ...{ epoch, pace, said, locked, closed, seats },
      ...{ medians: medians.kept(), removed: [...this.#removed] },
    };
  }

  /** Returns what a seat newly proves in it. */
  take(record: BoardRecord, when: When): Proved[] {
    if (record.type === 'range') return this.#range(record, when);
    this.#act(record, when.now);
    return [];
  }

  #act(record: Exclude<BoardRecord, { type: 'range' }>, now: number): void {
    switch (record.type) {
      case 'joined':
        this.#joined(record, now);
        break;
      case 'taken':
        this.#of(record.seat, (seat) => {
          seat.takenBy = record.by ?? '';
        });
        break;
      case 'done':
        this.#of(record.seat, (seat) => seat.answered(now));
        break;
      case 'renamed':
        this.#of(record.seat, (seat) => Object.assign(seat, { name: record.name, isRenamed: true }));
        break;
      case 'left':
        this.#of(record.seat, (seat) => this.#left(seat, record.forgotten, now));
        break;
      case 'removed':
        this.#remove(record.seat);
        break;
      case 'reset-wanted':
        for (const seat of this.seats.values())
          if (!seat.hasLeft && (record.seats === 'all' || record.seats.includes(seat.number)))
            this.#of(seat.number, () => Object.assign(seat, { proof: { asked: record.id, ...UNPROVED } }));
        break;
      default:
        this.#set(record, now);
    }
  }

  /** What a seat tells after a reset that was asked of it. */
  prove(number: number, { asked, left, trouble }: Proved, atMs: number): void {
    const seat = this.seats.get(number);
    if (seat?.proof?.asked !== asked) return;
    seat.proof = { asked, proved: left === 0 && trouble === null, left, trouble, atMs };
    this.changed.add(number);
  }

  #set(record: BoardRecord, now: number): void {
    this.isSet = true;
    if (record.type === 'said') this.said = { text: record.text, atMs: now };
    if (record.type === 'pace') this.pace = record.step;
    if (record.type === 'locked') this.locked = true;
    if (record.type === 'unlocked') this.locked = false;
    if (record.type === 'opened') this.closed = false;
    if (record.type === 'closed') this.closed = true;
  }

  #joined({ seat: number, name, pglab }: Extract<BoardRecord, { type: 'joined' }>, now: number): void {
    this.#removed.delete(number);
    this.gone.delete(number);
    const seat = this.#seat(number, now);
    if (!seat.isRenamed) seat.name = name;
    seat.pglab = pglab;
    if (seat.hasLeft) Object.assign(seat, { hasLeft: false, stateSinceMs: now });
  }

  #range(record: Extract<BoardRecord, { type: 'range' }>, when: When): Proved[] {
    if (this.#removed.has(record.seat)) return [];
    const seat = this.#seat(record.seat, when.now);
    const proofs = seat.takeRange(record, when);
    for (const { id, tookMs } of seat.steps.values()) this.medians.note(id, seat.number, tookMs);
    // Without the clock: who is slow is found when somebody looks.
    seat.look(when.now, () => null);
    return proofs;
  }

  #left(seat: Seat, forgotten: boolean, now: number): void {
    if (forgotten) seat.forget();
    Object.assign(seat, { hasLeft: true, isHere: false, hand: null, takenBy: null, stateSinceMs: now });
  }

  #remove(number: number): void {
    this.#removed.add(number);
    this.changed.delete(number);
    if (this.seats.delete(number)) this.gone.add(number);
  }

  #of(number: number, act: (seat: Seat) => void): void {
    const seat = this.seats.get(number);
    if (!seat) return;
    act(seat);
    this.changed.add(number);
  }

  #seat(number: number, now: number): Seat {
    this.changed.add(number);
    const known = this.seats.get(number);
    if (known) return known;
    const seat = new Seat(number, this.#order, now);
    this.seats.set(number, seat);
    return seat;
  }
}
