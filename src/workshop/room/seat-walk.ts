/** How one seat goes through the lab: folded from one stream of one journal, of which nothing is merged with another. */
import type { LeanEvent } from '../lean.ts';
import { begin, blankWalk, end, isDone, judge, leaveOut, type StepWalk } from './step-walk.ts';

export interface When {
  /** The board's clock, in milliseconds. */
  now: number;
  /** Tells what came together from what came one after another. */
  batch: number;
}

/** All that a walk knows, as data. */
export interface WalkKept extends Pick<SeatWalk, 'steps' | 'trouble' | 'isWalk' | 'isOver' | 'pglab'> {
  at: string | null;
  told: number;
}

export class SeatWalk {
  readonly steps = new Map<string, StepWalk>();
  trouble: { code: string; sinceMs: number } | null = null;
  /** It has told of a step, ever: a journal that only holds hands is no walk. */
  isWalk = false;
  /** A reset has ended, and nothing was told since: what it told of is gone. */
  isOver = false;
  /** The version of pglab that writes it. */
  pglab: string | null = null;
  #at: string | null = null;
  #told = 0;
  readonly #order: ReadonlyMap<string, number>;

  /** `order`: the steps of the lab, by their place. What is told of others is left out. */
  constructor(order: ReadonlyMap<string, number>) {
    this.#order = order;
  }

  static of({ at, told, steps, ...known }: WalkKept, order: ReadonlyMap<string, number>): SeatWalk {
    const walk = new SeatWalk(order);
    for (const [id, step] of steps) walk.steps.set(id, step);
    walk.#at = at;
    walk.#told = told;
    return Object.assign(walk, known);
  }

  kept(): WalkKept {
    const { steps, trouble, isWalk, isOver, pglab } = this;
    return { steps, trouble, isWalk, isOver, pglab, at: this.#at, told: this.#told };
  }

  take(event: LeanEvent, when: When): void {
    if (event.type === 'begun') this.pglab = event.pglab;
    if (event.type === 'reset') this.isOver = true;
    if (event.type === 'again') this.#again(event.steps);
    if (event.type === 'trouble') this.#troubled(event.code, when);
    if (!('step' in event) || !this.#order.has(event.step)) return;
    this.isWalk = true;
    this.isOver = false;
    this.#takeOfStep(this.#step(event.step), event, when);
  }

  /** Where the seat is: the step that it began; once that is done, the first that is known not to be. */
  get step(): StepWalk | null {
    if (this.isOver) return null;
    const at = this.#at === null ? null : (this.steps.get(this.#at) ?? null);
    if (at && !isDone(at)) return at;
    let first: StepWalk | null = null;
    for (const step of this.steps.values())
      if (!isDone(step) && step.unmet.size > 0 && (first === null || this.#isBefore(step, first)))
        first = step;
    return first ?? at;
  }

  #takeOfStep(step: StepWalk, event: Extract<LeanEvent, { step: string }>, when: When): void {
    if (event.type !== 'hinted' && event.type !== 'predicted') this.trouble = null;
    switch (event.type) {
      case 'step':
        begin(step, { byHand: event.byHand, ...when });
        this.#at = step.id;
        break;
      case 'judged':
        this.#told += 1;
        judge(step, event, { now: when.now, told: this.#told });
        break;
      case 'ended':
        end(step, event.outcome, when);
        if (isDone(step)) this.#arrived(step);
        break;
      case 'hinted':
        step.hints = Math.max(step.hints, event.level);
        break;
      case 'predicted':
        step.predicted = event.right;
        break;
      case 'left-out':
        leaveOut(step, event.undone);
        if (isDone(step)) this.#arrived(step);
        break;
    }
  }

  /** A step that was done without a begin is where the seat is, if that is further than it was known to be. */
  #arrived(step: StepWalk): void {
    const at = this.#at === null ? undefined : this.steps.get(this.#at);
    if (!at || (isDone(at) && this.#isBefore(at, step))) this.#at = step.id;
  }

  #troubled(code: string, { now }: When): void {
    this.isWalk = true;
    this.trouble = { code, sinceMs: now };
  }

  /** These steps begin anew: the end of a reset that comes before it was not that of all. */
  #again(steps: readonly string[]): void {
    this.isOver = false;
    this.trouble = null;
    for (const id of steps) this.#forget(id);
  }

  #forget(id: string): void {
    this.steps.delete(id);
    if (this.#at !== id) return;
    const left = [...this.steps.values()].sort((a, b) => (this.#isBefore(a, b) ? -1 : 1));
    this.#at = left.at(-1)?.id ?? null;
  }

  #step(id: string): StepWalk {
    const known = this.steps.get(id);
    if (known) return known;
    const step = blankWalk(id);
    this.steps.set(id, step);
    return step;
  }

  #isBefore(one: StepWalk, other: StepWalk): boolean {
    return (this.#order.get(one.id) ?? 0) < (this.#order.get(other.id) ?? 0);
  }
}
