/** What `next`, `run` and `check` share: the stream goes through the journal to its consumers; a report at the end. */

import type { Asker } from '../asker.ts';
import type { LabEvent, StreamLine } from '../journal/events.ts';
import { record } from '../journal/record.ts';
import { fillOpen } from '../lab/content.ts';
import type { Step } from '../lab/model.ts';
import { formatted } from '../report/formats.ts';
import { Gatherer, type Result, troubleOf } from '../report/result.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { Cancelled, Trouble, Usage } from '../trouble.ts';
import { shortId } from '../values.ts';
import type { Desk } from './desk.ts';
import { type OpenRun, openRun } from './open-run.ts';
import { onInterrupt } from './signals.ts';
import { setStage } from './stage.ts';
import { whichEngine } from './which-engine.ts';

export interface Walk {
  /** Which steps, once lab and journal are open. */
  choose: (open: OpenRun) => Step[];
  /** Nothing is brought up or fetched for it. */
  looksOnly?: boolean;
  /** What the learner says is theirs: names or ids of containers, names of volumes. */
  adopt?: readonly string[];
  /** What happens to them. */
  act: (context: RunContext, steps: readonly Step[]) => AsyncGenerator<LabEvent>;
}

/** Runs to the end and returns the exit code. Trouble is journaled, put into the result for machines, and thrown on. */
export async function walking(
  desk: Desk,
  { choose, act, adopt = [], looksOnly = false }: Walk,
): Promise<number> {
  const { settings, content, screen, stem } = desk;
  const open = await openRun(desk);
  const gatherer = new Gatherer(open.lab, open.run, content, stem);
  const abort = new AbortController();
  let context = null as RunContext | null;
  const stopListening = onInterrupt((signal) => {
    if (signal === 'SIGINT' && context?.hearsCtrlC?.()) return true;
    abort.abort();
    return false;
  });
  try {
    const steps = choose(open);
    const sinks = [gatherer, ...(settings.format === 'text' ? await screens(desk, open, steps) : [])];
    const consume = (line: StreamLine) => {
      for (const sink of sinks) sink.take(line);
    };
    const ask = await asker(desk, abort.signal);
    async function* events(): AsyncGenerator<LabEvent> {
      context = yield* setStage({
        open,
        settings,
        ask,
        mayBringUp: async () =>
          settings.yes || (settings.interactive && (await orCancelled(mayBringUp(desk), abort.signal))),
        whichEngine: (engines) => orCancelled(whichEngine(desk, engines), abort.signal),
        ...{ interactive: settings.interactive, adopt, looksOnly },
        signal: abort.signal,
      });
      yield* act(context, steps);
    }
    if (open.begun) consume(open.begun);
    for await (const line of record(open.journal, events())) consume(line);
    if (abort.signal.aborted) throw new Cancelled();
    finish(desk, gatherer.result);
    return { met: 0, 'not-met': 1, unknown: 2 }[gatherer.result.outcome];
  } catch (error) {
    const reason = abort.signal.aborted ? new Cancelled() : inStep(error, gatherer.step);
    if (reason instanceof Trouble && !(reason instanceof Usage)) writtenIfItCan(open, reason);
    if (settings.format !== 'text') {
      gatherer.fail(troubleOf(reason, content));
      throw Object.assign(reason as Error, { result: gatherer.result });
    }
    throw reason;
  } finally {
    stopListening();
    open.close();
    screen.transient('');
  }
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

function finish({ settings }: Desk, result: Result): void {
  if (settings.format !== 'text') process.stdout.write(`${formatted(settings.format, result)}\n`);
}

async function screens(desk: Desk, open: OpenRun, chosen: readonly Step[]) {
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
    interactive: settings.interactive,
  };
  return [new ProgressLine(screen, content), new Renderer(drawing), new WatchView(drawing)];
}

/** A question that nobody will answer any more (TERM, HUP) is given up. */
function orCancelled<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new Cancelled());
    signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
  });
  return Promise.race([answer, cancelled]);
}

async function asker(desk: Desk, signal: AbortSignal): Promise<Asker> {
  const { settings, content, stem, screen } = desk;
  if (!settings.interactive) {
    const nobody = { predict: async () => null, which: async () => null, isTheirs: async () => null };
    return { ...nobody, goOn: async () => {}, requests: null };
  }
  const [{ choose, confirm, untilEnter }, { openKeys }] = await Promise.all([
    import('../terminal/ask.ts'),
    import('../terminal/keys.ts'),
  ]);
  const requests = openKeys();
  /** Asks while the keys for hint, show and the like are off. */
  const asked = async <T>(ask: () => Promise<T>) => {
    const wasOn = requests.stop();
    screen.live([]);
    const answer = await orCancelled(ask(), signal);
    if (wasOn) requests.start();
    return answer;
  };
  return {
    requests,
    async which(name, containers) {
      const options = containers.map(({ id, name: own, imageRef }) => `${own}  ${shortId(id)}  ${imageRef}`);
      return asked(() =>
        choose(desk, content.say('messages', 'ask-which', { name }), options, { mayBeSkipped: true }),
      );
    },
    async isTheirs(name, { id, name: container }) {
      const values = { name, container, short: shortId(id) };
      return asked(() => confirm(desk, content.say('messages', 'ask-theirs', values)));
    },
    goOn: () => asked(() => untilEnter(desk, content.say('messages', 'go-on-enter'))),
    async predict(step, values) {
      const { prediction } = content.step(stem(step));
      if (!prediction) return null;
      const filling = await values();
      const fill = (text: string) => fillOpen(text, filling);
      const options = prediction.options.map(fill);
      const asked = choose(desk, fill(prediction.question), options, { mayBeSkipped: true });
      const answer = await orCancelled(asked, signal);
      return answer === null ? null : { answer, right: answer === prediction.right };
    },
  };
}

async function mayBringUp(desk: Desk): Promise<boolean> {
  const { confirm } = await import('../terminal/ask.ts');
  return confirm(desk, desk.content.say('messages', 'ask-bring-up'));
}
