/** The prose of a step as HTML and lines, with what is known of the run filled in. All that comes from outside is text. */
import { asCalled } from '../called-as.ts';
import { shellWord } from '../grammar.ts';
import type { Judged } from '../journal/events.ts';
import { additionsTo } from '../lab/additions.ts';
import { type Content, fillOpen, type StepText } from '../lab/content.ts';
import type { Command, Lab, Step } from '../lab/model.ts';
import { openWords } from '../lab/open-words.ts';
import { ownPasswordLine, shownLine } from '../lab/shown.ts';
import { markup } from '../map/markup.ts';
import { hintText } from '../report/hint-text.ts';
import { isNothingDone, isNotYet } from '../report/not-yet.ts';
import { inlineHtml, proseHtml } from '../report/prose-html.ts';
import { wordsOf } from '../report/words.ts';
import type { Values } from '../values.ts';
import { visible } from '../visible.ts';
import type { Notice, PageState, Waited } from './page-state.ts';
import type {
  PageCheck,
  PageCommand,
  PageCommands,
  PagePrediction,
  PageProgress,
  PageTold,
} from './page-view.ts';

/** One language of a lab, and the step that is shown. */
export interface Telling {
  lab: Lab;
  content: Content;
  text: StepText;
  step: Step;
  values: Values;
}

/** Each block of code can be copied. */
export function html({ content, values }: Pick<Telling, 'content' | 'values'>, markdown: string): string {
  const prose = proseHtml(fillOpen(markdown, content.named(values)));
  const copy = `<button type="button" class="copy">${markup(content.say('messages', 'page-copy'))}</button>`;
  return prose.replaceAll('<pre>', `<div class="block">${copy}<pre>`).replaceAll('</pre>', '</pre></div>');
}

function line({ content, values }: Telling, markdown: string): string {
  return inlineHtml(fillOpen(markdown, content.named(values)));
}

export function predictionOf(
  telling: Telling,
  { predicted, outcome }: PageState,
  isOpen: boolean,
): PagePrediction | null {
  const { prediction } = telling.text;
  if (!prediction || (!isOpen && predicted === null)) return null;
  const isOver = outcome === 'met';
  return {
    questionHtml: html(telling, prediction.question),
    optionsHtml: prediction.options.map((option) => line(telling, option)),
    isOpen,
    said: predicted?.answer ?? null,
    right: isOver ? prediction.right : null,
    becauseHtml: isOver ? html(telling, prediction.because) : null,
  };
}

/** Those that leave no trace until the learner has typed them, or all once they asked. Null: there is nothing to show. */
export function commandsOf(telling: Telling, { shown, hasTyped, outcome }: PageState): PageCommands | null {
  const { commands } = telling.step;
  if (shown !== null) {
    const away = shown.local ? 'remote' : 'local';
    return {
      isToType: false,
      lines: linesOf(
        telling,
        commands.filter(({ only }) => only !== away),
      ),
    };
  }
  const untraced = untracedOf(telling.step);
  if (untraced.length === 0 || hasTyped || outcome !== null) return null;
  return { isToType: true, lines: linesOf(telling, untraced) };
}

/** Commands that leave no trace when somebody else types them. */
export function untracedOf({ commands }: Step): Command[] {
  return commands.filter(({ onWord = [] }) => onWord.length > 0);
}

function linesOf(telling: Telling, commands: readonly Command[]): PageCommand[] {
  const { lab, text, content } = telling;
  const { service } = lab.settings;
  const explained = new Set<string>();
  // A name of the learner's own: the run's is pglab's.
  const values = { ...telling.values, owner: 'mine' };
  const password = ownPasswordLine(commands, service);
  const lines = commands.map((command) => {
    const here = shownLine(command, values, service, { typed: true, words: openWords(lab, command) });
    const additions = [...additionsTo(command, here, text, explained, { labelled: false })];
    const added = additions.map(({ fragment, reason }) => ({
      fragment,
      reasonHtml: line(telling, fillOpen(reason, content.named(values))),
    }));
    const fragments = additions.flatMap(({ fragment }) => fragment ?? []);
    return { article: command.article, here: partsOf(here, fragments), added };
  });
  if (password === null) return lines;
  return [{ article: null, here: [{ text: password, isAdded: false }], added: [] }, ...lines];
}

/** The line in parts, each of these pieces of it one where it first stands. */
function partsOf(text: string, fragments: readonly string[]): PageCommand['here'] {
  const places = fragments
    .map((fragment) => ({ from: text.indexOf(fragment), to: text.indexOf(fragment) + fragment.length }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from);
  const parts: PageCommand['here'] = [];
  let at = 0;
  for (const { from, to } of places) {
    if (from < at) continue;
    if (from > at) parts.push({ text: text.slice(at, from), isAdded: false });
    parts.push({ text: text.slice(from, to), isAdded: true });
    at = to;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isAdded: false });
  return parts;
}

/** In the order of the step. One cause often fails several checks: it is told once. */
export function checksOf(telling: Telling, { verdicts, already }: PageState): PageCheck[] {
  const said = new Set<string>();
  return telling.step.checks.map(({ id }) => {
    const check = verdicts.get(id);
    const isAlready = already.has(id);
    if (!check) return { ...pending(telling, id), isAlready };
    return { id, isAlready, ...toldCheck(telling, check, said) };
  });
}

function pending({ content, text, values }: Telling, id: string): PageCheck {
  const title = fillOpen(text.checks.get(id) ?? id, content.named(values));
  return {
    ...{ id, title, state: 'pending', isAlready: false, seen: '' },
    ...{ whyHtml: null, goOnHtml: null, evidence: null },
  };
}

function toldCheck(
  { content, text, step, values }: Telling,
  check: Judged,
  said: Set<string>,
): Omit<PageCheck, 'id' | 'isAlready'> {
  const words = wordsOf(check, content, text, { ...values, step: step.id });
  const notYet = isNotYet(step, check);
  const isSaid = check.outcome !== 'met' && said.has(words.observed);
  if (check.outcome !== 'met') said.add(words.observed);
  const seen = isSaid ? content.say('messages', 'as-above') : words.observed;
  const isWrong = check.outcome !== 'met' && !notYet;
  const whole = isWrong && !isSaid;
  return {
    title: visible(words.title),
    state: notYet ? 'pending' : check.outcome,
    seen: notYet && (isSaid || isNothingDone(step, check)) ? '' : visible(seen),
    whyHtml: whole && words.why !== null ? inlineHtml(words.why) : null,
    goOnHtml: whole && words.goOn !== null ? inlineHtml(words.goOn) : null,
    evidence: check.outcome === 'met' || whole ? visible(asCalled(check.evidence)) || null : null,
  };
}

/** What was found is told once: the hints stand beneath one another. */
export function hintsOf(telling: Telling, { hints }: PageState): { level: number; html: string }[] {
  const { content, text, step, lab } = telling;
  const values = { ...telling.values, step: step.id };
  const said = new Set<string | null>();
  return hints.map(({ level, finding: found }) => {
    const finding = found !== null && said.has(found.finding) ? null : found;
    if (found !== null) said.add(found.finding);
    const told = hintText(content, text, { level, finding, values, service: lab.settings.service });
    return { level, html: html(telling, told) };
  });
}

export function toldOf(telling: Telling, { outcome }: PageState, part: PageTold['part']): PageTold | null {
  if (outcome !== 'met') return null;
  const { explanation, thenAndNow } = telling.text;
  return { explanationHtml: html(telling, explanation), part, thenAndNowHtml: html(telling, thenAndNow) };
}

/** A sentence of the messages, of the notes or of trouble; its key where this version has no words for it. */
export function noticeOf(content: Content, { kind, key, values }: Notice, about: Values): string {
  const text =
    kind === 'change'
      ? content.find('messages', key)
      : (content.find('notes', key) ?? content.find('troubles', key, 'message'));
  return visible(fillOpen(text ?? key, content.named({ ...about, ...values })));
}

const MEGABYTE = 1e6;

/** As the terminal shows it: what is waited for, and of bytes how many there are. */
export function progressOf(content: Content, { stage, line }: Waited): PageProgress {
  const say = content.say.bind(content, 'messages');
  const { values, current = 0, total = 0 } = stage;
  if (stage.stage !== 'pull-bytes') return { text: visible(say(stage.stage, values)), line, part: null };
  const [mb, mbTotal] = [current, total].map((bytes) => (bytes / MEGABYTE).toFixed(1));
  const layers = `${values.done}/${values.layers} ${say('layers')}`;
  return {
    text: visible(say('pulling', values)),
    line: `${layers} · ${mb} / ${mbTotal} MB`,
    part: total > 0 ? Math.min(current / total, 1) : null,
  };
}

/** What a shell must be told before all else. */
export function firstLineOf({ endpoint }: PageState): string | null {
  return endpoint === null ? null : `export DOCKER_HOST=${shellWord(endpoint)}`;
}
