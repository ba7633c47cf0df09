/** What a run came to, gathered from its lines: the one source of JSON, JUnit and TAP. */

import type { StreamLine } from '../journal/events.ts';
import { type Content, fillOpen } from '../lab/content.ts';
import type { Lab } from '../lab/model.ts';
import { toldCommand } from '../lab/told-command.ts';
import { worstOf } from '../outcome.ts';
import { Cancelled, Trouble, Usage } from '../trouble.ts';
import type { Values } from '../values.ts';
import type { Result, StepResult } from './envelope.ts';
import { wordsOf } from './words.ts';

export type { Result, StepResult } from './envelope.ts';

export function emptyResult(lab: string, run: string | null): Result {
  return { schema: 1, lab, run, outcome: 'met', engine: null, image: null, steps: [], trouble: null };
}

/** Takes in lines one by one. */
export class Gatherer {
  readonly result: Result;
  readonly #lab: Lab;
  readonly #content: Content;
  readonly #stem: (step: string) => string;
  #values: Values = {};
  #open: string | null = null;

  constructor(lab: Lab, run: string, content: Content, stem: (step: string) => string) {
    this.#lab = lab;
    this.#content = content;
    this.#stem = stem;
    this.result = emptyResult(lab.id, run);
  }

  take(event: StreamLine): void {
    switch (event.type) {
      case 'engine-pinned':
        this.result.engine = event.engine;
        break;
      case 'image-pinned':
        this.result.image = event.image;
        break;
      case 'watching':
      case 'step-started':
        // Begun by hand, and then watched; or begun anew in this very process: it is the same step still.
        if (this.#open !== event.step) this.#enter(event.step, event.values);
        break;
      case 'step-resumed':
      case 'checking':
        this.#enter(event.step, event.values);
        break;

      case 'command-ended':
        this.#step(event.step)?.commands.push({
          article: toldCommand(this.#lab.steps, event)?.article ?? null,
          ran: event.ran,
          exitCode: event.exitCode,
          durationMs: event.durationMs,
          output: event.output,
        });
        break;
      case 'judged':
        this.#judged(event);
        break;
      case 'step-ended':
      case 'checked':
        this.#ended(event);
        break;
      case 'trouble':
        this.fail(wordsOfTrouble(event, this.#content));
        break;
    }
  }

  /** The step that has begun and not ended; null between steps. */
  get step(): string | null {
    return this.#open;
  }

  /** Takes in trouble that no line tells of. A result that was met is unknown then. */
  fail(trouble: NonNullable<Result['trouble']>): void {
    this.result.trouble = trouble;
    if (this.result.outcome === 'met') this.result.outcome = 'unknown';
  }

  #enter(id: string, values: Values): void {
    this.#values = values;
    this.#open = id;
    const nothing = { commands: [], checks: [] };
    this.result.steps.push({ id, outcome: 'unknown', reason: null, durationMs: 0, ...nothing });
  }

  #judged({ step, check }: Extract<StreamLine, { type: 'judged' }>): void {
    // Format 2 did not tell of each step that it was opened.
    if (this.#open !== step) this.#enter(step, {});
    const result = this.#step(step);
    if (!result) return;
    const text = this.#content.step(this.#stem(step));
    const words = wordsOf(check, this.#content, text, { ...this.#values, step });
    const { id, outcome, finding, note, evidence } = check;
    const { expected, observed } = words;
    const told = { id, outcome, expected, observed, finding, note, evidence };
    const at = result.checks.findIndex((known) => known.id === id);
    if (at >= 0) result.checks[at] = told;
    else result.checks.push(told);
  }

  #ended({
    step,
    outcome,
    reason,
    durationMs,
    values,
  }: Extract<StreamLine, { type: 'step-ended' | 'checked' }>): void {
    if (this.#open !== step) this.#enter(step, values);
    this.#open = null;
    const result = this.#step(step);
    if (!result) return;
    const order = this.#lab.steps.find(({ id }) => id === step)?.checks.map(({ id }) => id) ?? [];
    result.checks.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    Object.assign(result, {
      outcome,
      durationMs,
      reason:
        reason === null
          ? null
          : fillOpen(this.#content.find('notes', reason) ?? reason, this.#content.named({ ...values, step })),
    });
    this.result.outcome = worstOf(this.result.steps.map((each) => each.outcome));
  }

  #step(id: string): StepResult | undefined {
    return this.result.steps.findLast((step) => step.id === id);
  }
}

/** An error as the envelope carries it. */
export function troubleOf(error: unknown, content: Content): NonNullable<Result['trouble']> {
  if (error instanceof Trouble) {
    const words = wordsOfTrouble(error, content);
    return error instanceof Usage ? { ...words, code: 'usage' } : words;
  }
  if (error instanceof Cancelled) {
    return { code: 'cancelled', message: content.say('messages', 'cancelled'), fix: 'pglab next' };
  }
  return {
    code: 'bug',
    message: error instanceof Error ? error.message : String(error),
    fix: content.say('messages', 'bug-fix'),
  };
}

function wordsOfTrouble(
  { code, values, remark = null }: Pick<Trouble, 'code' | 'values'> & { remark?: Trouble['remark'] },
  content: Content,
) {
  // A line of another version may lack a value.
  const say = (field: 'message' | 'fix') =>
    fillOpen(content.find('troubles', code, field) ?? code, content.named(values), field);
  const also = (field: 'text' | 'fix') =>
    remark === null ? '' : `\n${content.say('messages', remark.key, remark.values, field)}`;
  return { code, message: `${say('message')}${also('text')}`, fix: `${say('fix')}${also('fix')}` };
}
