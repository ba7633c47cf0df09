/** Judges steps as they stand, running nothing. */

import type { Judged, LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { worstOf } from '../../outcome.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { findOther } from '../ground/other.ts';
import { chooseClosedPort } from '../ground/ports.ts';
import { recognise } from '../ground/recognise.ts';
import { valuesOf } from '../ground/run-values.ts';
import { judgeStanding, lookAt } from '../judge/judge.ts';

export async function* checkSteps(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  yield* recognise(
    context,
    steps.filter((step) => finishedAndGone(context, step) === null),
  );
  for (const step of steps) {
    const started = performance.now();
    yield* chooseClosedPort(context, step);
    const kept = finishedAndGone(context, step);
    if (step.needsOther) await findOther(context);
    const seen = await context.world.snapshot();
    yield { type: 'checking', step: step.id, values: valuesOf(context, seen) };
    const judged = kept ?? (await judgeAll(context, step, seen));
    for (const check of judged) yield { type: 'judged', step: step.id, check };
    yield standing(context, step, judged, started, seen);
  }
}

function judgeAll(context: RunContext, step: Step, seen: Snapshot): Promise<Judged[]> {
  const look = lookAt(context, step, seen);
  return Promise.all(step.checks.map((check) => judgeStanding(context, step, check, look)));
}

/** How a step stands, by the verdicts of its checks and the world they saw. `started`: as performance.now() gave it. */
export function standing(
  context: RunContext,
  step: Step,
  judged: readonly Judged[],
  started: number,
  seen: Snapshot,
): LabEvent {
  const skipped = step.needsOther && !context.other;
  return {
    type: 'checked',
    step: step.id,
    outcome: skipped ? 'skipped' : worstOf(judged.map(({ outcome }) => outcome)),
    reason: skipped ? 'one-major' : null,
    durationMs: Math.round(performance.now() - started),
    values: valuesOf(context, seen),
  };
}

/** A finished step whose world ends with it stays as it was judged then. */
export function finishedAndGone({ journal }: RunContext, step: Step): Judged[] | null {
  if (!step.passing || !journal.standing.isFinished(step.id)) return null;
  const { atEnd } = journal.standing.step(step.id);
  return step.checks.flatMap(({ id }) => atEnd.get(id) ?? []);
}
