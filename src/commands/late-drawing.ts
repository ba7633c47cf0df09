/** Draws what nobody has to act on a moment later: while a command runs, this machine has time for it. */
import type { StreamLine } from '../journal/events.ts';

/** Where no command follows: soon enough for who reads along. */
const AT_LATEST_MS = 100;

/** With these a run begins, a step comes to its end, and the next one begins. */
const MAY_WAIT = new Set<StreamLine['type']>([
  ...(['run-started', 'engine-pinned', 'image-pinned'] as const),
  ...(['step-ended', 'chosen', 'step-started', 'command-started'] as const),
]);

/** Takes lines, and draws them in their order. */
export interface Drawer {
  take(line: StreamLine): void;
}

/**
 * The drawing of a step's end, of the next one's head and of its prose would keep a command waiting: so these are held
 * until it runs, and what draws is loaded only then. Of all else the walk hears when it was drawn, behind what is held.
 * Where somebody is asked, `drawAtOnce`; `flush` before something else is written to the terminal.
 */
export class LateDrawing {
  readonly #load: () => Promise<readonly Drawer[]>;
  #loading: Promise<readonly Drawer[]> | null = null;
  #drawers: readonly Drawer[] | null = null;
  #held: StreamLine[] = [];
  #timer: NodeJS.Timeout | null = null;
  #holds = true;

  constructor(load: () => Promise<readonly Drawer[]>) {
    this.#load = load;
  }

  async take(line: StreamLine): Promise<void> {
    const waits = this.#holds && this.#mayWait(line);
    this.#held.push(line);
    if (!waits) return this.flush();
    this.#timer ??= setTimeout(() => void this.flush(), AT_LATEST_MS);
    // All that comes before its start is done without waiting.
    if (line.type === 'command-started') setImmediate(() => void this.flush());
  }

  /** What is said of a step itself, such as that it was interrupted, is read before its command runs. */
  #mayWait(line: StreamLine): boolean {
    const opens = line.type === 'step-ended' || line.type === 'step-started';
    const isBehind = this.#drawers === null || this.#held.length > 0;
    const isOfRun = line.type === 'noted' && line.step === null;
    return (opens || isBehind) && (isOfRun || MAY_WAIT.has(line.type));
  }

  /** From now on nothing is held. */
  async drawAtOnce(): Promise<void> {
    this.#holds = false;
    await this.#loaded();
  }

  async flush(): Promise<void> {
    if (this.#held.length === 0) return;
    const drawers = this.#drawers ?? (await this.#loaded());
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const line of this.#held.splice(0)) for (const drawer of drawers) drawer.take(line);
  }

  async #loaded(): Promise<readonly Drawer[]> {
    this.#loading ??= this.#load();
    this.#drawers = await this.#loading;
    return this.#drawers;
  }
}
