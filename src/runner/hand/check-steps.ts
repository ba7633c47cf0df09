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
import { endStep, type Pictures } from '../judge/step-end.ts';

export async function* checkSteps(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  yield* recognise(
    context,
    steps.filter((step) => finishedAndGone(context, step) === null),
  );
  // Nothing runs between these steps: one look is that of all of them, and one picture.
  const seen = await context.world.snapshot();
  const pictures: Pictures = {};
  for (const step of steps) {
    const started = performance.now();
    yield* chooseClosedPort(context, step);
    const kept = finishedAndGone(context, step);
    if (step.needsOther) await findOther(context);
    yield { type: 'checking', step: step.id, values: valuesOf(context, seen) };
    const judged = kept ?? (await judgeAll(context, step, seen));
    for (const check of judged) yield { type: 'judged', step: step.id, check };
    yield* endOfLook(context, step, judged, started, seen, pictures);
  }
}

function judgeAll(context: RunContext, step: Step, seen: Snapshot): Promise<Judged[]> {
  const look = lookAt(context, step, seen);
  return Promise.all(step.checks.map((check) => judgeStanding(context, step, check, look)));
}

/**
 * The end of a look at a step, by the verdicts of its checks and the world they saw. `started`: as performance.now()
 * gave it.
 */
export async function* endOfLook(
  context: RunContext,
  step: Step,
  judged: readonly Judged[],
  started: number,
  seen: Snapshot,
  pictures: Pictures = {},
): AsyncGenerator<LabEvent> {
  const cannotTell = step.needsOther && !context.other;
  const end = {
    type: 'checked' as const,
    ...{ judged, started, seen },
    outcome: cannotTell ? 'unknown' : worstOf(judged.map(({ outcome }) => outcome)),
    reason: cannotTell ? 'one-major' : null,
  } as const;
  yield* endStep(context, step, end, pictures);
}

/** A finished step whose world ends with it stays as it was judged then. */
export function finishedAndGone({ journal }: RunContext, step: Step): Judged[] | null {
  if (!step.passing || !journal.standing.isFinished(step.id)) return null;
  const { atEnd } = journal.standing.step(step.id);
  return step.checks.flatMap(({ id }) => atEnd.get(id) ?? []);
}
