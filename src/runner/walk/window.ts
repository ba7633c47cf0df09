/** Runs a container in the foreground: until it is ready and Ctrl-C ends it, or until it ends by itself. */

import type { EngineEvent } from '../../engine/types.ts';
import type { Command, Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { type Ran, SPEAKS_WITHIN_MS, startLine } from '../../shell.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';
import { ready } from '../judge/ready.ts';
import { type GivenWindow, isMeantToFail, runToBeRefused } from './refused-run.ts';
import { takeBack } from './takeback.ts';

/** How long a server may take to end after Ctrl-C: a fast shutdown takes tenths of a second, on a busy disk seconds. */
const ENDS_WITHIN_MS = 30_000;
/** After so many presses of Ctrl-C docker gives its container up by itself. */
const PRESSES_TO_GIVE_UP = 3;

/** How a command runs that holds a window until its container has ended; null: it is no such command. */
export function windowFor(command: Command): typeof runForeground | null {
  if (command.foreground) return runForeground;
  return isMeantToFail(command) ? runToBeRefused : null;
}

/**
 * A run in the foreground: it holds the window until the server is ready, then Ctrl-C ends it. A person presses that
 * themselves; otherwise we send the same signal. What does not end by it is left to run, and its window is closed.
 */
async function runForeground(
  context: RunContext,
  step: Step,
  command: Command,
  line: string,
  { env, onLine, emit }: GivenWindow,
): Promise<Ran> {
  const name = command.creates as string;
  const watching = new AbortController();
  const events = await context.engine.events(watching.signal);
  const child = await startLine(line, { env, onLine });
  // During the set-up SIGINT is swallowed, so a cancelled run removes its container as well.
  let ending: Promise<void> | null = null;
  const endEarly = () => {
    child.interrupt();
    ending = takenBack(context, name);
  };
  const window = new Window(child, (id) => {
    const values = { name, short: shortId(id), seconds: ENDS_WITHIN_MS / 1000 };
    emit({ type: 'noted', step: step.id, note: 'ctrl-c-unheard', values });
  });
  if (context.interactive) context.hearsCtrlC = () => window.pressed();
  context.signal.addEventListener('abort', endEarly, { once: true });
  // It may have come while the line was being started: then nobody tells of it any more.
  if (context.signal.aborted) endEarly();
  try {
    const ended = child.ended.then(() => null);
    const id = await Promise.race([startedNamed(events, context, name), ended]);
    if (id !== null && (await Promise.race([isReady(context, id, window), ended]))) {
      emit({ type: 'foreground-ready', step: step.id });
      window.isReady(id);
      if (!context.interactive) window.interrupt();
    } else window.closeSoon();
    return { ...(await child.ended), isLate: window.isLate };
  } finally {
    await ending;
    window.close();
    watching.abort();
    context.hearsCtrlC = null;
    context.signal.removeEventListener('abort', endEarly);
  }
}

/** Removes the container, again and again until docker itself has ended: docker may have asked for it and not have it yet. */
async function takenBack(context: RunContext, name: string): Promise<void> {
  for await (const _ of takeBack(context, name));
}

/** Whether its server has come up, if only on another port than usual; false where it ended before. */
async function isReady(context: RunContext, id: string, window: Window): Promise<boolean> {
  window.isStarted();
  const container = await context.engine.container(id);
  if (container === null) return false;
  const readiness = await ready(context, container);
  return readiness.ready || readiness.container?.status === 'running';
}

/** What Ctrl-C comes to in the window of a container. `unheard`: it has not ended the container of this id in time. */
class Window {
  readonly #child: { interrupt(): void; kill(): void };
  readonly #unheard: (id: string) => void;
  #id: string | null = null;
  #presses = 0;
  #bound: NodeJS.Timeout | null = null;
  /** Docker did not come to start its container in time. */
  isLate = false;
  readonly #start = setTimeout(() => {
    this.isLate = true;
    this.#child.kill();
  }, SPEAKS_WITHIN_MS);

  constructor(child: { interrupt(): void; kill(): void }, unheard: (id: string) => void) {
    this.#child = child;
    this.#unheard = unheard;
  }

  isStarted(): void {
    clearTimeout(this.#start);
  }

  /** From now on Ctrl-C ends it; before that, the set-up swallows it. */
  isReady(id: string): void {
    this.#id = id;
  }

  interrupt(): void {
    this.#child.interrupt();
    this.#wait();
  }

  /** The terminal has told docker of it already. False where it is meant for us: pressed too often. */
  pressed(): boolean {
    this.#presses += 1;
    this.#wait();
    return this.#presses < PRESSES_TO_GIVE_UP;
  }

  /** Its container has ended by itself, and docker with it. */
  closeSoon(): void {
    this.#bound ??= setTimeout(() => this.#child.kill(), ENDS_WITHIN_MS);
  }

  #wait(): void {
    const id = this.#id;
    if (id === null) return;
    this.#bound ??= setTimeout(() => {
      this.#unheard(id);
      this.#child.kill();
    }, ENDS_WITHIN_MS);
  }

  /** The container, where it still runs, goes on without us. */
  close(): void {
    if (this.#bound) clearTimeout(this.#bound);
    clearTimeout(this.#start);
    this.#child.kill();
  }
}

async function startedNamed(
  events: AsyncIterable<Pick<EngineEvent, 'action' | 'id' | 'labels'>>,
  { owner }: RunContext,
  name: string,
): Promise<string | null> {
  for await (const { action, id, labels } of events) {
    const ours = labels[LABEL.run] === owner.run && labels[LABEL.home] === owner.home;
    if (action === 'start' && ours && labels[LABEL.name] === name) return id;
  }
  return null;
}
