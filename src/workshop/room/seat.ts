/** One seat of a group: its streams, its hand, whether it is there. Times are the board's, in milliseconds. */
import type { BoardRecord } from '../records.ts';
import { SeatWalk, type WalkKept, type When } from './seat-walk.ts';
import { answer, STUCK_AFTER, type StepWalk, tellingOf } from './step-walk.ts';

export type RangeRecord = Extract<BoardRecord, { type: 'range' }>;

export type Proved = Extract<RangeRecord['lean'][number], { type: 'proved' }>;

/** A journal as the board has it: its newest fork, up to `through`. */
interface Stream {
  fork: number;
  through: number;
  walk: SeatWalk;
}

export interface Proof {
  /** The id of the wish. */
  asked: number;
  proved: boolean;
  /** How many things are left; null: it told nothing yet. */
  left: number | null;
  trouble: string | null;
  atMs: number | null;
}

export type Outcome = 'working' | 'stuck' | 'trouble' | 'done';

/** After so many hints a step has no more. */
const HINTS = 3;

/** Journals of a seat that are kept: a run each, and its own. */
const MOST_STREAMS = 64;

const KEPT_FIELDS = [
  ...(['number', 'name', 'pglab', 'isRenamed', 'hasLeft', 'stateSinceMs'] as const),
  ...(['hand', 'takenBy', 'proof', 'known'] as const),
];

/** All that a seat knows of its records, as data: without who is there. */
export interface SeatKept extends Pick<Seat, (typeof KEPT_FIELDS)[number]> {
  more: number | null;
  streams: { journal: string; fork: number; through: number; walk: WalkKept }[];
  /** The journal that it walks now; null: one that is not kept any more, or none. */
  walks: string | null;
  walk: WalkKept | null;
}

export class Seat {
  readonly number: number;
  name: string;
  pglab = '';
  isRenamed = false;
  hasLeft = false;
  isHere = false;
  /** Since when it is here, away or has left, as far as is known. */
  stateSinceMs: number;
  hand: { text: string | null; sinceMs: number } | null = null;
  takenBy: string | null = null;
  behind: number | null = null;
  /** Of the last reset that was asked of it; null: none was. */
  proof: Proof | null = null;
  /** What was true when it was last looked at, and since when. */
  known: { outcome: Outcome; step: string | null; sinceMs: number };
  /** As its last range said. */
  #more: number | null = null;
  readonly #streams = new Map<string, Stream>();
  #walk: SeatWalk | null = null;
  readonly #order: ReadonlyMap<string, number>;

  constructor(number: number, order: ReadonlyMap<string, number>, now: number) {
    this.number = number;
    this.name = '';
    this.#order = order;
    this.stateSinceMs = now;
    this.known = { outcome: 'working', step: null, sinceMs: now };
  }

  static of(kept: SeatKept, order: ReadonlyMap<string, number>): Seat {
    const seat = new Seat(kept.number, order, kept.stateSinceMs);
    for (const field of KEPT_FIELDS) Object.assign(seat, { [field]: kept[field] });
    seat.#more = kept.more;
    seat.behind = kept.more;
    for (const { journal, walk, ...stream } of kept.streams)
      seat.#streams.set(journal, { ...stream, walk: SeatWalk.of(walk, order) });
    const walks = kept.walks === null ? undefined : seat.#streams.get(kept.walks);
    seat.#walk = walks?.walk ?? (kept.walk && SeatWalk.of(kept.walk, order));
    return seat;
  }

  kept(): SeatKept {
    const streams = [...this.#streams];
    const walks = streams.find(([, { walk }]) => walk === this.#walk)?.[0] ?? null;
    const { number, name, pglab, isRenamed, hasLeft, stateSinceMs, hand, takenBy, proof, known } = this;
    return {
      ...{ number, name, pglab, isRenamed, hasLeft, stateSinceMs, hand, takenBy, proof, known },
      ...{ more: this.#more, walks, walk: walks === null ? (this.#walk?.kept() ?? null) : null },
      streams: streams.map(([journal, { walk, ...rest }]) => ({ journal, ...rest, walk: walk.kept() })),
    };
  }

  /** What is new in a range: what overlaps is cut off, and a fork begins anew. Returns the new proofs in it. */
  takeRange(range: RangeRecord, when: When): Proved[] {
    const stream = this.#streamOf(range);
    if (stream === null) return [];
    const proofs: Proved[] = [];
    for (const event of range.lean) {
      if (event.seq <= stream.through) continue;
      if (event.type === 'hand') this.#raise(event, when.now);
      else if (event.type === 'proved') proofs.push(event);
      else stream.walk.take(event, when);
    }
    stream.through = Math.max(stream.through, range.to);
    this.#more = range.more;
    this.behind = range.more;
    if (stream.walk.pglab !== null) this.pglab = stream.walk.pglab;
    this.#choose(stream);
    return proofs;
  }

  /** Steps of the run that it walks now, by id. */
  get steps(): ReadonlyMap<string, StepWalk> {
    return this.#walk === null || this.#walk.isOver ? new Map() : this.#walk.steps;
  }

  get step(): StepWalk | null {
    return this.#walk?.step ?? null;
  }

  get trouble(): string | null {
    return this.#walk?.isOver === false ? (this.#walk.trouble?.code ?? null) : null;
  }

  #outcomeAt(step: StepWalk | null, now: number, median: number | null): Outcome {
    if (this.trouble !== null) return 'trouble';
    if (step === null) return 'working';
    if (step.outcome === 'met' || step.outcome === 'skipped') return 'done';
    return isStuck(step, now, median) ? 'stuck' : 'working';
  }

  /** Notes what is true now; `medianOf`: how long the room took for a step. Returns whether it was otherwise before. */
  look(now: number, medianOf: (step: string) => number | null): boolean {
    const at = this.step;
    const step = at?.id ?? null;
    const outcome = this.#outcomeAt(at, now, step === null ? null : medianOf(step));
    if (outcome === this.known.outcome && step === this.known.step) return false;
    this.known = { outcome, step, sinceMs: now };
    if (this.hand === null && outcome !== 'stuck' && outcome !== 'trouble') this.takenBy = null;
    return true;
  }

  /** The instructor has seen to it. */
  answered(now: number): void {
    this.hand = null;
    this.takenBy = null;
    if (this.#walk) this.#walk.trouble = null;
    if (this.step) answer(this.step, now);
  }

  forget(): void {
    this.#streams.clear();
    this.#walk = null;
    this.hand = null;
    this.takenBy = null;
  }

  #raise({ up, text }: { up: boolean; text: string | null }, now: number): void {
    if (up) this.hand = { text, sinceMs: this.hand?.sinceMs ?? now };
    else Object.assign(this, { hand: null, takenBy: null });
  }

  /** Null: lines of a fork that another has followed. */
  #streamOf({ journal, fork }: RangeRecord): Stream | null {
    const known = this.#streams.get(journal);
    if (known?.fork === fork) return known;
    if (known && known.fork > fork) return null;
    if (!known && this.#streams.size >= MOST_STREAMS)
      this.#streams.delete([...this.#streams.keys()][0] as string);
    const stream = { fork, through: 0, walk: new SeatWalk(this.#order) };
    this.#streams.set(journal, stream);
    if (known && this.#walk === known.walk) this.#walk = null;
    return stream;
  }

  /** The run that it walks is the one that told something last; one that was reset, only where there is no other. */
  #choose({ walk }: Stream): void {
    if (!walk.isWalk) return;
    if (this.#walk === null || this.#walk.isOver || !walk.isOver) this.#walk = walk;
  }
}

function isStuck(step: StepWalk, now: number, median: number | null): boolean {
  if (tellingOf(step).streak >= STUCK_AFTER) return true;
  if (step.hints >= HINTS && step.hints > step.hintsAnswered) return true;
  if (median === null || step.begunMs === null || step.unmet.size === 0) return false;
  return now - step.begunMs > 2 * median;
}
