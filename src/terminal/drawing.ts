/** What all that draws a run starts from, and the head of a step. */
import type { Content, StepText } from '../lab/content.ts';
import type { Lab } from '../lab/model.ts';
import { widthOf, wrap } from '../wrap.ts';
import type { Screen } from './screen.ts';

export interface Drawing {
  lab: Lab;
  content: Content;
  screen: Screen;
  run: string;
  stem: (step: string) => string;
  /** Steps that are not finished by now. */
  unfinished: () => ReadonlySet<string>;
  /** Ids of the run's containers that publish no port. */
  unpublished: () => ReadonlySet<string>;
  /** Whether the learner has made something of their own in this run. */
  hasMade: () => boolean;
  /** A person watches a foreground run live; else its log is shown when it has ended. */
  interactive: boolean;
}

/** Columns between a title and the run's name; where less is left, the name has a line of its own. */
const LEAST_GAP = 2;

/** The step's number and title, and whose run it is. */
export function drawHead({ lab, content, screen, run }: Drawing, id: string, { title }: StepText): void {
  const number = lab.steps.findIndex((step) => step.id === id) + 1;
  const head = content.say('messages', 'step-head', { number, of: lab.steps.length, title });
  const label = content.say('messages', 'run-label', { run });
  const gap = screen.columns - widthOf(head) - widthOf(label);
  screen.line();
  if (gap >= LEAST_GAP)
    screen.line(screen.paint('bold', head) + ' '.repeat(gap) + screen.paint('dim', label));
  else {
    for (const line of wrap(head, screen.columns)) screen.line(screen.paint('bold', line));
    screen.line(screen.paint('dim', label));
  }
  screen.line(screen.paint('dim', '─'.repeat(screen.columns)));
}
