/** How checks and steps come out. */
export type Outcome = 'met' | 'not-met' | 'unknown';
export type StepOutcome = Outcome | 'skipped';

/** Of several: not-met before unknown before met; skipped counts as met. */
export function worstOf(outcomes: readonly StepOutcome[]): Outcome {
  if (outcomes.includes('not-met')) return 'not-met';
  return outcomes.includes('unknown') ? 'unknown' : 'met';
}

/** How a step came out, without a word and without colour. */
export const MARKS = { met: '✓', 'not-met': '✗', unknown: '?', skipped: '–' } as const;
