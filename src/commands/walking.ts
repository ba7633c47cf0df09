/** What `next`, `run` and `check` share: the stream goes through the journal to its consumers; a report at the end. */

import type { Asker } from '../asker.ts';
import type { LabEvent, StreamLine } from '../journal/events.ts';
import { record } from '../journal/record.ts';
import type { Step } from '../lab/model.ts';
import { isHeldTrouble } from '../lock.ts';
import { formatted } from '../report/formats.ts';
import { Gatherer, type Result, troubleOf } from '../report/result.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { Cancelled, Trouble, Usage } from '../trouble.ts';
import type { Desk } from './desk.ts';
import { type Drawer, LateDrawing } from './late-drawing.ts';
import { type OpenRun, openBeside, openRun } from './open-run.ts';
import { onInterrupt } from './signals.ts';
import { setStage } from './stage.ts';
import { orCancelled, terminalAsker } from './terminal-asker.ts';
import { whichEngine } from './which-engine.ts';

export interface Walk {
  /** Which steps, once lab and journal are open. */
  choose: (open: OpenRun) => Step[];
  /** Nothing is brought up or fetched for it. */
  looksOnly?: boolean;
  /** While another process has the run, it looks on, and nothing of it is journaled. */
  looksOn?: boolean;
  /** What the learner says is theirs: names or ids of containers, names of volumes. */
  adopt?: readonly string[];
  /** Shows the walk elsewhere as well, and asks there. */
  beside?: (open: OpenRun, signal: AbortSignal) => Promise<Beside>;
  /** What happens to them. */
  act: (context: RunContext, steps: readonly Step[]) => AsyncGenerator<LabEvent>;
}

/** Another consumer of the lines, which asks in the terminal's place. */
export interface Beside {
  ask: Asker;
  take(line: StreamLine): void;
  /** Known trouble that ends the walk: resolves when it has been told there. */
  tell(trouble: Trouble): Promise<void>;
  /** The terminal shows the walk as well. */
  draws: boolean;
  close(): Promise<void>;
}

/** Runs to the end and returns the exit code. Trouble is journaled, put into the result for machines, and thrown on. */
export async function walking(desk: Desk, walk: Walk): Promise<number> {
  const open = await opened(desk, walk);
  const gatherer = new Gatherer(open.lab, open.run, desk.content, desk.stem);
  const abort = new AbortController();
  let context = null as RunContext | null;
  let beside = null as Beside | null;
  let drawing = null as LateDrawing | null;
  const stopListening = onInterrupt((signal) => {
    if (signal === 'SIGINT' && context?.hearsCtrlC?.()) return true;
    abort.abort();
    return false;
  });
  try {
    const steps = walk.choose(open);
    beside = (await walk.beside?.(open, abort.signal)) ?? null;
    drawing = await drawingOf(desk, open, steps, beside);
    const sinks = [gatherer, drawing, ...(beside ? [beside] : [])];
    const consume = async (line: StreamLine) => {
      for (const sink of sinks) await sink.take(line);
    };
    const ask = beside?.ask ?? (await terminalAsker(desk, abort.signal));
    async function* events(): AsyncGenerator<LabEvent> {
      context = yield* stageFor(desk, open, walk, ask, abort.signal);
      yield* walk.act(await lookingOn(open, context), steps);
    }
    if (open.begun) await consume(open.begun);
    for await (const line of record(open.journal, events())) await consume(line);
    if (abort.signal.aborted) throw new Cancelled();
    return finish(desk, gatherer.result);
  } catch (error) {
    const reason = abort.signal.aborted ? new Cancelled() : error;
    throw await toldBeside(beside, told(desk, open, gatherer, reason));
  } finally {
    stopListening();
    await drawing?.flush();
    await beside?.close();
    open.close();
    desk.screen.transient('');
  }
}

async function opened(desk: Desk, { looksOn }: Walk): Promise<OpenRun> {
  try {
    return await openRun(desk);
  } catch (error) {
    if (looksOn && isHeldTrouble(error)) return openBeside(desk, error);
    throw error;
  }
}

/** Who looks on tells the process that has the run which sessions are no learner's. */
async function lookingOn({ held }: OpenRun, context: RunContext): Promise<RunContext> {
  if (held === null) return context;
  const { toldBeside } = await import('../runner/hand/sessions-beside.ts');
  return toldBeside(context);
}

/** Engine, image and run, ready for the steps. */
function stageFor(
  desk: Desk,
  open: OpenRun,
  { adopt = [], looksOnly = false, beside }: Walk,
  ask: Asker,
  signal: AbortSignal,
): AsyncGenerator<LabEvent, RunContext> {
  const { settings } = desk;
  const { yes, interactive } = settings;
  return setStage({
    ...{ open, settings, ask, adopt, looksOnly, signal },
    // Nobody sits at the windows of commands that run for somebody elsewhere.
    interactive: interactive && !beside,
    mayBringUp: async () => yes || (interactive && (await orCancelled(mayBringUp(desk), signal))),
    whichEngine: (engines) => orCancelled(whichEngine(desk, engines), signal),
  });
}

/** What a run that failed throws: trouble is journaled first and names its step; for machines it carries the result. */
function told({ settings, content }: Desk, open: OpenRun, gatherer: Gatherer, error: unknown): unknown {
  const reason = inStep(error, gatherer.step);
  if (reason instanceof Trouble && !(reason instanceof Usage)) writtenIfItCan(open, reason);
  if (settings.format === 'text') return reason;
  gatherer.fail(troubleOf(reason, content));
  return Object.assign(reason as Error, { result: gatherer.result });
}

async function toldBeside(beside: Beside | null, reason: unknown): Promise<unknown> {
  if (reason instanceof Trouble) await beside?.tell(reason);
  return reason;
}

/** A mend may name the step that is to be run again. */
function inStep(error: unknown, step: string | null): unknown {
  if (error instanceof Trouble) error.values = { step: step ?? 'STEP', ...error.values };
  return error;
}

/** On a full disk there may be no room for it; it is told all the same. */
function writtenIfItCan({ journal }: OpenRun, { code, values }: Trouble): void {
  try {
    journal.append({ type: 'trouble', code, values });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  }
}

/** Returns the exit code. */
function finish({ settings }: Desk, result: Result): number {
  if (settings.format !== 'text') process.stdout.write(`${formatted(settings.format, result)}\n`);
  return { met: 0, 'not-met': 1, unknown: 2 }[result.outcome];
}

/** Somebody who is asked sees all that was said before the question. */
async function drawingOf(desk: Desk, ...of: Shown): Promise<LateDrawing> {
  const drawing = new LateDrawing(() => screens(desk, ...of));
  if (desk.settings.interactive) await drawing.drawAtOnce();
  return drawing;
}

type Shown = [open: OpenRun, chosen: readonly Step[], beside: Beside | null];

async function screens(desk: Desk, ...[open, chosen, beside]: Shown): Promise<readonly Drawer[]> {
  if (desk.settings.format !== 'text') return [];
  const [{ Renderer }, { ProgressLine }, { WatchView }] = await Promise.all([
    import('../terminal/render.ts'),
    import('../terminal/progress-line.ts'),
    import('../terminal/watching.ts'),
  ]);
  const { screen, content, stem, settings } = desk;
  const standing = () => open.journal.standing;
  const drawing = {
    ...{ lab: open.lab, content, screen, run: open.run, stem, standing },
    unpublished: () => standing().things.unpublished(),
    volumeOf: (name: string) => standing().things.last(name)?.volume ?? null,
    goesOn: (step: string) => chosen.at(-1)?.id !== step,
    interactive: settings.interactive && !beside,
  };
  const progress = new ProgressLine(screen, content);
  if (beside && !beside.draws) return [progress];
  return [progress, new Renderer(drawing), new WatchView(drawing)];
}

async function mayBringUp(desk: Desk): Promise<boolean> {
  const { confirm } = await import('../terminal/ask.ts');
  return confirm(desk, desk.content.say('messages', 'ask-bring-up'));
}
