/** Progress is never stored: it is read from the journal. */
import type { Lab, StepOutcome } from '../lab/model.ts';
import type { JournalLine } from './events.ts';

export interface StepProgress {
  id: string;
  /** How its last attempt ended; null where none has. */
  outcome: StepOutcome | null;
  /** Begun, and neither ended nor begun anew since. */
  interrupted: boolean;
}

export function progressOf(steps: readonly string[], events: readonly JournalLine[]): StepProgress[] {
  const byStep = new Map<string, StepProgress>(
    steps.map((id) => [id, { id, outcome: null, interrupted: false }]),
  );
  for (const event of events) {
    if (event.type === 'step-started' || event.type === 'step-resumed') {
      const progress = byStep.get(event.step);
      if (progress) progress.interrupted = true;
    }
    // A look finishes what it finds done; what it does not find is no longer taken back by it.
    const ends = event.type === 'step-ended' || (event.type === 'checked' && event.outcome === 'met');
    if (ends) {
      const progress = byStep.get(event.step);
      if (progress) Object.assign(progress, { outcome: event.outcome, interrupted: false });
    }
  }
  return [...byStep.values()];
}

/** The first step that is not finished, or null when all are. */
export function nextStep(progress: readonly StepProgress[]): StepProgress | null {
  return progress.find(isOpen) ?? null;
}

/** Whether it is still to be done. */
export function isOpen({ outcome }: StepProgress): boolean {
  return outcome !== 'met' && outcome !== 'skipped';
}

/** Whether a step ended met, and its own world may be gone for good reason. */
export function isFinished(lab: Lab, id: string, events: readonly JournalLine[]): boolean {
  const ids = lab.steps.map((step) => step.id);
  return progressOf(ids, events).some((step) => step.id === id && step.outcome === 'met');
}
