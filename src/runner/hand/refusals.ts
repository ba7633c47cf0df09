/** Tells a learner who is refused by the server of the step, while it happens: by its log. */
import type { Container } from '../../engine/types.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import type { Refused } from '../../lab/service.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';

const NOTES = { role: 'refused-role', database: 'refused-database', password: 'refused-password' } as const;

export class Refusals {
  readonly #context: RunContext;
  readonly #step: Step;
  /** How many of our own sessions were refused. */
  readonly #own: () => number;
  /** By container: how many others were refused, as far as they were told. */
  readonly #told = new Map<string, number>();

  constructor(context: RunContext, step: Step, own: () => number) {
    this.#context = context;
    this.#step = step;
    this.#own = own;
  }

  /** What was refused before the learner began is not told. */
  async begin(): Promise<void> {
    for (const container of await this.#servers())
      this.#told.set(container.id, (await this.#refusedBy(container)).length - this.#own());
  }

  /** The last of those that were refused since, of each server. */
  async *look(): AsyncGenerator<LabEvent> {
    for (const container of await this.#servers()) {
      const own = this.#own();
      const refused = await this.#refusedBy(container);
      const others = refused.length - own;
      const last = refused.at(-1);
      const known = this.#told.get(container.id) ?? 0;
      if (last === undefined || others <= known) continue;
      this.#told.set(container.id, others);
      yield this.#noted(container, last);
    }
  }

  /** Those that a visit is waited for: the first need of the step. */
  async #servers(): Promise<Container[]> {
    const isWaiting = this.#step.commands.some(({ onVisit = [] }) => onVisit.length > 0);
    const [name] = this.#step.needs ?? [];
    if (!isWaiting || name === undefined) return [];
    const container = await (await this.#context.world.snapshot()).container(name);
    return container?.status === 'running' ? [container] : [];
  }

  async #refusedBy({ id }: Container): Promise<Refused[]> {
    const { engine, lab } = this.#context;
    return lab.settings.service?.log.refused(await engine.logs(id)) ?? [];
  }

  #noted(container: Container, { kind, name }: Refused): LabEvent {
    const { id, env } = container;
    const of = this.#context.lab.settings.service?.container;
    const values = {
      ...{ container: container.name, short: shortId(id), refused: name },
      ...of?.loginOf(env),
      again: of?.passwordLine(shortId(id), env) ?? '',
    };
    return { type: 'noted', step: this.#step.id, note: NOTES[kind], values };
  }
}
