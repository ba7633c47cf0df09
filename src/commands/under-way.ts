/** What another process is doing in this run now: a second terminal tells of it, and helps. */
import { runFolder } from '../home.ts';
import { nextStep, progressOf } from '../journal/standing.ts';
import { isHeldByAnother } from '../lock.ts';
import type { Desk } from './desk.ts';

export interface UnderWay {
  step: string;
  /** The learner types, and it watches; else it runs the step. */
  byHand: boolean;
  /** Checks that are met by now. */
  met: number;
}

/** Null: nobody holds the run, or nothing of a step is under way. */
export function underWay({ run, reading, settings, steps }: Desk): UnderWay | null {
  if (run === null || !isHeldByAnother(runFolder(settings.home, run))) return null;
  const { standing } = reading;
  const open = steps.filter((id) => standing.step(id).interrupted);
  // What was interrupted before may still be open; the one that was begun last is the one.
  const begun = (id: string) => standing.step(id).attempt?.started.seq ?? 0;
  const step = open.sort((a, b) => begun(b) - begun(a))[0] ?? nextStep(progressOf(steps, standing))?.id;
  const { attempt, witnessed } = standing.step(step ?? '');
  if (step === undefined || !attempt || attempt.over) return null;
  const met = [...witnessed.values()].filter(({ outcome }) => outcome === 'met').length;
  return { step, byHand: attempt.started.byHand !== undefined, met };
}

/** Says so in a line; nothing where nothing is. `how`: with what this terminal can do meanwhile. */
export function sayUnderWay({ content, screen, steps, stem }: Desk, at: UnderWay | null): void {
  if (at === null) return;
  const { step, byHand, met } = at;
  const text = content.step(stem(step));
  const values = { number: steps.indexOf(step) + 1, title: text.title, step, met, of: text.checks.size };
  screen.line(content.say('messages', byHand ? 'under-way-by-hand' : 'under-way', values));
}
