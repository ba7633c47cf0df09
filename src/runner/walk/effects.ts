/** What a command has done to the world, written down as it is found there. */
import type { LabEvent } from '../../journal/events.ts';
import type { Command } from '../../lab/model.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { unnamedVolumeOf } from '../ground/mounted.ts';

/** What a command brought into being and took away, written down. */
export async function* recordEffects(
  context: RunContext,
  command: Command,
  after: Snapshot,
): AsyncGenerator<LabEvent> {
  yield* recordMade(context, command, after);
  yield* recordRemoved(context, command);
}

export async function* recordRemoved({ world }: RunContext, { removes }: Command): AsyncGenerator<LabEvent> {
  if (removes) yield { type: 'removed', kind: 'container', name: removes, id: world.formerId(removes) ?? '' };
}

/** Returns the volume that it made. `after`: what was there when it had ended, if it makes a container. */
export async function* recordMade(
  context: RunContext,
  { creates, createsVolume }: Command,
  after: Snapshot | null,
): AsyncGenerator<LabEvent, string | null> {
  if (creates && after?.ours(creates)) yield* recordContainer(context, creates, after);
  const volume = createsVolume ? await context.world.ourVolume(createsVolume) : null;
  if (!volume) return null;
  const bare = { image: null, ports: [], networks: [], mounts: [] };
  yield { type: 'made', kind: 'volume', name: createsVolume as string, id: volume, volume, ...bare };
  return volume;
}

async function* recordContainer(
  context: RunContext,
  name: string,
  after: Snapshot,
): AsyncGenerator<LabEvent> {
  const container = await after.container(name);
  if (!container) return;
  const volumes = container.mounts.filter(({ type }) => type === 'volume');
  for (const { source } of volumes) {
    const password = context.lab.settings.service?.container.passwordOf(container.env);
    if (password && !context.volumePasswords.has(source)) context.volumePasswords.set(source, password);
  }
  const volume = unnamedVolumeOf(context, container);
  yield {
    ...{ type: 'made', kind: 'container', name, id: container.id, volume: volume?.source ?? null },
    image: container.imageRef,
    ports: container.bindings.map(({ containerPort, hostPort, hostIp }) => ({
      ...{ container: containerPort, host: hostPort, ip: hostIp },
    })),
    networks: container.networks,
    mounts: container.mounts,
  };
}
