/** What has happened in the step that the page shows, in no language: folded from the stream of lines, as they come. */
import type { Judged, StreamLine } from '../journal/events.ts';
import type { Standing } from '../journal/standing.ts';
import type { Lab, Step } from '../lab/model.ts';
import type { StepOutcome } from '../outcome.ts';
import { tellingFinding } from '../report/hint-text.ts';
import type { Values } from '../values.ts';
import { visible } from '../visible.ts';

/** A sentence to be said: of the messages, or a note, or trouble. */
export interface Notice {
  kind: 'change' | 'note';
  key: string;
  values: Values;
}

/** What is waited for before a step can go on: its stage, and the last line that it printed. */
export interface Waited {
  stage: Progress;
  line: string;
}

type Progress = Extract<StreamLine, { type: 'progress' }>;

export interface RunSeen {
  command: string;
  lines: string[];
  exitCode: number | null;
}

const NOTICES = 12;
/** Lines of a command's output that are kept from its beginning, and from its end. */
const KEPT = 60;
/** Characters of a line. */
const LONGEST = 2_000;
/** Of one that only passes by. */
const LONGEST_WAITED = 160;

export class PageState {
  readonly #steps: readonly Step[];
  readonly #standing: () => Standing;
  step: Step | null = null;
  values: Values = {};
  verdicts = new Map<string, Judged>();
  /** Checks that were met when the step began. */
  already = new Set<string>();
  hints: { level: number; finding: Judged | null }[] = [];
  notices: Notice[] = [];
  ran: RunSeen[] = [];
  predicted: { answer: number; right: boolean } | null = null;
  /** Null: it was not asked for. */
  shown: { local: boolean } | null = null;
  hasTyped = false;
  isWatched = false;
  endpoint: string | null = null;
  /** Null: it goes on. */
  outcome: StepOutcome | null = null;
  progress: Waited | null = null;
  /** Seconds since the engine last answered; null: it answers. */
  silentFor: number | null = null;
  /** A command of ours runs. */
  isRunning = false;
  #toldAt = new Map<string, { seq: number; at: string }>();

  constructor({ steps }: Pick<Lab, 'steps'>, standing: () => Standing) {
    this.#steps = steps;
    this.#standing = standing;
  }

  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: It is one switch.
  take(event: StreamLine): void {
    if (event.type === 'engine-silent') {
      this.silentFor = event.seconds;
      return;
    }
    this.progress = event.type === 'progress' ? waited(event, this.progress) : null;
    switch (event.type) {
      case 'step-started':
        this.#open(event.step, event.step === this.step?.id ? this.predicted : null);
        break;
      case 'step-resumed':
        this.#open(event.step, event.predicted ?? null);
        break;
      case 'watching':
        if (event.step !== this.step?.id) this.#open(event.step, null);
        this.isWatched = true;
        this.endpoint = event.endpoint;
        break;
      case 'predicted':
        this.predicted = event;
        break;
      case 'changed':
        this.#notice({ kind: 'change', key: event.change, values: event.values });
        break;
      case 'acted':
        if (event.act === 'typed') this.hasTyped = true;
        this.#notice({ kind: 'change', key: `acted-${event.act}`, values: event.values });
        break;
      case 'noted':
        this.#notice({ kind: 'note', key: event.note, values: event.values });
        break;
      case 'judged':
        if (event.step !== this.step?.id) break;
        this.verdicts.set(event.check.id, event.check);
        this.#toldAt.set(event.check.id, event);
        this.already[event.already ? 'add' : 'delete'](event.check.id);
        break;
      case 'hinted':
        this.#hint(event.level);
        break;
      case 'shown':
        this.shown = { local: event.local };
        break;
      case 'command-started':
        this.isRunning = true;
        this.ran.push({ command: event.shown, lines: [], exitCode: null });
        break;
      case 'output':
        this.#output(event.line);
        break;
      case 'command-ended':
        this.#ended(event.exitCode, event.output);
        break;
      case 'step-ended':
      case 'checked':
        this.isWatched = false;
        this.outcome = event.outcome;
        if (event.reason !== null) this.#notice({ kind: 'note', key: event.reason, values: event.values });
        break;
    }
    if ('values' in event && 'step' in event && event.step === this.step?.id && event.type !== 'noted')
      this.values = { ...this.values, ...event.values };
  }

  /** A step that is about to begin; null: none. */
  preview(step: string | null): void {
    if (step === null) Object.assign(this, { step: null, notices: [], ran: [], outcome: null });
    else this.#open(step, null);
  }

  /** What was asked of them tells more of the step. */
  know(values: Values): void {
    this.values = { ...this.values, ...values };
  }

  #open(id: string, predicted: PageState['predicted']): void {
    this.step = this.#steps.find((step) => step.id === id) ?? null;
    Object.assign(this, { values: {}, notices: [], ran: [], predicted, shown: null, hints: [] });
    Object.assign(this, { hasTyped: false, isWatched: false, outcome: null, isRunning: false });
    for (const each of [this.verdicts, this.#toldAt, this.already]) each.clear();
    // What was told before pglab was started again.
    const { hints } = this.#standing().step(id);
    for (let level = 1; level <= Math.min(hints, 3); level += 1) this.hints.push({ level, finding: null });
  }

  /** The last one again tells what is found by now. */
  #hint(level: number): void {
    const step = this.step;
    if (step === null) return;
    const finding = tellingFinding(step, { verdicts: this.verdicts, toldAt: this.#toldAt });
    this.hints = [...this.hints.filter((hint) => hint.level !== level), { level, finding }];
  }

  #notice(notice: Notice): void {
    this.notices = [...this.notices, notice].slice(-NOTICES);
  }

  #output(line: string): void {
    const last = this.ran.at(-1);
    if (!last) return;
    last.lines.push(shown(line));
    if (last.lines.length > 2 * KEPT) last.lines = cut(last.lines);
  }

  #ended(exitCode: number, output: string): void {
    this.isRunning = false;
    const last = this.ran.at(-1);
    if (!last) return;
    last.exitCode = exitCode;
    last.lines = cut(output.replace(/\n$/, '').split('\n').map(shown));
  }
}

/** A line stands under the stage that it belongs to. */
function waited(event: Progress, before: Waited | null): Waited {
  if (before === null || !event.stage.endsWith('-line')) return { stage: event, line: '' };
  return { stage: before.stage, line: shown(String(event.values.line ?? '')).slice(0, LONGEST_WAITED) };
}

function shown(line: string): string {
  return visible(line.slice(0, LONGEST).replace(/\r$/, ''));
}

/** In the middle, where there are many. */
function cut(lines: string[]): string[] {
  return lines.length <= 2 * KEPT ? lines : [...lines.slice(0, KEPT), '⋮', ...lines.slice(1 - KEPT)];
}
