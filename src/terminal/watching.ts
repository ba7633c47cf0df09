/** Draws a step that somebody else works on: the goal, what changes, and each tick as it comes. */

import { shellWord } from '../grammar.ts';
import type { ChangeKey, Judged, StreamLine } from '../journal/events.ts';
import { fillOpen, type StepText } from '../lab/content.ts';
import type { Step } from '../lab/model.ts';
import { passwordLine, shownLine } from '../lab/shown.ts';
import { hintText } from '../report/hint-text.ts';
import { wordsOf } from '../report/words.ts';
import type { Values } from '../values.ts';
import { type Drawing, drawHead } from './drawing.ts';
import { prose } from './markdown.ts';
import { drawMet } from './verdicts.ts';
import { widthOf, wrap } from './wrap.ts';

/** Findings that say nothing new: the learner has not made the container yet. */
const NOT_YET = /^(no-container|container-removed)$/;

export class WatchView {
  readonly #drawing: Drawing;
  #step: Step | null = null;
  #text: StepText | null = null;
  #values: Values = {};
  #byHand = false;
  #last = new Map<string, Judged>();
  /** Sentences said since the last change: two checks that see the same say it once. */
  #said = new Set<string>();

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  take(event: StreamLine): void {
    const { lab } = this.#drawing;
    if (event.type === 'watching' && lab.steps.some(({ id }) => id === event.step)) this.#begin(event);
    // Until the first verdict a question may still stand there.
    if (this.#step === null || (this.#last.size === 0 && event.type !== 'judged')) return;
    switch (event.type) {
      case 'changed':
        this.#changed(event.change, event.values);
        break;
      case 'judged':
        this.#judged(event.check);
        break;
      case 'hinted':
        this.#hint(event.level);
        break;
      case 'shown':
        this.#show(event);
        break;
      case 'step-ended':
      case 'checked':
        this.#step = null;
        return;
    }
    this.#standing();
  }

  #begin({ step, values, byHand, endpoint }: Extract<StreamLine, { type: 'watching' }>): void {
    const { lab, content, screen, stem } = this.#drawing;
    this.#step = lab.steps.find(({ id }) => id === step) ?? null;
    this.#text = content.step(stem(step));
    this.#values = values;
    this.#byHand = byHand;
    this.#last.clear();
    this.#said.clear();
    drawHead(this.#drawing, step, this.#text);
    if (byHand) {
      this.#prose(this.#text.intro);
      screen.line();
      screen.line(screen.paint('bold', content.say('messages', 'goal')));
      this.#prose(this.#text.goal);
      screen.line();
    }
    const how = content.say('messages', byHand ? 'by-hand' : 'watching');
    for (const line of wrap(how, screen.columns)) screen.line(screen.paint('dim', line));
    if (endpoint) screen.line(`export DOCKER_HOST=${shellWord(endpoint)}`);
    screen.line();
  }

  #changed(change: ChangeKey, values: Values): void {
    const { screen, content } = this.#drawing;
    this.#said.clear();
    this.#lines('·', content.say('messages', change, values), (line) => screen.paint('cyan', line));
  }

  #judged(check: Judged): void {
    const { screen, content } = this.#drawing;
    const before = this.#last.get(check.id);
    this.#last.set(check.id, check);
    const words = wordsOf(check, content, this.#text as StepText, this.#values);
    if (check.outcome === 'met') {
      if (before?.outcome === 'met') return;
      const titles = [...(this.#text as StepText).checks.values()].map((title) =>
        widthOf(fillOpen(title, this.#values)),
      );
      drawMet(screen, words, Math.max(...titles));
      return;
    }
    const isNews = before?.outcome === 'met' || (check.finding !== null && !NOT_YET.test(check.finding));
    if (check.outcome !== 'not-met' || !isNews || this.#said.has(words.observed)) return;
    this.#said.add(words.observed);
    this.#lines('✗', `${words.title}: ${words.observed}`, (line) => screen.paint('red', line));
  }

  #hint(level: number): void {
    const { screen, content } = this.#drawing;
    const { id } = this.#step as Step;
    const { hints } = this.#text as StepText;
    const found = (this.#step as Step).checks
      .map((check) => this.#last.get(check.id))
      .find(
        (check) => check?.outcome === 'not-met' && check.finding !== null && !NOT_YET.test(check.finding),
      );
    const head = content.say('messages', 'hint-head', { level, of: hints.length, step: id });
    screen.line(screen.paint('bold', head));
    const { service } = this.#drawing.lab.settings;
    const told = { level, finding: found ?? null, values: this.#values, service };
    this.#prose(hintText(content, this.#text as StepText, told));
  }

  #show({ values, local }: Extract<StreamLine, { type: 'shown' }>): void {
    const { screen, lab } = this.#drawing;
    const { service } = lab.settings;
    // A name of the learner's own: the run's is pglab's.
    const theirs = { ...values, owner: 'mine' };
    const commands = (this.#step as Step).commands.filter(
      ({ only }) => only !== (local ? 'remote' : 'local'),
    );
    const lines = commands.map((command) => shownLine(command, theirs, service));
    const password = passwordLine(commands, service);
    for (const line of password === null ? lines : [password, ...lines])
      screen.line(screen.paint('bold', `$ ${line}`));
  }

  /** The last line, which the next one replaces: how far it is, and the keys. */
  #standing(): void {
    const { screen, content, interactive } = this.#drawing;
    const met = [...this.#last.values()].filter(({ outcome }) => outcome === 'met').length;
    const count = content.say('messages', 'so-many', { met, of: this.#step?.checks.length ?? 0 });
    const keys = this.#byHand && interactive ? ` · ${content.say('messages', 'keys')}` : '';
    screen.transient(`${count}${keys}`);
  }

  #lines(mark: string, text: string, paint: (line: string) => string): void {
    const { screen } = this.#drawing;
    for (const [at, line] of wrap(text, screen.columns - 2).entries()) {
      screen.line(paint(`${at === 0 ? mark : ' '} ${line}`));
    }
  }

  #prose(markdown: string): void {
    const { screen } = this.#drawing;
    for (const line of prose(screen, fillOpen(markdown, this.#values))) screen.line(line);
  }
}
