/** Judges the checks of a step: the same ones for `next`, `run` and `check`. */

import type { Judged } from '../../journal/events.ts';
import type { Look } from '../../lab/look.ts';
import type { Check, Step } from '../../lab/model.ts';
import type { Verdict } from '../../lab/verdict.ts';
import { Trouble } from '../../trouble.ts';
import { shortId } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { valuesToJudge } from '../ground/run-values.ts';
import { lookFor } from './looking.ts';

/** `seen`: the world as it is now, where somebody has looked. */
export async function judgeCheck(
  context: RunContext,
  step: Step,
  check: Check,
  seen?: Snapshot,
): Promise<Judged> {
  return judged(check, seen ? lookAt(context, step, seen) : await lookNow(context, step));
}

/** What is there at this moment. */
export async function lookNow(context: RunContext, step: Step): Promise<Look> {
  return lookAt(context, step, await context.world.snapshot());
}

/** What was there when the snapshot was taken: all that is judged by one look is judged by the same world. */
export function lookAt(context: RunContext, step: Step, seen: Snapshot): Look {
  return lookFor(context, step.id, valuesToJudge(context, seen), seen);
}

/**
 * All checks of a step. Those that a command names in `proves` or `during` look at what does not
 * last: after a walk their verdict is the one from that moment.
 */
export async function judgeWalked(context: RunContext, step: Step, seen: Snapshot): Promise<Judged[]> {
  const momentary = momentaryChecks(step);
  const look = lookAt(context, step, seen);
  const { witnessed } = context.journal.standing.step(step.id);
  return Promise.all(
    step.checks.map(async (check) => {
      const then = momentary.has(check.id) ? witnessed.get(check.id) : null;
      return then ?? judged(check, look);
    }),
  );
}

/**
 * A check as it stands, however that came about. What does not last is met once it was witnessed;
 * never witnessed, and with its container gone, it cannot be told. `watched`: what was witnessed stays as it was seen.
 */
export async function judgeStanding(
  context: RunContext,
  step: Step,
  check: Check,
  look: Look,
  { watched = false }: { watched?: boolean } = {},
): Promise<Judged> {
  const isMomentary = momentaryChecks(step).has(check.id);
  if (isMomentary && (watched || !check.lasts)) {
    const then = context.journal.standing.step(step.id).witnessed.get(check.id);
    if (then?.outcome === 'met' && !isOfAnother(context, then)) return then;
  }
  const now = await judged(check, look);
  const isGone = now.finding === 'no-container' || now.finding === 'container-removed';
  const goesRightly = step.commands.some(({ removes }) => removes === now.values.name);
  if (!isMomentary || !isGone || !goesRightly) return now;
  // It was there, and what was to be seen of it was not seen in time.
  const finding = now.finding === 'container-removed' ? 'gone-unseen' : 'never-seen';
  return { ...now, outcome: 'unknown', finding };
}

/** It was seen with a container that goes by this name no more: another one does. */
function isOfAnother({ world }: RunContext, { values: { name, short } }: Judged): boolean {
  const now = typeof name === 'string' ? world.formerId(name) : null;
  return short !== undefined && now !== null && shortId(now) !== short;
}

/** Checks that are judged, or watched, while the commands run. */
export function momentaryChecks(step: Step): Set<string> {
  return new Set(step.commands.flatMap(({ proves = [], during = [] }) => [...proves, ...during]));
}

/** What trouble leaves of a verdict: a code in place of a finding. */
type Untold = Pick<Judged, 'outcome' | 'finding' | 'values' | 'evidence'> & { note?: never };

async function judged(check: Check, look: Look): Promise<Judged> {
  const verdict = await verdictOf(check, look);
  return {
    id: check.id,
    kind: check.kind,
    outcome: verdict.outcome,
    values: { ...check.about, ...verdict.values },
    finding: verdict.finding ?? null,
    note: verdict.note ?? null,
    evidence: verdict.evidence,
  };
}

/** Known trouble while looking is "could not tell", never "not met"; anything else is our bug. */
async function verdictOf(check: Check, look: Look): Promise<Verdict | Untold> {
  try {
    const verdict = await check.judge(look);
    requireDeclared(check, verdict);
    requireTold(check, verdict);
    return verdict;
  } catch (error) {
    if (error instanceof Trouble) {
      return { outcome: 'unknown', finding: error.code, values: error.values, evidence: '' };
    }
    throw Object.assign(error as Error, { check: check.id });
  }
}

/** A finding that a check gives and does not declare has no wrong world, and maybe no words: the lab is broken. */
function requireDeclared({ id, kind, finds }: Check, { finding }: Verdict): void {
  if (finding === undefined || finds?.includes(finding)) return;
  throw new Trouble('lab-broken', {
    file: kind,
    why: `the check ${id} does not declare "${finding}" in finds`,
  });
}

/** A value that a finding's sentences use and its verdict has not would leave a gap in them: the lab is broken. */
function requireTold({ id, kind, about, tells = {} }: Check, { finding, values }: Verdict): void {
  if (finding === undefined || !Object.hasOwn(tells, finding)) return;
  const promised = tells[finding] ?? [];
  const absent = promised.find((name) => !Object.hasOwn({ ...about, ...values }, name));
  if (absent === undefined) return;
  throw new Trouble('lab-broken', {
    file: kind,
    why: `the check ${id} gives "${finding}" without the value "${absent}" that its tells names`,
  });
}
