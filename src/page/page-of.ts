/** What the page shows now, in one language: a pure function of the state, the run's standing and the lab's words. */

import type { Standing } from '../journal/standing.ts';
import { isOpen } from '../journal/step-standing.ts';
import { type Content, fillOpen, type StepText } from '../lab/content.ts';
import { LANGUAGES } from '../lab/languages.ts';
import type { Lab } from '../lab/model.ts';
import type { WorldMap } from '../map/map-schema.ts';
import { inlineHtml } from '../report/prose-html.ts';
import type { Values } from '../values.ts';
import { visible } from '../visible.ts';
import type { SeatWords } from './heard-at-seat.ts';
import type { OpenQuestion, PageAsker } from './page-asker.ts';
import { drawnMap, partOf } from './page-maps.ts';
import type { PageState } from './page-state.ts';
import {
  checksOf,
  commandsOf,
  firstLineOf,
  hintsOf,
  html,
  noticeOf,
  predictionOf,
  progressOf,
  type Telling,
  toldOf,
  untracedOf,
} from './page-texts.ts';
import type { ActType, PageDone, PageHead, PageStep, PageView } from './page-view.ts';
import { pageWords } from './page-words.ts';

/** One language, with the texts of its steps as they were read. */
export interface Tongue {
  content: Content;
  text: (step: string) => StepText;
}

export interface Shown {
  lab: Lab;
  run: string;
  standing: Standing;
  state: PageState;
  asker: Pick<PageAsker, 'question' | 'predicting' | 'isListening' | 'isResting'>;
  map: { world: WorldMap; places: readonly string[] } | null;
  /** The seat in a workshop; null: there is none. */
  seat: SeatWords | null;
  /** Known trouble that the page stands still for. */
  trouble: { code: string; values: Values } | null;
}

export function pageOf(tongue: Tongue, shown: Shown): PageView {
  const { content } = tongue;
  const { lab, state, asker, standing } = shown;
  const { step } = state;
  const values = { ...lab.settings.ports, ...standing.told, ...state.values, ...(step && { step: step.id }) };
  const telling = step && { lab, content, text: tongue.text(step.id), step, values };
  return {
    words: pageWords(content),
    head: headOf(tongue, shown),
    step: telling && stepOf(telling, shown),
    endHtml: step ? null : html({ content, values }, content.say('messages', 'page-all-done-more')),
    prediction: telling && predictionOf(telling, state, asker.predicting === step?.id),
    // What is to be typed comes after the question: it might answer it.
    commands: telling && asker.predicting !== step?.id ? commandsOf(telling, state) : null,
    checks: telling ? checksOf(telling, state) : [],
    hints: { of: telling?.text.hints.length ?? 0, given: telling ? hintsOf(telling, state) : [] },
    progress: state.progress && progressOf(content, state.progress),
    question: asker.question && questionOf(content, asker.question),
    ran: state.ran.map(({ command, lines, exitCode }) => ({ command: visible(command), lines, exitCode })),
    notices: state.notices.map((notice) => noticeOf(content, notice, values)),
    told: telling && toldOf(telling, state, partOf(telling, standing)),
    map: shown.map && drawnMap(content, lab, shown.map.world, { places: shown.map.places }),
    done: doneOf(tongue, shown),
    trouble: troubleOf(content, shown),
    silence: state.silentFor === null ? null : { seconds: state.silentFor },
    workshop: workshopOf(tongue, shown),
    acts: actsOf(shown),
  };
}

function workshopOf({ content, text }: Tongue, { seat, lab }: Shown): PageView['workshop'] {
  if (seat === null) return null;
  const { said, pace, hand } = seat;
  const say = content.say.bind(content, 'messages');
  const at = lab.steps.findIndex(({ id }) => id === pace);
  return {
    said: said === null ? null : visible(say('workshop-said', { text: said })),
    pace:
      at < 0
        ? null
        : say('workshop-pace', { number: at + 1, title: text(pace as string).title, step: pace as string }),
    hand,
  };
}

function headOf({ content, text }: Tongue, { lab, run, standing, state }: Shown): PageHead {
  return {
    language: content.language,
    languages: LANGUAGES.map((code) => ({ code, name: LANGUAGE_NAMES[code] })),
    ...{ lab: lab.id, run },
    steps: lab.steps.map(({ id }, at) => {
      const { outcome } = standing.step(id);
      const told = outcome === 'met' ? 'done' : outcome === 'skipped' ? 'left-out' : 'open';
      return {
        ...{ id, number: at + 1, title: text(id).title },
        state: id === state.step?.id && (told === 'open' || state.outcome !== null) ? 'now' : told,
      };
    }),
  };
}

/** As each calls itself, in every language. */
const LANGUAGE_NAMES = { en: 'English', zh: '中文' } as const;

function stepOf(telling: Telling, { lab, state, asker }: Shown): PageStep {
  const { step, text } = telling;
  return {
    ...{ id: step.id, number: lab.steps.indexOf(step) + 1, of: lab.steps.length, title: text.title },
    introHtml: html(telling, text.intro),
    // Where a step leads might answer its question.
    goalHtml: asker.predicting === step.id ? null : html(telling, text.goal),
    firstLine: firstLineOf(state),
  };
}

function questionOf(content: Content, question: OpenQuestion): PageView['question'] {
  const { id } = question;
  const say = content.say.bind(content, 'messages');
  if (question.is === 'which')
    return {
      id,
      text: say('ask-which', { name: question.name }),
      options: question.options.map((option) => visible(option)),
    };
  const { name, container, short } = question;
  const text = visible(say('ask-theirs', { name, container, short }));
  return { id, text, options: [say('ask-yes'), say('ask-no')] };
}

/** But for the step that is shown still. */
function doneOf({ text }: Tongue, { lab, standing, state }: Shown): PageDone[] {
  return lab.steps.flatMap(({ id }, at) => {
    const told = standing.step(id);
    if (isOpen(told) || id === state.step?.id) return [];
    const outcome = told.outcome === 'skipped' ? 'skipped' : 'met';
    const wasRight = told.predictions.at(-1)?.right ?? null;
    return [{ id, number: at + 1, title: text(id).title, outcome, wasRight, hints: told.hints }];
  });
}

function troubleOf(content: Content, { trouble }: Shown): PageView['trouble'] {
  if (trouble === null) return null;
  const { code, values } = trouble;
  const say = (field: string) => {
    const text = content.find('troubles', code, field);
    return text === null ? code : fillOpen(text, content.named(values), field);
  };
  return { messageHtml: inlineHtml(say('message')), fixHtml: inlineHtml(say('fix')) };
}

function actsOf(shown: Shown): ActType[] {
  return [...stepActsOf(shown), ...(shown.seat === null ? [] : (['hand'] as const))];
}

/** What can be done now. */
function stepActsOf({ asker, state }: Shown): ActType[] {
  const { step } = state;
  if (asker.question !== null) return ['answer'];
  if (asker.predicting !== null) return ['predict'];
  // After the last step there is nothing to go on to.
  if (asker.isResting) return step === null ? [] : ['next'];
  if (!asker.isListening || step === null || state.isRunning) return [];
  const isAllAlready = step.checks.every(({ id }) => state.already.has(id));
  const canSay = !state.hasTyped && (untracedOf(step).length > 0 || isAllAlready);
  return ['hint', 'show', 'run', 'anew', ...(canSay ? (['typed'] as const) : [])];
}
