/** Waits for a server between two commands. */
import type { LabEvent } from '../../journal/events.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { ready } from '../judge/ready.ts';

/** Waits until the server of this name answers; false where its container does not run. `seen`: just now, if it was. */
export async function* waitFor(
  context: RunContext,
  name: string,
  seen: Snapshot | null = null,
): AsyncGenerator<LabEvent, boolean> {
  const container = await (seen ?? (await context.world.snapshot())).container(name);
  if (container?.status !== 'running') return false;
  yield { type: 'waiting', what: 'ready', name };
  const wasKnown = context.unreached.has(container.id);
  const readiness = await ready(context, container);
  if (readiness.ready && readiness.unreached && !wasKnown)
    yield { type: 'noted', step: null, note: 'port-unreached', values: { ...readiness.unreached, name } };
  return readiness.ready;
}
