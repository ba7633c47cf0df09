/** What a page or a terminal knows of a board: its news, one after another, as one picture. */
import type { BoardNews, BoardView, RoomState, SeatSteps, SeatView } from '../board-schema.ts';
import { emptySeats } from './empty-seats.ts';

/** A seat, with times by the board's clock, in milliseconds: they stay true while it says nothing. */
export interface ShownSeat extends SeatView, SeatSteps {
  sinceAt: number;
  handAt: number;
}

const NO_ROOM: RoomState = {
  ...{ pace: null, said: null, locked: false, closed: false, join: '', most: 0, steps: [] },
};

export class ShownBoard {
  name = '';
  group = 1;
  room: RoomState = NO_ROOM;
  needsYou: readonly number[] = [];
  counts: BoardView['steps'] = [];
  readonly seats = new Map<number, ShownSeat>();
  /** When the board told its time last, by its own clock. */
  atMs = 0;

  /** Returns the seats that are others now, those that are gone too; null: all may be. */
  take(news: BoardNews): number[] | null {
    if (news.type === 'whole') {
      this.#whole(news);
      return null;
    }
    if (news.type === 'room') {
      Object.assign(this, { needsYou: news.needsYou, counts: news.steps, room: news.room });
      return [];
    }
    this.atMs = Date.parse(news.time);
    for (const seat of news.gone) this.seats.delete(seat);
    for (const seat of news.seats) this.#put(seat);
    return [...news.gone, ...news.seats.map(({ seat }) => seat)];
  }

  inOrder(): ShownSeat[] {
    return [...this.seats.values()].sort((a, b) => a.seat - b.seat);
  }

  /** Seats that are here, all but those that left, and the lines that are still with them. */
  totals(): { here: number; all: number; missing: number } {
    const totals = { here: 0, all: 0, missing: 0 };
    for (const { state, behind } of this.seats.values()) {
      if (state === 'here') totals.here += 1;
      if (state !== 'left') totals.all += 1;
      totals.missing += behind ?? 0;
    }
    return totals;
  }

  /** Seats that nobody sits at; `now`: by the board's clock, in milliseconds. */
  empty(now: number): number[] {
    return emptySeats(this.inOrder().map((seat) => ({ ...seat, sinceMs: now - seat.sinceAt })));
  }

  /** Nobody new gets in. */
  get isFull(): boolean {
    return this.room.most > 0 && this.seats.size >= this.room.most;
  }

  #whole({ board, seats, room }: Extract<BoardNews, { type: 'whole' }>): void {
    const { name, group, needsYou, steps } = board;
    Object.assign(this, { name, group, needsYou, room, counts: steps, atMs: Date.parse(board.time) });
    this.seats.clear();
    const beside = new Map(seats.map((each) => [each.seat, each]));
    for (const seat of board.seats) {
      const more = beside.get(seat.seat);
      if (more) this.#put({ ...seat, ...more });
    }
  }

  #put(seat: SeatView & SeatSteps): void {
    const handAt = this.atMs - (seat.hand?.sinceMs ?? 0);
    this.seats.set(seat.seat, { ...seat, sinceAt: this.atMs - seat.sinceMs, handAt });
  }
}

/** Seats that read the same of the same step. */
export interface SameThing {
  step: string;
  finding: string;
  isTrouble: boolean;
  seats: number[];
}

/** What two seats or more have in common, the most first: the one figure that says whether to stop and explain. */
export function sameThings(seats: Iterable<ShownSeat>): SameThing[] {
  const things = new Map<string, SameThing>();
  for (const { seat, state, step, finding, outcome } of seats) {
    if (state === 'left' || finding === null || step === null || outcome === 'done') continue;
    const key = `${step} ${finding}`;
    const thing = things.get(key) ?? { step, finding, isTrouble: outcome === 'trouble', seats: [] };
    thing.seats.push(seat);
    things.set(key, thing);
  }
  return [...things.values()]
    .filter(({ seats: same }) => same.length > 1)
    .sort((a, b) => b.seats.length - a.seats.length || (a.seats[0] ?? 0) - (b.seats[0] ?? 0));
}
