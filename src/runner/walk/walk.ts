/** Walks through steps: an async generator of events that knows no terminal. */

import type { Judged, LabEvent } from '../../journal/events.ts';
import type { Check, Step } from '../../lab/model.ts';
import { worstOf } from '../../outcome.ts';
import { Cancelled, Trouble } from '../../trouble.ts';
import type { Values } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { askForFolders } from '../ground/folders.ts';
import { openWalk } from '../ground/opening.ts';
import { ensureOther } from '../ground/other.ts';
import { chooseClosedPort } from '../ground/ports.ts';
import { recognise } from '../ground/recognise.ts';
import { valuesNow, valuesOf } from '../ground/run-values.ts';
import { judgeCheck, judgeWalked, lookNow, momentaryChecks } from '../judge/judge.ts';
import { endStep } from '../judge/step-end.ts';
import { runCommand } from './command.ts';
import { clearOwnWorld, type Ground, groundFor, repairNeeds } from './repair.ts';
import { interruptedAttempt, type ResumePoint, resumePoint, takeUp } from './resume.ts';
import { waitFor } from './waiting.ts';

/**
 * Runs each step's commands and judges it. A step that is not met is the end, unless it is to keep going; after one
 * that cannot be told here it goes on: what later steps need they make.
 */
export async function* walk(
  context: RunContext,
  steps: readonly Step[],
  { keepGoing = false }: { keepGoing?: boolean } = {},
): AsyncGenerator<LabEvent> {
  yield* openWalk(context);
  // Nothing of the learner's is looked for in a walk, but for what they named.
  if (context.said.size > 0) yield* recognise(context, steps, 'said');
  for (const step of steps) {
    if (context.signal.aborted) throw new Cancelled();
    const outcome = yield* walkStep(context, step);
    if (outcome === 'not-met' && !keepGoing) return;
  }
}

async function* walkStep(context: RunContext, step: Step) {
  const started = performance.now();
  // A step that was left at its question has lost nothing.
  const wasInterrupted = (interruptedAttempt(context.journal.standing, step)?.commands.length ?? 0) > 0;
  const point = resumePoint(context.journal.standing, step);
  yield* chooseClosedPort(context, step);
  yield* askForFolders(context, step);
  const ground = await groundFor(context, step);
  const values = valuesOf(context, ground.seen);
  if (point) {
    const predicted = point.predicted && { predicted: point.predicted };
    const { index } = point;
    yield { ...{ type: 'step-resumed', step: step.id, index, values }, ...predicted } satisfies LabEvent;
  } else yield { type: 'step-started', step: step.id, values } satisfies LabEvent;
  if (wasInterrupted && !point) {
    yield { type: 'noted', step: step.id, note: 'interrupted-anew', values: {} } satisfies LabEvent;
  }
  if (step.needsOther && !(yield* ensureOther(context))) {
    const untold = { type: 'step-ended', outcome: 'unknown', reason: 'one-major', judged: [] } as const;
    yield* endStep(context, step, { ...untold, started, seen: await context.world.snapshot() });
    return 'unknown' as const;
  }
  let after: Snapshot | null;
  if (point) after = yield* goOn(context, step, point);
  else {
    // Another image may have been fetched meanwhile.
    const found = step.needsOther ? await groundFor(context, step) : ground;
    const ready = yield* madeReady(context, step, found);
    const predicted = await context.ask.predict(step.id, async () => valuesOf(context, ready));
    if (predicted) yield { type: 'predicted', step: step.id, ...predicted } satisfies LabEvent;
    // Somebody who can be asked has taken their time, whether they answered or not.
    after = yield* runCommands(context, step, { seen: context.interactive ? null : ready });
  }
  const seen = after ?? (await context.world.snapshot());
  const judged = yield* verdictsOf(context, step, seen);
  const outcome = worstOf(judged.map((check) => check.outcome));
  yield* endStep(context, step, { type: 'step-ended', outcome, reason: null, judged, started, seen });
  return outcome;
}

/** The verdicts of the whole step; those that were met in its course have been told. */
async function* verdictsOf(
  context: RunContext,
  step: Step,
  seen: Snapshot,
): AsyncGenerator<LabEvent, Judged[]> {
  const judged = await judgeWalked(context, step, seen);
  const momentary = momentaryChecks(step);
  for (const check of judged) {
    if (!momentary.has(check.id) || check.outcome !== 'met') yield { type: 'judged', step: step.id, check };
  }
  return judged;
}

/** An interrupted step from where it was; from its start where that does not work out. */
async function* goOn(
  context: RunContext,
  step: Step,
  point: ResumePoint,
): AsyncGenerator<LabEvent, Snapshot | null> {
  const { index, predicted } = point;
  try {
    yield* takeUp(context, step, point);
    const changed = () => step.changes?.map((name) => context.world.lastMade(name)?.id).join();
    const atFirst = changed();
    yield* repairNeeds(context, step, await context.world.snapshot());
    // What this step has done to a container, one that was made in its place does not have.
    if (changed() !== atFirst) throw new Trouble('needs-step', { step: step.id });
    // A server that was started again a moment ago has to become ready again.
    const servers = step.commands.slice(0, index).map(({ readyFirst }) => readyFirst);
    for (const server of new Set([...servers, step.commands[index - 1]?.ready]))
      if (server && !(yield* waitFor(context, server))) throw new Trouble('needs-step', { step: step.id });
    if (!predicted) {
      const answer = await context.ask.predict(step.id, () => valuesNow(context));
      if (answer) yield { type: 'predicted', step: step.id, ...answer };
    }
    return yield* runCommands(context, step, { from: index });
  } catch (error) {
    const isOfTheWorld =
      error instanceof Trouble &&
      /^(command-(failed|silent)|needed-paused|needs-step|content-broken)$/.test(error.code);
    if (context.signal.aborted) throw new Cancelled();
    if (!isOfTheWorld) throw error;
    yield { type: 'begun-anew', step: step.id };
    yield { type: 'step-started', step: step.id, values: await valuesNow(context) };
    return yield* runCommandsOf(context, step);
  }
}

/** The commands of a step on a world made ready for them, without the talk around it. */
export async function* runCommandsOf(
  context: RunContext,
  step: Step,
): AsyncGenerator<LabEvent, Snapshot | null> {
  const seen = yield* madeReady(context, step, await groundFor(context, step));
  return yield* runCommands(context, step, { seen });
}

/** Its own world is away, and what it needs is there. */
async function* madeReady(
  context: RunContext,
  step: Step,
  ground: Ground,
): AsyncGenerator<LabEvent, Snapshot> {
  return yield* repairNeeds(context, step, yield* clearOwnWorld(context, step, ground));
}

/** Takes the world as it is now, and returns it as it is then: null where nobody has looked. */
async function* runCommands(
  context: RunContext,
  step: Step,
  { from = 0, seen = null }: { from?: number; seen?: Snapshot | null },
): AsyncGenerator<LabEvent, Snapshot | null> {
  let now = seen;
  for (const [index, command] of step.commands.entries()) {
    if (index < from) continue;
    if (command.readyFirst) {
      if (!(yield* waitFor(context, command.readyFirst, now))) return null;
      now = null;
    }
    // The learner reads the output so far before this command takes the window.
    if (command.foreground && index > 0 && context.interactive) await context.ask.goOn();
    const watches = await startWatches(context, step, command.during ?? []);
    const { outcome, after } = yield* runCommand(context, step, index, now);
    now = after;
    for (const { check, stop } of watches) {
      if (stop) yield { type: 'watched', step: step.id, check: check.id, values: await stop() };
      yield { type: 'judged', step: step.id, check: await judgeCheck(context, step, check) };
    }
    if (watches.length > 0) now = null;
    for (const id of command.proves ?? []) {
      now ??= await context.world.snapshot();
      yield {
        type: 'judged',
        step: step.id,
        check: await judgeCheck(context, step, checkNamed(step, id), now),
      };
    }
    if (outcome === 'world-broke') return null;
  }
  return now;
}

async function startWatches(
  context: RunContext,
  step: Step,
  ids: readonly string[],
): Promise<{ check: Check; stop: (() => Promise<Values>) | null }[]> {
  if (ids.length === 0) return [];
  const look = await lookNow(context, step);
  return Promise.all(
    ids.map(async (id) => {
      const check = checkNamed(step, id);
      if (!check.watch) throw new Error(`check ${id} of ${step.id} cannot watch`);
      return { check, stop: await check.watch(look) };
    }),
  );
}

function checkNamed(step: Step, id: string): Check {
  const check = step.checks.find((candidate) => candidate.id === id);
  if (!check) throw new Error(`${step.id} has no check ${id}`);
  return check;
}
