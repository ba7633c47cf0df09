/**
 * What may leave a learner's machine, and nothing else: which step, how it stands, which check and finding, hints, hands.
 * No output, no command, no path, id, port, name of a user or host, no values.
 */
import type { JournalLine } from '../journal/events.ts';

type Outcome = 'met' | 'not-met' | 'unknown';

/** An event of a journal, as a board has it. `seq` is its line's, `at` its time by the seat's clock (RFC 3339). */
export type LeanEvent = { seq: number; at: string } & (
  | { type: 'begun'; lab: string; pglab: string }
  | { type: 'step'; step: string; byHand: boolean }
  | { type: 'judged'; step: string; check: string; outcome: Outcome; finding: string | null }
  | { type: 'ended'; step: string; outcome: Outcome | 'skipped' }
  | { type: 'hinted'; step: string; level: number }
  | { type: 'predicted'; step: string; right: boolean }
  | { type: 'trouble'; code: string }
  | { type: 'left-out'; step: string; undone: boolean }
  | { type: 'again'; steps: string[] }
  /** How many of the run's things a reset could not remove, and how many it left because they are the learner's. */
  | { type: 'reset'; removed: number; left: number; kept: number }
  | { type: 'hand'; up: boolean; text: string | null }
  /** A fresh look after a reset for the group `epoch`; `asked`: the id of the wish; `trouble`: nobody could look. */
  | { type: 'proved'; epoch: number; asked: number; left: number; trouble: string | null }
);

/** What of a line may leave; null: nothing of it. */
export function leanOf(line: JournalLine): LeanEvent | null {
  const { seq, at } = line;
  switch (line.type) {
    case 'run-started':
      return { seq, at, type: 'begun', lab: line.lab, pglab: line.pglab };
    case 'step-started':
    case 'step-resumed':
      return { seq, at, type: 'step', step: line.step, byHand: Boolean(line.byHand) };
    case 'judged': {
      const { id: check, outcome, finding } = line.check;
      return { seq, at, type: 'judged', step: line.step, check, outcome, finding };
    }
    case 'step-ended':
    case 'checked':
      return { seq, at, type: 'ended', step: line.step, outcome: line.outcome };
    case 'hinted':
      return { seq, at, type: 'hinted', step: line.step, level: line.level };
    case 'predicted':
      return { seq, at, type: 'predicted', step: line.step, right: line.right };
    case 'trouble':
      return { seq, at, type: 'trouble', code: line.code };
    case 'skipped':
    case 'unskipped':
      return { seq, at, type: 'left-out', step: line.step, undone: line.type === 'unskipped' };
    case 'steps-reset':
      return { seq, at, type: 'again', steps: line.steps };
    case 'reset-ended':
      return {
        seq,
        at,
        type: 'reset',
        removed: line.removed,
        left: line.left.length,
        kept: line.kept.length,
      };
    case 'hand':
      return { seq, at, type: 'hand', up: line.up, text: line.text };
    case 'proved': {
      const { epoch, asked, left, trouble } = line;
      const all = left.containers + left.volumes + left.networks + left.folders;
      return { seq, at, type: 'proved', epoch, asked, left: all, trouble };
    }
    default:
      return null;
  }
}
