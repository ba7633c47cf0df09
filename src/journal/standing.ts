/** Progress is never stored: it is read from the journal. */
import type { NoteKey } from '../content-keys.ts';
import type { Lab } from '../lab/model.ts';
import type { StepOutcome } from '../outcome.ts';
import type { Values } from '../values.ts';
import type { JournalLine } from './events.ts';

export interface StepProgress {
  id: string;
  /** How its last attempt ended; null where none has, or where that counts no more. */
  outcome: StepOutcome | null;
  /** Begun, and neither ended nor begun anew since. */
  interrupted: boolean;
}

export function progressOf(steps: readonly string[], events: readonly JournalLine[]): StepProgress[] {
  const byStep = new Map<string, StepProgress>(
    steps.map((id) => [id, { id, outcome: null, interrupted: false }]),
  );
  for (const event of events) {
    for (const progress of byStep.values()) if (isReopened(progress, event)) progress.outcome = null;
    if (event.type === 'step-started' || event.type === 'step-resumed') {
      const progress = byStep.get(event.step);
      if (progress) progress.interrupted = true;
    }
    if (isEnd(event)) {
      const progress = byStep.get(event.step);
      if (progress) Object.assign(progress, { outcome: event.outcome, interrupted: false });
    }
  }
  return [...byStep.values()];
}

/** A look finishes what it finds done; what it does not find is not taken back by it. */
export function isEnd(event: JournalLine): event is Extract<JournalLine, { type: 'step-ended' | 'checked' }> {
  return event.type === 'step-ended' || (event.type === 'checked' && event.outcome === 'met');
}

/** What was seen of a step before this event counts no more: lines were lost, or a reset of it has begun. */
export function mayHaveUndone(event: JournalLine, step: string): boolean {
  if (event.type === 'lines-lost') return true;
  return event.type === 'reset-begun' && (event.steps?.includes(step) ?? true);
}

/** What is begun again is open until it ends; what ended before lines were lost may have been undone in them. */
function isReopened(progress: StepProgress, event: JournalLine): boolean {
  if (event.type === 'lines-lost') return !isOpen(progress);
  if (event.type === 'reset-begun') return event.steps?.includes(progress.id) ?? false;
  return (event.type === 'step-started' || event.type === 'step-resumed') && event.step === progress.id;
}

/** Steps that count as open only because lines were lost after their end. */
function inDoubt(steps: readonly string[], events: readonly JournalLine[]): string[] {
  const told = progressOf(
    steps,
    events.filter(({ type }) => type !== 'lines-lost'),
  );
  const counted = progressOf(steps, events);
  return told.flatMap((each, at) => (!isOpen(each) && isOpen(counted[at] as StepProgress) ? [each.id] : []));
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

/** What is to be said of a journal that was damaged; `note` is a key of the notes. */
export function damageOf(
  steps: readonly string[],
  {
    events,
    unreadable,
    foreign = 0,
  }: { events: readonly JournalLine[]; unreadable: number; foreign?: number },
): { note: NoteKey; values: Values }[] {
  const doubted = inDoubt(steps, events);
  const told: { note: NoteKey; values: Values }[] = [];
  if (unreadable > 0) told.push({ note: 'journal-damaged', values: { count: unreadable } });
  if (foreign > 0) told.push({ note: 'journal-newer', values: { count: foreign } });
  if (doubted.length > 0) told.push({ note: 'journal-gap', values: { steps: doubted.join(', ') } });
  return told;
}
