/** Runs a container in the foreground, until it is ready and Ctrl-C ends it. */

import type { EngineEvent } from '../../engine/types.ts';
import type { Emit } from '../../journal/live.ts';
import type { Command, Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { type Ran, startLine } from '../../shell.ts';
import type { RunContext } from '../ground/context.ts';
import { ready } from '../judge/ready.ts';
import { takeBack } from './takeback.ts';

/**
 * A run in the foreground: it holds the window until the server is ready, then Ctrl-C ends it. A
 * person presses that themselves; otherwise we send the same signal.
 */
export async function runForeground(
  context: RunContext,
  step: Step,
  command: Command,
  line: string,
  { env, onLine, emit }: { env: Record<string, string>; onLine: (line: string) => void; emit: Emit },
): Promise<Ran> {
  const name = command.creates as string;
  const watching = new AbortController();
  const events = await context.engine.events(watching.signal);
  const child = await startLine(line, { env, onLine });
  // During the set-up SIGINT is swallowed, so a cancelled run removes its container as well.
  let ending: Promise<void> | null = null;
  const endEarly = () => {
    child.interrupt();
    ending = (async () => {
      // Until docker itself has ended: it may have asked for the container, and not have it yet.
      for await (const _ of takeBack(context, name));
    })();
  };
  context.learnerHasCtrlC = context.interactive;
  context.signal.addEventListener('abort', endEarly, { once: true });
  // It may have come while the line was being started: then nobody tells of it any more.
  if (context.signal.aborted) endEarly();
  try {
    const id = await Promise.race([startedNamed(events, context, name), child.ended.then(() => null)]);
    if (id !== null) {
      const container = await context.engine.container(id);
      const readiness = container
        ? await Promise.race([ready(context, container), child.ended.then(() => null)])
        : null;
      if (readiness?.ready) {
        emit({ type: 'foreground-ready', step: step.id });
        if (!context.interactive) child.interrupt();
      }
    }
    return await child.ended;
  } finally {
    await ending;
    watching.abort();
    context.learnerHasCtrlC = false;
    context.signal.removeEventListener('abort', endEarly);
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
