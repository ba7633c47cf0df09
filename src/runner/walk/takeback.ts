/** Takes back what a command has made, or may still make. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LabEvent } from '../../journal/events.ts';
import { LABEL } from '../../names.ts';
import { orphansOf } from '../../world/orphans.ts';
import type { RunContext } from '../ground/context.ts';

const LOOK_EVERY_MS = 50;

/** Removes every container of this name, until no process of ours is left that could make another. */
export async function* takeBack(context: RunContext, name: string): AsyncGenerator<LabEvent> {
  for (const still = orphansOf(context.owner, { name }); ; ) {
    const mayComeMore = await still();
    for (const container of (await context.world.snapshot()).allOurs()) {
      if (container.labels[LABEL.name] !== name) continue;
      await context.engine.removeContainer(container.id);
      yield { type: 'removed', kind: 'container', name, id: container.id };
    }
    if (!mayComeMore) return;
    await delay(LOOK_EVERY_MS);
  }
}
