/** What was said to the questions of a run before their commands ran. */
import type { Standing } from './standing.ts';

/** An answer to a step's question, by the index of its option. */
export interface Predicted {
  answer: number;
  right: boolean;
}

/** The last answer that was given at this step; null where there is none. */
export function predictedAt(standing: Standing, step: string): Predicted | null {
  return standing.step(step).predictions.at(-1) ?? null;
}

/** Of how many steps that are done something was said before, and how often it came out as said. */
export function tallyOf(steps: readonly string[], standing: Standing): { right: number; of: number } {
  const said = steps.flatMap((step) =>
    standing.isFinished(step) ? (predictedAt(standing, step) ?? []) : [],
  );
  return { right: said.filter(({ right }) => right).length, of: said.length };
}
