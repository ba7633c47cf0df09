/** The checks that must watch while something happens: from when they can until the blow has come. */
import type { EngineEvent } from '../../engine/types.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import type { Values } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';
import { judgeCheck, lookNow } from '../judge/judge.ts';

export class Watches {
  readonly #context: RunContext;
  readonly #step: Step;
  readonly #open = new Map<string, () => Promise<Values>>();

  constructor(context: RunContext, step: Step) {
    this.#context = context;
    this.#step = step;
  }

  async begin(): Promise<void> {
    const waiting = this.#step.checks.filter(({ id, watch }) => watch && !this.#open.has(id));
    if (waiting.length === 0) return;
    const look = await lookNow(this.#context, this.#step);
    await Promise.all(
      waiting.map(async ({ id, watch }) => {
        const stop = await watch?.(look);
        if (stop) this.#open.set(id, stop);
      }),
    );
  }

  /** Takes in a change: at the end of a container that the step is about to change, what was watched is told. */
  async *take(change: EngineEvent): AsyncGenerator<LabEvent> {
    if (!this.#isEnd(change) || this.#open.size === 0) return;
    const seen = [...this.#open];
    this.#open.clear();
    // Before the container is started again: what its end was shows best now.
    const isTheBlow = await this.#isAsAsked();
    for (const [check, stop] of seen) {
      const values = await stop();
      // What went on during another end, an orderly stop, is not what the step is about.
      if (isTheBlow) yield { type: 'watched', step: this.#step.id, check, values };
    }
  }

  async drop(): Promise<void> {
    for (const stop of this.#open.values()) void stop().catch(() => {});
    this.#open.clear();
  }

  #isEnd({ action, id }: EngineEvent): boolean {
    const { world } = this.#context;
    return action === 'die' && (this.#step.changes ?? []).some((name) => world.idToJudge(name) === id);
  }

  /** By the checks that the watched command proves. */
  async #isAsAsked(): Promise<boolean> {
    const proofs = this.#step.commands.flatMap(({ during = [], proves = [] }) =>
      during.length > 0 ? proves : [],
    );
    const checks = this.#step.checks.filter(({ id }) => proofs.includes(id));
    const verdicts = await Promise.all(checks.map((check) => judgeCheck(this.#context, this.#step, check)));
    return verdicts.every(({ outcome }) => outcome !== 'not-met');
  }
}
