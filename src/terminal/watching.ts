/** Draws a step that somebody else works on: the goal, what changes, and how each check stands, drawn over in place. */

import { shellWord } from '../grammar.ts';
import type { ChangeKey, Judged, StreamLine } from '../journal/events.ts';
import { fillOpen, type StepText } from '../lab/content.ts';
import { saidOf } from '../lab/languages.ts';
import type { Command, Step } from '../lab/model.ts';
import { hintText, tellingFinding } from '../report/hint-text.ts';
import { isNothingDone, isNotYet } from '../report/not-yet.ts';
import { wordsOf } from '../report/words.ts';
import type { Values } from '../values.ts';
import { beside, widthOf, wrap } from '../wrap.ts';
import { type Drawing, drawStepHead } from './drawing.ts';
import { EngineSilence } from './engine-silence.ts';
import { keysRow } from './keys-row.ts';
import { prose } from './markdown.ts';
import { drawToType } from './to-type.ts';

type Told = Extract<StreamLine, { type: 'judged' }>;

export class WatchView {
  readonly #drawing: Drawing;
  readonly #silence: EngineSilence;
  #step: Step | null = null;
  #text: StepText | null = null;
  #values: Values = {};
  /** Null: it has not begun, a question may still stand there. */
  #watching: { byHand: boolean } | null = null;
  #last = new Map<string, Judged>();
  #toldAt = new Map<string, Told>();
  /** Checks that were met when the watch began. */
  #already = new Set<string>();
  /** What was typed that leaves no trace. */
  #hasTyped = false;
  /** A command of ours has the screen. */
  #isCovered = false;

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
    this.#silence = new EngineSilence(drawing);
  }

  take(event: StreamLine): void {
    const { lab } = this.#drawing;
    if ('step' in event && event.step !== null && lab.steps.every(({ id }) => id !== event.step)) return;
    if (event.type === 'engine-silent' && this.#watching) this.#silence.take(event.seconds);
    switch (event.type) {
      case 'step-started':
      case 'step-resumed':
        this.#watching &&= event.step === this.#step?.id ? this.#watching : null;
        if (event.byHand && !this.#watching) this.#open(event.step, event.values, true);
        else if (!event.byHand && !this.#watching) this.#step = null;
        else this.#forget();
        break;
      case 'watching':
        if (event.step !== this.#step?.id) this.#open(event.step, event.values, event.byHand);
        this.#begin(event);
        break;
      case 'changed':
        if (this.#watching) this.#changed(event.change, event.values);
        break;
      case 'acted':
        if (this.#watching) this.#acted(event);
        break;
      case 'judged':
        if (event.step === this.#step?.id) this.#judged(event);
        break;
      case 'hinted':
        if (this.#watching) this.#hint(event.level);
        break;
      case 'shown':
        if (this.#watching) this.#show(event);
        break;
      case 'command-started':
      case 'command-ended':
        this.#isCovered = event.type === 'command-started';
        break;
      case 'step-ended':
      case 'checked':
        this.#step = null;
        this.#watching = null;
        return;
    }
    if (this.#watching && !this.#isCovered) this.#standing();
  }

  #open(step: string, values: Values, byHand: boolean): void {
    const { lab, content, screen, stem } = this.#drawing;
    this.#step = lab.steps.find(({ id }) => id === step) ?? null;
    this.#text = content.step(stem(step));
    this.#values = values;
    this.#watching = null;
    this.#forget();
    drawStepHead(this.#drawing, step, this.#text);
    if (!byHand) return;
    this.#prose(this.#text.intro);
    screen.line();
  }

  #forget(): void {
    for (const seen of [this.#last, this.#toldAt, this.#already]) seen.clear();
    this.#hasTyped = false;
    this.#isCovered = false;
  }

  #begin({ values, byHand, endpoint }: Extract<StreamLine, { type: 'watching' }>): void {
    const { content, screen, interactive } = this.#drawing;
    this.#values = values;
    this.#watching = { byHand };
    // Where a step leads might answer its question.
    if (byHand) {
      screen.line(screen.paint('bold', content.say('messages', 'goal')));
      this.#prose((this.#text as StepText).goal);
      screen.line();
    }
    const how = content.say('messages', byHand ? 'by-hand' : 'watching');
    for (const line of wrap(how, screen.columns)) screen.line(screen.paint('dim', line));
    if (byHand && interactive && !screen.isLive) screen.line(content.say('messages', 'keys'));
    if (endpoint) {
      this.#prose(content.say('messages', 'other-engine', { endpoint: shellWord(endpoint) }));
      screen.line(`export DOCKER_HOST=${shellWord(endpoint)}`);
    }
    const untraced = this.#untraced();
    if (byHand && untraced.length > 0) {
      screen.line();
      for (const line of wrap(content.say('messages', 'to-type'), screen.columns)) screen.line(line);
      this.#commands(untraced);
    }
    screen.line();
  }

  /** Commands that leave no trace when somebody else types them. */
  #untraced(): Command[] {
    return (this.#step as Step).commands.filter(({ onWord = [] }) => onWord.length > 0);
  }

  #changed(change: ChangeKey, values: Values): void {
    const { screen, content } = this.#drawing;
    this.#lines('·', content.say('messages', change, values), (line) => screen.paint('cyan', line));
  }

  #acted({ act, values }: Extract<StreamLine, { type: 'acted' }>): void {
    const { screen, content } = this.#drawing;
    if (act === 'typed') this.#hasTyped = true;
    const key = act === 'typed' ? 'acted-typed' : 'acted-visited';
    this.#lines('·', content.say('messages', key, values), (line) => screen.paint('cyan', line));
  }

  #judged(told: Told): void {
    const { check, already } = told;
    const { screen } = this.#drawing;
    this.#last.set(check.id, check);
    this.#toldAt.set(check.id, told);
    this.#already[already ? 'add' : 'delete'](check.id);
    // Where nothing can be drawn over, each is told as it comes.
    if (this.#watching && !screen.isLive && !isNotYet(this.#step as Step, check))
      for (const row of this.#rows(check.id, 0)) screen.aside(row);
  }

  #hint(level: number): void {
    const { screen, content, lab } = this.#drawing;
    const [step, text] = [this.#step as Step, this.#text as StepText];
    const finding = tellingFinding(step, { verdicts: this.#last, toldAt: this.#toldAt });
    const head = content.say('messages', 'hint-head', { level, of: text.hints.length, step: step.id });
    screen.line(screen.paint('bold', head));
    const values = { ...this.#values, step: step.id };
    this.#prose(hintText(content, text, { level, finding, values, service: lab.settings.service }));
  }

  #show({ values, local }: Extract<StreamLine, { type: 'shown' }>): void {
    this.#values = values;
    const away = local ? 'remote' : 'local';
    this.#commands((this.#step as Step).commands.filter(({ only }) => only !== away));
  }

  #commands(commands: readonly Command[]): void {
    drawToType(this.#drawing, commands, this.#values, this.#text?.added.get('typed') ?? null);
  }

  /** The end of the screen: a row each check, how far it is, and the keys. */
  #standing(): void {
    const { screen, content, interactive } = this.#drawing;
    if (!screen.isLive) return;
    const checks = this.#step?.checks ?? [];
    const titles = checks.map(({ id }) => widthOf(this.#titleOf(id)));
    const widest = Math.min(Math.max(0, ...titles), Math.max(20, screen.columns - 32));
    const met = checks.filter(({ id }) => this.#last.get(id)?.outcome === 'met').length;
    const count = content.say('messages', 'so-many', { met, of: checks.length });
    const said = new Set<string>();
    const rows = checks.flatMap(({ id }) => this.#rows(id, widest, said));
    const canSay = this.#watching?.byHand && interactive && !this.#hasTyped;
    if (canSay && this.#untraced().length > 0) rows.push(content.say('messages', 'press-enter'));
    else if (canSay && checks.every(({ id }) => this.#already.has(id)))
      rows.push(content.say('messages', 'press-enter-already'));
    const last = this.#watching?.byHand && interactive ? keysRow(this.#drawing, count) : [count];
    screen.live([...rows, ...this.#silence.rows(), ...last]);
  }

  #titleOf(id: string): string {
    return fillOpen((this.#text as StepText).checks.get(id) ?? id, {
      ...this.#values,
      ...this.#last.get(id)?.values,
    });
  }

  /**
   * A row; more where something is wrong, which is told whole. `said`: what was told of others above: one cause is told
   * on the check that it is about.
   */
  #rows(id: string, widest: number, said = new Set<string>()): string[] {
    const { screen, content } = this.#drawing;
    const check = this.#last.get(id);
    const step = this.#step as Step;
    if (!check) return [screen.paint('dim', `… ${this.#titleOf(id)}`)];
    const values = { ...this.#values, step: step.id };
    const { title, observed } = wordsOf(check, content, this.#text as StepText, values);
    const columns = { from: widest, all: screen.columns - 3 };
    if (check.outcome === 'met') {
      const already = this.#already.has(id) ? `${content.say('messages', 'already-so')} · ` : '';
      return beside(title, already + observed, columns).map(
        ([left, seen], at) =>
          `${at === 0 ? screen.paint('green', '✓') : ' '} ${left}${screen.paint('dim', seen)}`,
      );
    }
    const isSaid = said.has(observed);
    said.add(observed);
    const told = isSaid ? content.say('messages', 'as-above') : observed;
    if (isNotYet(step, check)) {
      const seen = isSaid || isNothingDone(step, check) ? '' : told;
      return beside(title, seen, columns).map((row, at) =>
        screen.paint('dim', `${at === 0 ? '…' : ' '} ${row.join('')}`),
      );
    }
    const [mark, style] = ({ unknown: ['?', 'yellow'], 'not-met': ['✗', 'red'] } as const)[check.outcome];
    return wrap(saidOf(content.language, title, told), screen.columns - 3).map((line, at) =>
      screen.paint(style, `${at === 0 ? mark : ' '} ${line}`),
    );
  }

  #lines(mark: string, text: string, paint: (line: string) => string): void {
    const { screen } = this.#drawing;
    for (const [at, line] of wrap(text, screen.columns - 2).entries())
      screen.line(paint(`${at === 0 ? mark : ' '} ${line}`));
  }

  #prose(markdown: string): void {
    const { screen } = this.#drawing;
    for (const line of prose(screen, fillOpen(markdown, this.#values))) screen.line(line);
  }
}
