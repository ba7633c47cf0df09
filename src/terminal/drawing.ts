/** What all that draws a run starts from, and the head of a step. */
import { progressOf, type Standing } from '../journal/standing.ts';
import type { Content } from '../lab/content.ts';
import type { Lab } from '../lab/model.ts';
import { widthOf, wrap } from '../wrap.ts';
import { dotsOf } from './dots.ts';
import type { Screen } from './screen.ts';

export interface Drawing {
  lab: Lab;
  content: Content;
  screen: Screen;
  run: string;
  stem: (step: string) => string;
  /** How the run stands by now. */
  standing: () => Standing;
  /** Ids of the run's containers that publish no port. */
  unpublished: () => ReadonlySet<string>;
  /** The volume that the run's container of this name had last; null: none is known. */
  volumeOf: (name: string) => string | null;
  /** Whether this very call goes on with another step after this one. */
  goesOn: (step: string) => boolean;
  /** A person watches a foreground run live; else its log is shown when it has ended. */
  interactive: boolean;
}

/** Columns between a title and what stands at the right; where less is left, that has a line of its own. */
const LEAST_GAP = 2;

/** What the head of a step tells of: `run` null where there is none yet. */
interface Head {
  content: Content;
  screen: Screen;
  steps: readonly string[];
  standing: Standing;
  run: string | null;
}

/** The step's number and title, how far the run is, and its name. */
export function drawHead({ content, screen, steps, standing, run }: Head, id: string, title: string): void {
  const number = steps.indexOf(id) + 1;
  const head = content.say('messages', 'step-head', { number, of: steps.length, title });
  const dots = dotsOf(progressOf(steps, standing), id);
  const label = run === null ? '' : content.say('messages', 'run-label', { run });
  const right = [dots, label].filter(Boolean).join('  ');
  const gap = screen.columns - widthOf(head) - widthOf(right);
  if (gap >= LEAST_GAP)
    screen.line(screen.paint('bold', head) + ' '.repeat(gap) + screen.paint('dim', right));
  else {
    for (const line of wrap(head, screen.columns)) screen.line(screen.paint('bold', line));
    for (const line of wrap(right, screen.columns)) screen.line(screen.paint('dim', line));
  }
  screen.line(screen.paint('dim', '─'.repeat(screen.columns)));
}

/** The head of a step that is drawn as it happens. */
export function drawStepHead(
  { lab, content, screen, run, standing }: Drawing,
  id: string,
  { title }: { title: string },
): void {
  screen.line();
  const steps = lab.steps.map((step) => step.id);
  drawHead({ content, screen, steps, standing: standing(), run }, id, title);
}
