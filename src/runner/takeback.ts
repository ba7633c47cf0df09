/**
 * A killed pglab may leave a `docker` behind that is about to make something: what is removed could come
 * back a moment later. So such processes, known by our labels on their command line, are waited for.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { processesWith } from '../host.ts';
import type { RunContext } from './context.ts';
import type { LabEvent } from './events.ts';
import { LABEL, type Owner } from './world.ts';

/** A process of ours that outlived us has this long to come to its end. */
const WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** Removes every container of this name, until no process of ours is left that could make another. */
export async function* takeBack(context: RunContext, name: string): AsyncGenerator<LabEvent> {
  for (const still = orphansOf(context.owner, name); ; ) {
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

/** Asks again and again whether such a process still runs; in the end it is no longer waited for. */
export function orphansOf({ run, home }: Owner, name?: string): () => boolean {
  const deadline = performance.now() + WITHIN_MS;
  const marks = [`${LABEL.run}=${run}`, `${LABEL.home}=${home}`];
  if (name !== undefined) marks.push(`${LABEL.name}=${name}`);
  return () => performance.now() < deadline && processesWith(marks).length > 0;
}
