/** How far a run is, as a row of dots. */
import type { StepProgress } from '../journal/standing.ts';
import { isOpen } from '../journal/step-standing.ts';

/** Of more steps than these the dots would be no picture any more. */
const MOST = 20;

/**
 * A dot a step: done, left out, the one at hand, open. Empty where there are too many.
 *
 *     dotsOf(progress, 'port-mapping') // '●●–●●◐○○○○○○'
 */
export function dotsOf(progress: readonly StepProgress[], current: string | null = null): string {
  if (progress.length > MOST) return '';
  return progress
    .map((step) => {
      if (step.id === current) return '◐';
      if (isOpen(step)) return '○';
      return step.outcome === 'skipped' ? '–' : '●';
    })
    .join('');
}
