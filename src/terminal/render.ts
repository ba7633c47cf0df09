/** Draws a run on the terminal: one consumer of the stream of events. */

import type { Judged, StreamLine } from '../journal/events.ts';
import type { Predicted } from '../journal/predictions.ts';
import { fillOpen, type StepText } from '../lab/content.ts';
import type { Step } from '../lab/model.ts';
import { toldCommand } from '../lab/told-command.ts';
import type { StepOutcome } from '../outcome.ts';
import { secondsOf } from '../report/words.ts';
import type { Values } from '../values.ts';
import { visible } from '../visible.ts';
import { widthOf, wrap } from '../wrap.ts';
import { drawBeside, drawStarted, type Explained } from './beside.ts';
import { type Drawing, drawStepHead } from './drawing.ts';
import { drawMapPart } from './map-part.ts';
import { prose } from './markdown.ts';
import { onFromHere } from './on-from-here.ts';
import { drawOutput } from './output.ts';
import { drawAnswer } from './prediction.ts';
import { drawChecks } from './verdicts.ts';

export class Renderer {
  readonly #drawing: Drawing;
  #step: Step | null = null;
  #text: StepText | null = null;
  #values: Values = {};
  #predicted: Predicted | null = null;
  #judged: Judged[] = [];
  #seen: Extract<StreamLine, { type: 'seen' }> | null = null;
  #byHand = false;
  readonly #explained: Explained = new Set();

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: It is one switch.
  take(event: StreamLine): void {
    const { screen, content, lab } = this.#drawing;
    // Begun with another version of its lab, a run may tell of steps that this one does not have.
    if ('step' in event && event.step !== null && lab.steps.every(({ id }) => id !== event.step)) return;
    this.#open(event);
    switch (event.type) {
      case 'step-started':
        if (event.byHand) {
          this.#enter(event.step, event.values, event.step === this.#step?.id ? this.#predicted : null);
          this.#byHand = true;
        } else this.#begin(event.step, event.values);
        break;
      case 'step-resumed':
        // Who works by hand sees the goal once more, which the view of the watch draws.
        if (event.byHand) this.#enter(event.step, event.values);
        else {
          this.#head(event.step, event.values);
          this.#resume(event.index);
          screen.line();
        }
        this.#predicted = event.predicted ?? null;
        break;
      case 'begun-anew':
        if (event.names) this.#judged = [];
        else this.note('begun-anew', {});
        break;
      case 'watching':
        if (this.#step?.id !== event.step) this.#enter(event.step, event.values);
        this.#values = event.values;
        this.#byHand = event.byHand;
        break;
      case 'predicted':
        this.#predicted = event;
        break;
      case 'command-started':
        // One of another step repairs what this one needs, and a note says so.
        drawStarted(this.#drawing, event.step === this.#step?.id ? this.#text : null, this.#explained, {
          ...{
            command: toldCommand(this.#drawing.lab.steps, event),
            here: event.shown,
            values: this.#about(),
          },
        });
        break;
      case 'output':
        if (this.#drawing.interactive && toldCommand(this.#drawing.lab.steps, event)?.foreground) {
          screen.line(screen.paint('dim', visible(event.line.replace(/\r$/, ''))));
        }
        break;
      case 'foreground-ready':
        if (this.#drawing.interactive)
          screen.aside(screen.paint('yellow', content.say('messages', 'press-ctrl-c')));
        break;
      case 'command-ended':
        this.#ended(event);
        break;
      case 'waiting':
        screen.transient(content.say('messages', 'waiting-ready', { name: event.name }));
        break;
      case 'noted':
        this.note(event.note, event.values);
        break;
      case 'judged':
        this.#judged = [...this.#judged.filter(({ id }) => id !== event.check.id), event.check];
        break;
      case 'seen':
        this.#seen = event;
        break;
      case 'step-ended':
        this.#end(event);
        break;
      case 'checking':
        this.#head(event.step, event.values);
        break;
      case 'checked':
        this.#checked(event);
        break;
    }
  }

  /**
   * Format 2 did not tell of each step that it was opened, and lines may be lost: then a verdict opens it, or its
   * end.
   */
  #open(event: StreamLine): void {
    if (event.type !== 'judged' && event.type !== 'step-ended' && event.type !== 'checked') return;
    if (this.#step?.id === event.step) return;
    const values = 'values' in event ? event.values : {};
    if (event.v === 2) this.#head(event.step, values);
    else this.#enter(event.step, values);
  }

  /** Something worth saying that belongs to no command. */
  note(key: string, values: Values): void {
    const { screen, content } = this.#drawing;
    const text = content.find('notes', key) ?? content.find('troubles', key, 'message') ?? key;
    const filled = fillOpen(text, content.named({ ...this.#about(), ...values }));
    for (const [at, line] of wrap(filled, screen.columns - 2).entries()) {
      screen.line(screen.paint('yellow', `${at === 0 ? '·' : ' '} ${line}`));
    }
  }

  #resume(index: number): void {
    const of = this.#step?.commands.length ?? 0;
    if (index < of) this.note('resumed', { command: index + 1, of });
    else this.note('resumed-judging', {});
  }

  #begin(id: string, values: Values): void {
    this.#head(id, values);
    this.#prose(this.#text?.intro ?? '');
    for (const command of this.#step?.commands ?? [])
      drawBeside(this.#drawing, this.#text as StepText, command, this.#about(), this.#explained);
    this.#drawing.screen.line();
  }

  #head(id: string, values: Values): void {
    this.#enter(id, values);
    drawStepHead(this.#drawing, id, this.#text as StepText);
  }

  /** `predicted`: of the same step, which is begun anew. */
  #enter(id: string, values: Values, predicted: Predicted | null = null): void {
    const { lab, content, stem } = this.#drawing;
    this.#step = lab.steps.find((step) => step.id === id) ?? null;
    this.#text = content.step(stem(id));
    this.#values = values;
    this.#predicted = predicted;
    this.#judged = [];
    this.#seen = null;
    this.#byHand = false;
    this.#explained.clear();
  }

  #ended(event: Extract<StreamLine, { type: 'command-ended' }>): void {
    const { screen, content } = this.#drawing;
    const { exitCode, durationMs, output } = event;
    const command = toldCommand(this.#drawing.lab.steps, event);
    const { interactive } = this.#drawing;
    // Seen as it came: what mattered of it is pointed out now.
    if (interactive && command?.foreground)
      screen.line(screen.paint('dim', content.say('messages', 'what-matters')));
    // What was typed into a shell of their own they have seen as it was.
    if (!(interactive && command?.terminal)) drawOutput(this.#drawing, command, this.#text, output);
    const seconds = secondsOf(durationMs);
    const tail = content.say('messages', exitCode === 0 ? 'took' : 'exit', { exitCode, seconds });
    screen.line(screen.paint('dim', ' '.repeat(Math.max(0, screen.columns - widthOf(tail))) + tail));
  }

  #end({ outcome, reason, values }: Extract<StreamLine, { type: 'step-ended' }>): void {
    const { screen, content } = this.#drawing;
    this.#values = values;
    if (reason !== null) {
      this.note(reason, values);
      this.#next(outcome);
      return;
    }
    drawChecks(this.#drawing, this.#text as StepText, this.#step as Step, this.#judged, values);
    if (outcome === 'met') {
      drawAnswer(this.#drawing, this.#text?.prediction, this.#predicted, values);
      screen.line();
      this.#prose(this.#text?.explanation ?? '');
      drawMapPart(this.#drawing, this.#step as Step, this.#seen, this.#judged);
      screen.line();
      screen.line(screen.paint('bold', content.say('messages', 'then-and-now')));
      this.#prose(this.#text?.thenAndNow ?? '', 2);
    }
    this.#next(outcome);
  }

  #checked({ outcome, reason, values }: Extract<StreamLine, { type: 'checked' }>): void {
    const { screen, content } = this.#drawing;
    if (reason !== null) this.note(reason, values);
    else drawChecks(this.#drawing, this.#text as StepText, this.#step as Step, this.#judged, values);
    const met = this.#judged.filter((check) => check.outcome === 'met').length;
    screen.line();
    screen.line(content.say('messages', 'so-many', { met, of: this.#step?.checks.length ?? 0 }));
    if (this.#byHand) this.#next('not-met');
    else if (outcome === 'met' && !this.#drawing.goesOn(this.#step?.id ?? '')) {
      this.#next(outcome);
      this.#dim(content.say('messages', 'once-more', { step: this.#step?.id ?? '' }));
    }
  }

  /** Where to go from here; between steps of one call it goes on by itself. */
  #next(outcome: StepOutcome): void {
    const { screen, goesOn } = this.#drawing;
    const step = this.#step?.id ?? '';
    const isOver = outcome === 'met' || outcome === 'skipped';
    if (isOver && goesOn(step)) return;
    screen.line();
    const texts = onFromHere(this.#drawing, { step, isOver, byHand: this.#byHand, about: this.#about() });
    for (const text of texts) this.#dim(text);
  }

  #dim(text: string): void {
    const { screen } = this.#drawing;
    for (const line of wrap(text, screen.columns)) screen.line(screen.paint('dim', line));
  }

  #prose(markdown: string, indent = 0): void {
    const { content, screen } = this.#drawing;
    const filled = fillOpen(markdown, content.named(this.#about()));
    for (const line of prose(screen, filled, indent)) screen.line(line);
  }

  #about(): Values {
    return this.#step ? { ...this.#values, step: this.#step.id } : this.#values;
  }
}
