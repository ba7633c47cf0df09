/** Judges steps as they stand, running nothing. */
import type { Step } from '../lab/model.ts';
import type { RunContext } from './context.ts';
import type { LabEvent } from './events.ts';
import { judgeStep, worstOf } from './judge.ts';
import { chooseClosedPort } from './ports.ts';
import { isFinished } from './progress.ts';
import { valuesOf } from './values.ts';

export async function* checkSteps(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  for (const step of steps) {
    const started = performance.now();
    yield* chooseClosedPort(context, step);
    const kept = finishedAndGone(context, step);
    yield { type: 'checking', step: step.id, values: await valuesOf(context) };
    const judged = kept ?? (await judgeStep(context, step, { walking: false }));
    for (const check of judged) yield { type: 'judged', step: step.id, check };
    const skipped = step.needsOther && !context.other;
    yield {
      type: 'checked',
      step: step.id,
      outcome: skipped ? 'skipped' : worstOf(judged.map(({ outcome }) => outcome)),
      reason: skipped ? 'one-major' : null,
      durationMs: Math.round(performance.now() - started),
      values: await valuesOf(context),
    };
  }
}

/** A finished step whose world ends with it stays as it was judged then. */
function finishedAndGone({ lab, journal }: RunContext, step: Step) {
  if (!step.passing || !isFinished(lab, step.id, journal.events)) return null;
  const ended = journal.events.findLastIndex(
    ({ type, ...event }) => type === 'step-ended' && 'step' in event && event.step === step.id,
  );
  const before = journal.events.slice(0, ended);
  return step.checks.flatMap(({ id }) => {
    const event = before.findLast(
      (each) => each.type === 'judged' && each.step === step.id && each.check.id === id,
    );
    return event?.type === 'judged' ? [event.check] : [];
  });
}
