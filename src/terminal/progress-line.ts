/** Progress of getting an engine or an image: a bar for bytes, a line for stages; all on stderr. */
import { SingleBar } from 'cli-progress';
import type { LabEvent, StreamLine } from '../journal/events.ts';
import type { Content } from '../lab/content.ts';
import type { Screen } from './screen.ts';

type Progress = Extract<StreamLine, { type: 'progress' }>;

const MEGABYTE = 1e6;

export class ProgressLine {
  readonly #screen: Screen;
  readonly #content: Content;
  #bar: SingleBar | null = null;

  constructor(screen: Screen, content: Content) {
    this.#screen = screen;
    this.#content = content;
  }

  take(event: LabEvent | StreamLine): void {
    if (event.type !== 'progress') {
      this.end();
      return;
    }
    if (event.stage === 'pull-bytes') this.#bytes(event);
    else {
      this.end();
      const text = this.#content.say('messages', event.stage, event.values);
      if (event.stage.endsWith('-line')) this.#screen.transient(text.slice(0, this.#screen.columns - 1));
      else this.#screen.aside(text);
    }
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #bytes({ current = 0, total = 0, values }: Progress): void {
    if (!this.#screen.isLive) return;
    if (!this.#bar) {
      this.#bar = new SingleBar({
        format: `  {bar} {done}/{layers} ${this.#content.say('messages', 'layers')}, {mb} / {mbTotal} MB`,
        barsize: Math.min(40, this.#screen.columns - 40),
        stream: process.stderr,
        hideCursor: false,
        clearOnComplete: true,
      });
      this.#bar.start(Math.max(total, 1), 0, payload(current, total, values));
    }
    this.#bar.setTotal(Math.max(total, 1));
    this.#bar.update(current, payload(current, total, values));
  }
}

function payload(current: number, total: number, values: Progress['values']) {
  return {
    done: values.done,
    layers: values.layers,
    mb: (current / MEGABYTE).toFixed(1),
    mbTotal: (total / MEGABYTE).toFixed(1),
  };
}
