/** What a step by hand waits for, though it may be so already: that the learner has done it, which leaves no trace. */
import type { Container } from '../../engine/types.ts';
import type { Judged, LabEvent } from '../../journal/events.ts';
import type { Check, Step } from '../../lab/model.ts';
import type { Service } from '../../lab/service.ts';
import type { RunContext } from '../ground/context.ts';
import { isForHere } from '../ground/folders.ts';
import { askAnyWay } from '../judge/asking.ts';
import { isToolMissing } from '../walk/left-out.ts';

type Act = Extract<LabEvent, { type: 'acted' }>['act'];

/** A context whose sessions with servers are counted. */
interface Counted {
  context: RunContext;
  /** How many sessions of ours have come to their end. */
  own: () => number;
}

export class Acts {
  readonly #step: Step;
  readonly #counted: Counted;
  readonly #waiting = new Map<string, Act>();
  /** What the server told when it was first asked, and how many sessions of ours there had been. */
  #before: { sessions: number; own: number } | null = null;

  constructor(counted: Counted, step: Step) {
    this.#step = step;
    this.#counted = counted;
    const { context } = counted;
    for (const command of step.commands.filter((each) => isForHere(context, each))) {
      // Who has no key to press gives no word.
      if (context.ask.requests) for (const id of command.onWord ?? []) this.#waiting.set(id, 'typed');
      if (!isToolMissing(command)) for (const id of command.onVisit ?? []) this.#waiting.set(id, 'visited');
    }
  }

  isWaiting({ id }: Pick<Check, 'id'>): boolean {
    return this.#waiting.has(id);
  }

  /** The learner has typed what leaves no trace. */
  *typed(): Generator<LabEvent> {
    yield* this.#done('typed', {});
  }

  /** Counts who was there, before the learner is told that it is their turn: what comes from then on is theirs. */
  async begin(): Promise<void> {
    await this.#count();
  }

  /** Asks the server whether somebody else has been there since it was first asked. */
  async *look(): AsyncGenerator<LabEvent> {
    const counted = await this.#count();
    if (counted === null) return;
    const { name, container, came, others } = counted;
    if (came === null && others === 0) yield* this.#onlyWhileOpen(name, container);
    if (others > 0 || (came ?? 0) > 0) yield* this.#done('visited', { name });
  }

  /**
   * Null where no visit is waited for, or the server that stays does not answer. `came`: sessions of others since it was
   * first asked, null where it counts none; `others`: those that are open.
   */
  async #count(): Promise<{
    name: string;
    container: Container;
    came: number | null;
    others: number;
  } | null> {
    const [name] = this.#step.needs ?? [];
    if (name === undefined || ![...this.#waiting.values()].includes('visited')) return null;
    const { context, own } = this.#counted;
    const visits = context.lab.settings.service?.server.visits;
    const container = await (await context.world.snapshot()).container(name);
    if (!visits || container?.status !== 'running') return null;
    const ended = own();
    const answer = await askAnyWay(context, container, visits);
    if (!answer.ok) return null;
    const [counted = '', open = '', listens = ''] = answer.rows[0] ?? [];
    if (listens === '') return null;
    const sessions = Number(counted);
    this.#before ??= { sessions, own: ended };
    const came = sessions - this.#before.sessions - (ended - this.#before.own);
    return { name, container, came: counted === '' ? null : came, others: Number(open) };
  }

  /** A server that does not count its sessions shows one only as long as that is there: said once. */
  *#onlyWhileOpen(name: string, { env }: Container): Generator<LabEvent> {
    const { told, lab } = this.#counted.context;
    if (told.has('visit-while-open')) return;
    told.add('visit-while-open');
    const major = lab.settings.service?.container.majorOf(env) ?? '?';
    yield { type: 'noted', step: this.#step.id, note: 'visit-while-open', values: { name, major } };
  }

  /** All of it is done, whether a person or pglab ran the commands. */
  allDone(): void {
    this.#waiting.clear();
  }

  /** What is told of these checks where the step is left before they were tried. */
  untried(): Judged[] {
    return this.#step.checks
      .filter((check) => this.isWaiting(check))
      .map(({ id, kind, about }) => ({
        ...{ id, kind, outcome: 'unknown' as const, finding: 'not-tried', note: null, evidence: '' },
        values: { ...about },
      }));
  }

  *#done(act: Act, values: Act extends string ? Record<string, string> : never): Generator<LabEvent> {
    const ids = [...this.#waiting].flatMap(([id, waits]) => (waits === act ? [id] : []));
    if (ids.length === 0) return;
    for (const id of ids) this.#waiting.delete(id);
    yield { type: 'acted', step: this.#step.id, act, values };
  }
}

/** Counts our own sessions, by whatever way they reach a server: others than these are somebody else's. */
export function counted(context: RunContext): Counted {
  const { service } = context.lab.settings;
  if (!service) return { context, own: () => 0 };
  let count = 0;
  const { server } = service;
  const counting: Service['server'] = {
    ...server,
    async query(...asked) {
      const answer = await server.query(...asked);
      if (answer.ok || server.refusalOf(answer.cause) === 'question') count += 1;
      return answer;
    },
    async queryInside(...asked) {
      const answer = await server.queryInside(...asked);
      if (answer.ok || server.refusalOf(answer.cause) === 'question') count += 1;
      return answer;
    },
    async markInside(...asked) {
      const marked = await server.markInside(...asked);
      if (marked.mark.ok) count += 1;
      return marked;
    },
    async peersInside(...asked) {
      count += 1;
      return server.peersInside(...asked);
    },
  };
  const settings = { ...context.lab.settings, service: { ...service, server: counting } };
  return { context: { ...context, lab: { ...context.lab, settings } }, own: () => count };
}
