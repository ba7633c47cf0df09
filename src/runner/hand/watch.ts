/**
 * Watches a step while somebody else works on it: the engine's events, the servers' logs and a
 * heartbeat are the triggers; the step's own checks are the judges, the same as ever.
 */

import type { Request } from '../../asker.ts';
import type { Judged, LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { Cancelled } from '../../trouble.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { findOther } from '../ground/other.ts';
import { chooseClosedPort } from '../ground/ports.ts';
import { valuesOf } from '../ground/run-values.ts';
import { checkSteps, endOfLook, finishedAndGone } from './check-steps.ts';
import { Departed } from './departed.ts';
import { Inbox } from './inbox.ts';
import { isAboutAnEnd, isDone, look, type Watching, watchBegun } from './round.ts';

/** For what no event tells: a row written from elsewhere, a file changed, a server that is ready. */
const HEARTBEAT_MS = 1_000;

/** What to do with a key; `leave`: stop watching; `ran`: we did the step; `anew`: what was seen counts no more. */
export type OnRequest = (request: Request) => AsyncGenerator<LabEvent, 'go-on' | 'leave' | 'ran' | 'anew'>;

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
    const opening = { type: 'watching', step: step.id, values, byHand: false, endpoint: null } as const;
    const { judged, seen } = yield* watchStep(context, step, opening);
    yield* endOfLook(context, step, judged, started, seen);
  }
}

/** How a watch ended: the last verdicts, the world that they saw, and whether the watcher left before all were met. */
interface Watched {
  judged: Judged[];
  seen: Snapshot;
  left: boolean;
}

/**
 * Yields verdicts as they change, until all are met at one moment, or the watcher leaves. `opening` goes before them, once
 * nothing that follows it can be missed. `onRequest`: the learner works by hand, and may ask for things.
 */
export async function* watchStep(
  context: RunContext,
  step: Step,
  opening: Extract<LabEvent, { type: 'watching' }>,
  onRequest?: OnRequest,
): AsyncGenerator<LabEvent, Watched> {
  const stop = new AbortController();
  const cancel = () => stop.abort();
  context.signal.addEventListener('abort', cancel, { once: true });
  const inbox = new Inbox();
  const departed = isAboutAnEnd(step) ? new Departed(context.engine, stop.signal) : null;
  const volumes = new Set((await context.engine.volumes()).map(({ name }) => name));
  const begin = () =>
    watchBegun(context, step, { inbox, departed, isByHand: onRequest !== undefined, volumes });
  let at = begin();
  const followed = new Set<string>();
  stop.signal.addEventListener('abort', () => inbox.wake(), { once: true });
  const heartbeat = setInterval(() => inbox.beat(), HEARTBEAT_MS);
  try {
    await listenToEngine(context, inbox, departed, stop.signal);
    await beginActs(at);
    yield opening;
    if (onRequest && context.ask.requests) listenToKeys(context.ask.requests, inbox, stop.signal);
    for (;;) {
      const { judged, seen } = yield* look(at);
      if (isDone(at, judged, seen)) return { judged, seen, left: false };
      followLogs(at.context, step, inbox, followed, seen, stop.signal);
      await inbox.next();
      if (context.signal.aborted) throw new Cancelled();
      const then = onRequest ? yield* answered(at, onRequest) : 'go-on';
      if (then === 'leave') return { judged: yield* lastWords(at, judged), seen, left: true };
      if (then === 'anew') at = await begunAnew(at, begin);
    }
  } finally {
    clearInterval(heartbeat);
    context.signal.removeEventListener('abort', cancel);
    stop.abort();
    await at.watches.drop();
  }
}

async function begunAnew(before: Watching, begin: () => Watching): Promise<Watching> {
  await before.watches.drop();
  const at = begin();
  await beginActs(at);
  return at;
}

/** From here on what the learner does is theirs, and is seen. */
async function beginActs({ acts, refusals, watches }: Watching): Promise<void> {
  await acts?.begin();
  await refusals?.begin();
  await watches.begin();
}

/** Does what was asked for by key. */
async function* answered(
  at: Watching,
  onRequest: OnRequest,
): AsyncGenerator<LabEvent, 'go-on' | 'leave' | 'anew'> {
  const { inbox, acts } = at;
  const requests = inbox.takeRequests();
  for (const [number, request] of requests.entries()) {
    if (request === 'typed') {
      at.hasSaid = true;
      yield* acts?.typed() ?? [];
    }
    // A hint is about what is now.
    if (request === 'hint') yield* toldNow(at, (yield* look(at)).judged);
    const then = yield* onRequest(request);
    if (then === 'ran') {
      at.hasSaid = true;
      acts?.allDone();
    } else if (then !== 'go-on') {
      // What was asked for meanwhile is for the step as it begins anew.
      for (const later of requests.slice(number + 1)) inbox.request(later);
      return then;
    }
  }
  return 'go-on';
}

/** How each check stands where the step is left, also what was not told for its being new. */
function* lastWords(at: Watching, judged: readonly Judged[]): Generator<LabEvent, Judged[]> {
  const left = [...judged, ...(at.acts?.untried() ?? [])];
  yield* toldNow(at, left);
  return left;
}

function* toldNow({ step, settling }: Watching, judged: readonly Judged[]): Generator<LabEvent> {
  for (const check of settling.takeUntold(judged)) yield { type: 'judged', step: step.id, check };
}

/** Resolves once the engine listens; a stream that ends is opened anew, if the engine still answers. */
async function listenToEngine(
  { engine }: RunContext,
  inbox: Inbox,
  departed: Departed | null,
  signal: AbortSignal,
): Promise<void> {
  const first = await engine.events(signal);
  const pump = async () => {
    for (let events = first; ; events = await engine.events(signal)) {
      for await (const event of events) {
        await departed?.take(event);
        inbox.change(event);
      }
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

/** Each server that runs wakes the watch when it says that it is ready, or that it refused somebody. */
function followLogs(
  { engine, lab }: RunContext,
  step: Step,
  inbox: Inbox,
  followed: Set<string>,
  seen: Snapshot,
  signal: AbortSignal,
): void {
  const log = lab.settings.service?.log;
  if (!log) return;
  for (const name of [...Object.keys(step.world ?? {}), ...(step.needs ?? [])]) {
    const container = seen.toJudge(name);
    if (container?.status !== 'running' || followed.has(container.id)) continue;
    const { id } = container;
    followed.add(id);
    const follow = async () => {
      for await (const line of engine.logLines(id, signal)) {
        if (log.ready.test(line)) inbox.wake();
        if (log.refusal.test(line)) inbox.refusal();
      }
      // Stopped and started again, it is followed again.
      followed.delete(id);
    };
    follow().catch(() => {
      // Whether the engine is gone is for the next look to say.
    });
  }
}
