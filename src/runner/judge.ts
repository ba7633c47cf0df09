/** Judges the checks of a step: the same ones for `next`, `run` and `check`. */
import type { Look } from '../lab/look.ts';
import type { Check, Outcome, Step, StepOutcome, Values } from '../lab/model.ts';
import { Trouble } from '../trouble.ts';
import type { RunContext } from './context.ts';
import type { JournalLine, Judged } from './events.ts';
import { lookFor } from './look.ts';
import { valuesOf } from './values.ts';

export async function judgeCheck(context: RunContext, step: Step, check: Check): Promise<Judged> {
  return judged(check, await check.judge(await lookNow(context, step)).catch(unknown(check)));
}

/** What is there at this moment. */
export async function lookNow(context: RunContext, step: Step): Promise<Look> {
  const containers = await context.world.containers();
  return lookFor(context, step.id, await valuesOf(context, containers), containers);
}

/**
 * All checks of a step as they stand now. Those that a command names in `then` looked at what does
 * not last: their verdict is the one from that moment; never judged then, they are unknown.
 */
export async function judgeStep(
  context: RunContext,
  step: Step,
  { walking }: { walking: boolean },
): Promise<Judged[]> {
  const momentary = momentaryChecks(step);
  const look = await lookNow(context, step);
  return Promise.all(
    step.checks.map(async (check) => {
      if (momentary.has(check.id) && (walking || !check.lasts)) {
        const then = lastJudged(context.journal.events, step.id, check.id);
        if (then) return then;
      }
      return judged(check, await check.judge(look).catch(unknown(check)));
    }),
  );
}

/** Checks that are judged, or watched, while the commands run. */
export function momentaryChecks(step: Step): Set<string> {
  return new Set(step.commands.flatMap(({ proves = [], during = [] }) => [...proves, ...during]));
}

/** Since the step was last begun; what was judged before it ever was, says nothing. */
function lastJudged(events: readonly JournalLine[], step: string, check: string): Judged | null {
  const begun = events.findLastIndex((event) => event.type === 'step-started' && event.step === step);
  if (begun < 0) return null;
  const judgedAt = events
    .slice(begun)
    .find((event) => event.type === 'judged' && event.step === step && event.check.id === check);
  return judgedAt?.type === 'judged' ? judgedAt.check : null;
}

/** Of several: not-met before unknown before met. */
export function worstOf(outcomes: readonly (Outcome | StepOutcome)[]): Outcome {
  if (outcomes.includes('not-met')) return 'not-met';
  return outcomes.includes('unknown') ? 'unknown' : 'met';
}

/** Known trouble while looking is "could not tell", never "not met"; anything else is our bug. */
function unknown(check: Check) {
  return (error: unknown): { outcome: Outcome; values: Values; evidence: string; finding?: string } => {
    if (error instanceof Trouble)
      return { outcome: 'unknown', values: error.values, evidence: '', finding: error.code };
    throw Object.assign(error as Error, { check: check.id });
  };
}

function judged(
  check: Check,
  verdict: { outcome: Outcome; values: Values; finding?: string; note?: string; evidence: string },
): Judged {
  return {
    id: check.id,
    kind: check.kind,
    outcome: verdict.outcome,
    values: verdict.values,
    finding: verdict.finding ?? null,
    note: verdict.note ?? null,
    evidence: verdict.evidence,
  };
}
