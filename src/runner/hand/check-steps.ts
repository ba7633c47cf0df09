/** Judges steps as they stand, running nothing. */

import type { Judged, LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { worstOf } from '../../outcome.ts';
import type { RunContext } from '../ground/context.ts';
import { chooseClosedPort } from '../ground/ports.ts';
import { recognise } from '../ground/recognise.ts';
import { valuesOf } from '../ground/run-values.ts';
import { judgeStanding, lookNow } from '../judge/judge.ts';

export async function* checkSteps(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  yield* recognise(
    context,
    steps.filter((step) => finishedAndGone(context, step) === null),
  );
  for (const step of steps) {
    const started = performance.now();
    yield* chooseClosedPort(context, step);
    const kept = finishedAndGone(context, step);
    yield { type: 'checking', step: step.id, values: await valuesOf(context) };
    const judged = kept ?? (await judgeAll(context, step));
    for (const check of judged) yield { type: 'judged', step: step.id, check };
    yield await standing(context, step, judged, started);
  }
}

async function judgeAll(context: RunContext, step: Step): Promise<Judged[]> {
  const look = await lookNow(context, step);
  return Promise.all(step.checks.map((check) => judgeStanding(context, step, check, look)));
}

/** How a step stands, by the verdicts of its checks. `started`: as performance.now() gave it. */
export async function standing(
  context: RunContext,
  step: Step,
  judged: readonly Judged[],
  started: number,
): Promise<LabEvent> {
  const skipped = step.needsOther && !context.other;
  return {
    type: 'checked',
    step: step.id,
    outcome: skipped ? 'skipped' : worstOf(judged.map(({ outcome }) => outcome)),
    reason: skipped ? 'one-major' : null,
    durationMs: Math.round(performance.now() - started),
    values: await valuesOf(context),
  };
}

/** A finished step whose world ends with it stays as it was judged then. */
export function finishedAndGone({ journal }: RunContext, step: Step): Judged[] | null {
  if (!step.passing || !journal.standing.isFinished(step.id)) return null;
  const { atEnd } = journal.standing.step(step.id);
  return step.checks.flatMap(({ id }) => atEnd.get(id) ?? []);
}
