/** How every walk begins: by saying what has changed since, and with the ports that its lab asks for. */
import type { LabEvent } from '../../journal/events.ts';
import { driftOf } from '../../world/drift.ts';
import type { RunContext } from './context.ts';
import { choosePorts } from './ports.ts';

export async function* openWalk(context: RunContext): AsyncGenerator<LabEvent> {
  const { lab, world, journal } = context;
  for (const { note, values } of await driftOf(lab, world, journal.standing))
    yield { type: 'noted', step: null, note, values };
  yield* choosePorts(context);
}
