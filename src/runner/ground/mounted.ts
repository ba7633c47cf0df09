/** Which volumes go by which names of the world: those that the containers mount. */
import type { Container } from '../../engine/types.ts';
import { isNamedVolume } from '../../engine/volumes.ts';
import type { Step } from '../../lab/model.ts';
import type { RunContext } from './context.ts';
import type { Pair } from './pairs.ts';

/** A volume goes by the name that the first container which mounts one gives it; what goes by it already is left out. */
export async function mountedFor(
  context: RunContext,
  steps: readonly Step[],
  chosen: readonly Pair[],
): Promise<{ name: string; source: string; near: boolean }[]> {
  const volumes = steps.flatMap((step) =>
    Object.entries(step.world ?? {}).flatMap(([name, { kind }]) => (kind === 'volume' ? [name] : [])),
  );
  const found = [];
  for (const name of volumes) {
    const mounting = chosen.filter(({ wanted }) => wanted.recognition.mounts === name);
    const [first] = mounting.sort(
      (a, b) => namesInOrder(steps, a.wanted.name) - namesInOrder(steps, b.wanted.name),
    );
    const named = first?.container.mounts.filter(isNamedVolume) ?? [];
    const target = context.image.volumeTargets[0];
    const mount = named.find((each) => each.target === target) ?? named[0];
    const known = await context.world.volume(name);
    if (!first || !mount || mount.source === known) continue;
    // The one that a later container mounts is compared with the first one's, not taken for it.
    const isLater = first.wanted.recognition.data === 'old' && known !== null;
    if (!isLater) found.push({ name, source: mount.source, near: mount.target !== target });
  }
  return found;
}

function namesInOrder(steps: readonly Step[], name: string): number {
  return steps.flatMap((step) => Object.keys(step.world ?? {})).indexOf(name);
}

/**
 * The volume without a name that has a container's data. Its image may name volumes for other things as well, which no
 * later step looks for.
 */
export function unnamedVolumeOf({ image }: Pick<RunContext, 'image'>, { mounts }: Pick<Container, 'mounts'>) {
  const unnamed = mounts.filter((mount) => mount.type === 'volume' && !isNamedVolume(mount));
  return unnamed.find(({ target }) => target === image.volumeTargets[0]) ?? unnamed[0];
}
