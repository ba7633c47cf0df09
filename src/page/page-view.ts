/**
 * What the learner's page shows, part by part: the server fills it from lines of the journal in the language that was asked
 * for, and sends the parts that changed; the page draws them and knows nothing else. `…Html` is made on the server from our
 * own prose, with all that was filled in escaped; every other text is text.
 */
import type { MessageKey } from '../content-keys.ts';
import type { Word } from './page-words.ts';

/** `GET /live?lang=xx`: an event `parts`, whose data is this with the parts that changed; all of them first. */
export interface PageView {
  /** Words of the page itself: buttons, headings, states. */
  words: Record<Word, string>;
  head: PageHead;
  /** Null: there is no step to do any more. */
  step: PageStep | null;
  /** What is told in the place of a step that there is no more. */
  endHtml: string | null;
  prediction: PagePrediction | null;
  commands: PageCommands | null;
  checks: PageCheck[];
  hints: PageHints;
  /** What is waited for, such as an image that is pulled. */
  progress: PageProgress | null;
  /** A question of pglab's own, such as which of several containers is meant. */
  question: PageQuestion | null;
  /** What pglab runs, or ran, for the learner in this step. */
  ran: PageRun[];
  /** What changed meanwhile, newest last. */
  notices: string[];
  /** Told once the step is met. */
  told: PageTold | null;
  map: PageMap | null;
  /** Steps that are over, in their order. */
  done: PageDone[];
  /** Known trouble: the page stands still until pglab goes on. */
  trouble: { messageHtml: string; fixHtml: string } | null;
  /** The engine does not answer: how long ago it last did. Null: it does. */
  silence: { seconds: number } | null;
  workshop: PageWorkshop | null;
  acts: ActType[];
}

export interface PageHead {
  /** `en`, and how each language calls itself. */
  language: string;
  languages: { code: string; name: string }[];
  lab: string;
  run: string;
  steps: { id: string; number: number; title: string; state: 'done' | 'left-out' | 'now' | 'open' }[];
}

export interface PageStep {
  id: string;
  number: number;
  of: number;
  title: string;
  introHtml: string;
  /** Null: its question is open. */
  goalHtml: string | null;
  /** A line that the learner's shell needs before all others; null: none. */
  firstLine: string | null;
}

/** `said`: which option, null while it is open. `right`, `becauseHtml`: null until the step is met. */
export interface PagePrediction {
  questionHtml: string;
  optionsHtml: string[];
  isOpen: boolean;
  said: number | null;
  right: number | null;
  becauseHtml: string | null;
}

/** `isToType`: lines that leave no trace, typed before the learner says so. Else shown because they asked. */
export interface PageCommands {
  isToType: boolean;
  lines: PageCommand[];
}

export interface PageCommand {
  /** The article's; null: it has none. */
  article: string | null;
  /** What is typed today, in parts: those that were added stand out. */
  here: { text: string; isAdded: boolean }[];
  added: { fragment: string | null; reasonHtml: string }[];
}

export interface PageCheck {
  id: string;
  title: string;
  state: 'pending' | 'met' | 'not-met' | 'unknown';
  /** It was so when the step began. */
  isAlready: boolean;
  seen: string;
  whyHtml: string | null;
  goOnHtml: string | null;
  /** A line to see it oneself. */
  evidence: string | null;
}

export interface PageHints {
  of: number;
  given: { level: number; html: string }[];
}

export interface PageProgress {
  text: string;
  /** The last line of what is done. */
  line: string;
  /** From 0 to 1; null: it is not known. */
  part: number | null;
}

export interface PageQuestion {
  id: number;
  text: string;
  options: string[];
}

export interface PageRun {
  command: string;
  /** Lines of its output, cut in the middle where there are many. */
  lines: string[];
  /** Null: it runs. */
  exitCode: number | null;
}

export interface PageTold {
  explanationHtml: string;
  /** The part of the map that the step changed; null: none. */
  part: PageMap | null;
  thenAndNowHtml: string;
}

export interface PageMap {
  title: string;
  /** Drawn by src/map/svg.ts, with all of its text escaped. */
  svg: string;
  /** The same as lines of text, for who cannot see it. */
  listed: string[];
}

export interface PageDone {
  id: string;
  number: number;
  title: string;
  outcome: 'met' | 'skipped';
  /** Null where no question was answered. */
  wasRight: boolean | null;
  hints: number;
}

/** `said`, `pace`: whole sentences. */
export interface PageWorkshop {
  said: string | null;
  pace: string | null;
  hand: 'down' | 'up' | 'taken';
}

/** `POST /act`, as JSON. `next`: on to the next step, once this one is met. `choice` null: skipped. */
export type Act =
  | { type: 'hint' | 'show' | 'run' | 'anew' | 'typed' | 'next' }
  | { type: 'predict'; choice: number | null }
  | { type: 'answer'; question: number; choice: number | null }
  | { type: 'hand'; up: boolean };

/** What can be done now. */
export type ActType = Act['type'];

/** The keys of the page's own words. */
export type PageWord = Extract<MessageKey, `page-${string}`>;
