/** A check of a lab from elsewhere, whose code nobody of ours has read: it answers in time and in the shape of a verdict, or says why not. */
import { Cancelled, messageOf, Trouble } from '../trouble.ts';
import type { Look } from './look.ts';
import type { Check, Step } from './model.ts';
import { misshapenIn } from './shape.ts';

/** Longer than all that a look may wait for: an engine has three minutes to answer. */
const ANSWERS_WITHIN_MS = 240_000;
/** Characters of what it threw. */
const LONGEST_WHY = 400;

/**
 * The step, each check of which rejects with trouble `lab-broken` where its own code throws, does not answer within
 * `withinMs`, or answers what is no verdict. `file`: where the step stands, for the sentence.
 *
 * A check that spins without ever waiting cannot be stopped from within this process.
 */
export function heldToVerdicts(step: Step, file: string, withinMs = ANSWERS_WITHIN_MS): Step {
  return { ...step, checks: step.checks.map((check) => held(check, file, withinMs)) };
}

function held(check: Check, file: string, withinMs: number): Check {
  const broken = (why: string, cause?: unknown) =>
    new Trouble('lab-broken', { file, why: `the check ${check.id} ${why}` }, { cause });
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await inTime(ask, withinMs, () => broken(`does not answer within ${withinMs / 1000} seconds`));
    } catch (error) {
      // Trouble while it looks is no fault of the check's.
      if (error instanceof Trouble || error instanceof Cancelled) throw error;
      throw broken(`throws: ${messageOf(error).slice(0, LONGEST_WHY)}`, error);
    }
  };
  const { watch } = check;
  return {
    ...check,
    async judge(look: Look) {
      const verdict = await asked(() => check.judge(look));
      for (const found of misshapenIn('verdict', verdict)) {
        if ('wanted' in found)
          throw broken(`answers no verdict: ${found.part || 'it'} must be ${found.wanted}`);
      }
      return verdict;
    },
    ...(watch && {
      watch: async (look: Look) => {
        const end = await asked(() => watch.call(check, look));
        return end === null ? null : () => asked(end);
      },
    }),
  };
}

async function inTime<T>(ask: () => Promise<T>, withinMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), withinMs);
  });
  try {
    return await Promise.race([ask(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
