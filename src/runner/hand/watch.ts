/**
 * Watches a step while somebody else works on it: the engine's events, the servers' logs and a
 * heartbeat are the triggers; the step's own checks are the judges, the same as ever.
 */

import type { Request } from '../../asker.ts';
import type { EngineEvent } from '../../engine/types.ts';
import type { Judged, LabEvent } from '../../journal/events.ts';
import { live } from '../../journal/live.ts';
import type { Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { worstOf } from '../../outcome.ts';
import { Cancelled } from '../../trouble.ts';
import { shortId, type Values } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { findOther } from '../ground/other.ts';
import { chooseClosedPort } from '../ground/ports.ts';
import { recognise } from '../ground/recognise.ts';
import { valuesOf } from '../ground/run-values.ts';
import { judgeStanding, lookAt, lookNow } from '../judge/judge.ts';
import { checkSteps, endOfLook, finishedAndGone } from './check-steps.ts';
import { Inbox, sentenceOf } from './inbox.ts';

/** For what no event tells: a row written from elsewhere, a file changed, a server that is ready. */
const HEARTBEAT_MS = 1_000;

/** What to do with a key; `leave`: stop watching. */
export type OnRequest = (request: Request) => AsyncGenerator<LabEvent, 'go-on' | 'leave'>;

/** Watches steps one after another, each until it is met. */
export async function* watchSteps(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  for (const step of steps) {
    const isLeftOut = step.needsOther && !(await findOther(context));
    if (isLeftOut || finishedAndGone(context, step) !== null) {
      yield* checkSteps(context, [step]);
      continue;
    }
    const started = performance.now();
    yield* chooseClosedPort(context, step);
    const values = valuesOf(context, await context.world.snapshot());
    yield { type: 'watching', step: step.id, values, byHand: false, endpoint: null };
    const { judged, seen } = yield* watchStep(context, step);
    yield* endOfLook(context, step, judged, started, seen);
  }
}

/** How a watch ended: the last verdicts, the world that they saw, and whether the watcher left before all were met. */
interface Watched {
  judged: Judged[];
  seen: Snapshot;
  left: boolean;
}

/** Yields verdicts as they change, until all are met at one moment, or the watcher leaves. */
export async function* watchStep(
  context: RunContext,
  step: Step,
  onRequest?: OnRequest,
): AsyncGenerator<LabEvent, Watched> {
  const stop = new AbortController();
  const cancel = () => stop.abort();
  context.signal.addEventListener('abort', cancel, { once: true });
  const inbox = new Inbox();
  const watches = new Watches(context, step);
  const followed = new Set<string>();
  const known = new Map<string, string>();
  stop.signal.addEventListener('abort', () => inbox.wake(), { once: true });
  const heartbeat = setInterval(() => inbox.beat(), HEARTBEAT_MS);
  try {
    await listenToEngine(context, inbox, stop.signal);
    const { requests } = context.ask;
    if (onRequest && requests) listenToKeys(requests, inbox, stop.signal);
    for (;;) {
      const changes = inbox.takeChanges();
      for (const change of changes) yield* told(context, change);
      if (changes.some((change) => isTheBlow(context, step, change))) yield* watches.end();
      yield* recognise(context, [step]);
      // Before the verdicts: a learner who sees them may strike at once.
      await watches.begin();
      const seen = await context.world.snapshot();
      const judged = yield* judgeOnce(context, step, known, seen);
      if (worstOf(judged.map(({ outcome }) => outcome)) === 'met') return { judged, seen, left: false };
      followLogs(context, step, inbox, followed, seen, stop.signal);
      await inbox.next();
      if (context.signal.aborted) throw new Cancelled();
      for (const request of inbox.takeRequests()) {
        if (onRequest && (yield* onRequest(request)) === 'leave') return { judged, seen, left: true };
      }
    }
  } finally {
    clearInterval(heartbeat);
    context.signal.removeEventListener('abort', cancel);
    stop.abort();
    await watches.drop();
  }
}

/** Whether an event is what the watches wait for: the end of a container that the step is about to change. */
function isTheBlow({ world }: RunContext, { changes = [] }: Step, { action, id }: EngineEvent): boolean {
  return action === 'die' && changes.some((name) => world.idToJudge(name) === id);
}

/** One round: each verdict goes out as soon as it is known, if it is another than before. */
async function* judgeOnce(
  context: RunContext,
  step: Step,
  known: Map<string, string>,
  seen: Snapshot,
): AsyncGenerator<LabEvent, Judged[]> {
  const look = lookAt(context, step, seen);
  return yield* live((emit) =>
    Promise.all(
      step.checks.map(async (check) => {
        const verdict = await judgeStanding(context, step, check, look);
        const print = JSON.stringify([verdict.outcome, verdict.finding, verdict.values]);
        if (known.get(check.id) !== print) emit({ type: 'judged', step: step.id, check: verdict });
        known.set(check.id, print);
        return verdict;
      }),
    ),
  );
}

/** The event of a change; none where the changed thing carries another run's label. */
async function* told({ owner, engine }: RunContext, event: EngineEvent): AsyncGenerator<LabEvent> {
  const { id, name, image, labels } = event;
  const change = sentenceOf(event);
  const isOthers = LABEL.run in labels && labels[LABEL.run] !== owner.run;
  if (isOthers || change === null) return;
  // The container itself knows its exit code; one that is gone leaves the event's word.
  const ended = change === 'change-ended' ? await engine.container(id) : null;
  const exitCode = ended?.exitCode ?? event.exitCode ?? '?';
  yield { type: 'changed', change, values: { image, name, exitCode, short: shortId(id) } };
}

/** Resolves once the engine listens; a stream that ends is opened anew, if the engine still answers. */
async function listenToEngine({ engine }: RunContext, inbox: Inbox, signal: AbortSignal): Promise<void> {
  const first = await engine.events(signal);
  const pump = async () => {
    for (let events = first; ; events = await engine.events(signal)) {
      for await (const event of events) inbox.change(event);
      if (signal.aborted) return;
      inbox.wake();
    }
  };
  pump().catch((error) => {
    if (!signal.aborted) inbox.fail(error);
  });
}

function listenToKeys(
  requests: NonNullable<RunContext['ask']['requests']>,
  inbox: Inbox,
  signal: AbortSignal,
): void {
  requests.start();
  signal.addEventListener('abort', () => requests.stop(), { once: true });
  const pump = async () => {
    while (!signal.aborted) inbox.request(await requests.next());
  };
  void pump();
}

/** Each server that runs wakes the watch when it says that it is ready. */
function followLogs(
  { engine, lab }: RunContext,
  step: Step,
  inbox: Inbox,
  followed: Set<string>,
  seen: Snapshot,
  signal: AbortSignal,
): void {
  const ready = lab.settings.service?.log.ready;
  if (!ready) return;
  for (const name of [...Object.keys(step.world ?? {}), ...(step.needs ?? [])]) {
    const container = seen.toJudge(name);
    if (container?.status !== 'running' || followed.has(container.id)) continue;
    const { id } = container;
    followed.add(id);
    const follow = async () => {
      for await (const line of engine.logLines(id, signal)) if (ready.test(line)) inbox.wake();
      // Stopped and started again, it is followed again.
      followed.delete(id);
    };
    follow().catch(() => {
      // Whether the engine is gone is for the next look to say.
    });
  }
}

/** The checks that must watch while something happens: from when they can until a container ends. */
class Watches {
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
    for (const { id, watch } of waiting) {
      const stop = await watch?.(look);
      if (stop) this.#open.set(id, stop);
    }
  }

  async *end(): AsyncGenerator<LabEvent> {
    for (const [check, stop] of this.#open) {
      this.#open.delete(check);
      yield { type: 'watched', step: this.#step.id, check, values: await stop() };
    }
  }

  async drop(): Promise<void> {
    for (const stop of this.#open.values()) void stop().catch(() => {});
    this.#open.clear();
  }
}
