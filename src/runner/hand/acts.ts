/** What a step by hand waits for, though it may be so already: that the learner has done it, which leaves no trace. */
import type { NoteKey } from '../../content-keys.ts';
import type { Container, EngineEvent } from '../../engine/types.ts';
import type { Judged, LabEvent } from '../../journal/events.ts';
import type { Check, Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { shortId, type Values } from '../../values.ts';
import { isForHere } from '../ground/folders.ts';
import { whoseIs } from '../ground/whose.ts';
import { askAnyWay } from '../judge/asking.ts';
import { clientsOf } from '../judge/clients.ts';
import { isToolMissing } from '../walk/left-out.ts';
import type { Counted } from './own-sessions.ts';
import { type ProgramInside, ProgramsInside } from './programs-inside.ts';

type Act = Extract<LabEvent, { type: 'acted' }>['act'];

/** How many sessions one server has had, and how many of ours had been anywhere by then. */
interface Sessions {
  /** The container's id, and when it was started. */
  of: string;
  sessions: number;
  own: number;
}

export class Acts {
  readonly #step: Step;
  readonly #counted: Counted;
  readonly #waiting = new Map<string, Act>();
  /** What the server told when it was first asked, and how many sessions of ours there had been. */
  #before: Sessions | null = null;
  /** As `#before`, at the last look. */
  #now: Sessions | null = null;
  /** Those who are connected came by another way than the one that is to be tried. */
  #isOtherwise = false;
  /** How many sessions of others there had been at the last look. */
  #came = 0;
  readonly #inside: ProgramsInside;
  /** Somebody was connected at the last look, and had asked nothing. */
  #wasSilent = false;

  constructor(counted: Counted, step: Step) {
    this.#step = step;
    this.#counted = counted;
    const { context } = counted;
    this.#inside = new ProgramsInside(context.lab.settings.service?.container.probe);
    for (const command of step.commands.filter((each) => isForHere(context, each))) {
      // Who has no key to press gives no word.
      if (context.ask.requests) for (const id of command.onWord ?? []) this.#waiting.set(id, 'typed');
      if (!isToolMissing(command)) for (const id of command.onVisit ?? []) this.#waiting.set(id, 'visited');
    }
  }

  isWaiting({ id }: Pick<Check, 'id'>): boolean {
    // That they came otherwise is said as long as they are there.
    return this.#waiting.has(id) && !(this.#isOtherwise && this.#waiting.get(id) === 'visited');
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
    const { name, container, came, others, silent } = counted;
    const wasSilent = this.#wasSilent;
    this.#wasSilent = silent > 0;
    const wasOtherwise = this.#isOtherwise;
    this.#isOtherwise = others > 0 && this.#triesPort() && (await this.#cameOtherwise(container));
    // A server may count a session only at its end.
    if (this.#isOtherwise || (wasOtherwise && others === 0)) {
      // What came so far came that way.
      this.#countFrom(this.#now);
      return;
    }
    const inside = this.#triesPort() ? this.#inside.whoMayHaveCome(others > 0) : null;
    const isVisit = inside === null && this.#isVisit(came ?? 0);
    if (others > 0 || isVisit) {
      if (wasSilent && others === 0) yield this.#said('visit-untold', { name });
      yield* this.#done('visited', { name, ...(await this.#refusedBefore(container)) });
    } else if (silent > 0) yield* this.#once('visit-silent', { name });
    else if (came === null) yield* this.#onlyWhileOpen(name, container);
    else if (inside !== null) {
      if (came > 0 && !this.#isClient(inside)) yield* this.#unclear(name, inside);
      this.#countFrom(this.#now);
    }
  }

  /**
   * Null where no visit is waited for, or the server that stays does not answer. `came`: sessions of others since it was
   * first asked, null where it counts none; `others`: those that are open. Who is connected and has asked nothing yet
   * is in neither: `silent`.
   */
  async #count(): Promise<{
    name: string;
    container: Container;
    came: number | null;
    others: number;
    silent: number;
  } | null> {
    const [name] = this.#step.needs ?? [];
    if (name === undefined || !this.#waitsForVisit()) return null;
    const { context, own } = this.#counted;
    const visits = context.lab.settings.service?.server.visits;
    const container = await (await context.world.snapshot()).container(name);
    if (!visits || container?.status !== 'running') return null;
    const ended = own();
    const answer = await askAnyWay(context, container, visits);
    if (!answer.ok) return null;
    const [counted = '', open = '', idle = '', listens = ''] = answer.rows[0] ?? [];
    if (listens === '') return null;
    const sessions = Number(counted);
    const start = `${container.id} ${container.startedAt}`;
    this.#now = { of: start, sessions, own: ended };
    // Another server counts sessions of its own. So does one that was started again: a stop counts the session of ours
    // that it broke off, and a crash forgets them all.
    if (this.#before?.of !== start) {
      this.#inside.forget();
      this.#countFrom(this.#now);
    }
    const silent = Number(idle);
    const { sessions: known, own: ownThen } = this.#before ?? this.#now;
    const came = sessions - known - (ended - ownThen) - silent;
    return { name, container, came: counted === '' ? null : came, others: Number(open) - silent, silent };
  }

  /** When its server refused somebody last: who is let in after that knows the way. */
  async #refusedBefore({ id }: Container): Promise<Record<string, string>> {
    const { engine, lab } = this.#counted.context;
    const refused = lab.settings.service?.log.refused(await engine.logs(id)).at(-1)?.at;
    return refused ? { short: shortId(id), refused } : {};
  }

  /** What came so far is no visit. */
  #countFrom(now: Sessions | null): void {
    this.#before = now;
    this.#came = 0;
  }

  /**
   * Whether so many sessions are a visit by the way that is to be tried. A server may count one that came by
   * `docker exec` before the engine tells of it: by the next look both have told.
   */
  #isVisit(came: number): boolean {
    const before = this.#came;
    this.#came = came;
    return came > 0 && (before > 0 || !this.#triesPort());
  }

  /** Somebody came, and it cannot be told whether from inside: said once for each program that ran there. */
  *#unclear(name: string, { execId, program }: ProgramInside): Generator<LabEvent> {
    const { told } = this.#counted.context;
    const once = `visit-unclear ${execId}`;
    if (told.has(once)) return;
    told.add(once);
    yield this.#said('visit-unclear', { name, program });
  }

  /** Whether its command line runs the service's client. */
  #isClient({ command }: Pick<ProgramInside, 'command'>): boolean {
    const client = this.#counted.context.lab.settings.service?.client.program;
    return client !== undefined && command.split(/[^\w-]/).includes(client);
  }

  /** A server that does not count its sessions shows one only as long as that is there: said once. */
  *#onlyWhileOpen(name: string, { env }: Container): Generator<LabEvent> {
    const { lab } = this.#counted.context;
    const major = lab.settings.service?.container.majorOf(env) ?? '?';
    yield* this.#once('visit-while-open', { name, major });
  }

  *#once(note: NoteKey, values: Values): Generator<LabEvent> {
    const { told } = this.#counted.context;
    if (told.has(note)) return;
    told.add(note);
    yield this.#said(note, values);
  }

  #said(note: NoteKey, values: Values): LabEvent {
    return { type: 'noted', step: this.#step.id, note, values };
  }

  /**
   * A program runs in a container of this run, or has ended there, while a visit to the one of this step is waited for.
   * In another one, or its client in this one, where it is the port that is to be tried: that is said once.
   */
  *ran(event: EngineEvent): Generator<LabEvent> {
    const { action, id, name: container, labels } = event;
    const { context } = this.#counted;
    const [name = ''] = this.#step.needs ?? [];
    const right = context.world.idToJudge(name);
    const isPglabs = context.lab.settings.service?.container.isAskedByUs(event.command);
    if (!/^exec_(start|die)$/.test(action) || right === null || isPglabs || !this.#waitsForVisit()) return;
    if (right === id) this.#inside.take(event);
    if (action !== 'exec_die') return;
    if (right === id) {
      const client = context.lab.settings.service?.client.program ?? '';
      if (this.#triesPort() && this.#isClient(event)) yield* this.#once('visit-inside', { name, client });
      return;
    }
    const isOfRun = labels[LABEL.run] === context.owner.run || whoseIs(context, id) === 'made-in-run';
    if (!isOfRun || context.told.has(`visited ${id}`)) return;
    context.told.add(`visited ${id}`);
    yield this.#said('visited-another', { name, container, short: shortId(id), right: shortId(right) });
  }

  /** Whether a check that waits for a visit tries the published port. */
  #triesPort(): boolean {
    return this.#step.checks.some(({ id, tries }) => tries === 'port' && this.#waiting.get(id) === 'visited');
  }

  async #cameOtherwise(container: Container): Promise<boolean> {
    const clients = await clientsOf(this.#counted.context, container);
    return clients.length > 0 && clients.every(({ way }) => way !== 'port');
  }

  #waitsForVisit(): boolean {
    return [...this.#waiting.values()].includes('visited');
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
