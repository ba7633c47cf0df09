/**
 * A killed pglab may leave a `docker` behind that is about to make something: what is removed could come
 * back a moment later. So such processes, known by our labels on their command line, are waited for.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { processesWith } from '../host.ts';
import { Trouble } from '../trouble.ts';
import type { RunContext } from '../runner/context.ts';
import type { LabEvent } from '../journal/events.ts';
import { LABEL, type Owner } from './world.ts';

/** A process of ours that outlived us has this long to come to its end, from when it is first waited for. */
const WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Removes every container of this name, until no process of ours is left that could make another. */
export async function* takeBack(context: RunContext, name: string): AsyncGenerator<LabEvent> {
  for (const still = orphansOf(context.owner, { name }); ; ) {
    const mayComeMore = still();
    for (const container of await context.world.allOurs()) {
      if (container.labels[LABEL.name] !== name) continue;
      await context.engine.removeContainer(container.id);
      yield { type: 'removed', kind: 'container', name, id: container.id };
    }
    if (!mayComeMore) return;
    await delay(LOOK_EVERY_MS);
  }
}

/**
 * Asks again and again whether such a process still runs. Trouble `orphan-stays` where one does not come to
 * its end: whatever is done now, it could undo.
 */
export function orphansOf({ run, home }: Owner, of: { name?: string; step?: string }): () => boolean {
  let deadline = 0;
  const marks = [`${LABEL.run}=${run}`, `${LABEL.home}=${home}`];
  if (of.name !== undefined) marks.push(`${LABEL.name}=${of.name}`);
  if (of.step !== undefined) marks.push(`${LABEL.step}=${of.step}`);
  return () => {
    const [pid] = processesWith(marks);
    if (pid === undefined) return false;
    deadline ||= performance.now() + WITHIN_MS;
    if (performance.now() > deadline) throw new Trouble('orphan-stays', { pid, run });
    return true;
  };
}
