/** Which container stands where on a map: things keep their place while the world changes. */
import type { NodeOf, WorldMap } from './map-schema.ts';

/**
 * Each where it stood before; empty where nobody stands. A new one takes the first place that is free, else that behind
 * the last that lives. To who comes new: the living, the oldest of them on top, then what has ended, the newest first.
 *
 *     placesFor(map, ['container:a', 'container:b']); // ['container:c', 'container:b'], where a has gone and c come
 */
export function placesFor({ nodes }: WorldMap, before: readonly string[] = []): string[] {
  const containers = nodes.filter((node): node is NodeOf<'container'> => node.kind === 'container');
  const ended = new Set(containers.filter(hasEnded).map(({ id }) => id));
  const isThere = (id: string) => containers.some((container) => container.id === id);
  const places = before.map((id) => (isThere(id) ? id : ''));
  for (const { id } of containers.filter((each) => !places.includes(each.id))) {
    const free = places.indexOf('');
    if (free >= 0) places[free] = id;
    else places.splice(places.findLastIndex((place) => !ended.has(place)) + 1, 0, id);
  }
  while (places.at(-1) === '') places.pop();
  return places;
}

/**
 * For a page that tells of one step: what is newest stands on top, and above it a place is free for what the step makes,
 * by these names of the world.
 */
export function placesForStep({ nodes }: WorldMap, makes: readonly string[]): string[] {
  const newest = nodes.filter((node): node is NodeOf<'container'> => node.kind === 'container').reverse();
  const living = newest.filter((container) => !hasEnded(container));
  const isOpen = makes.length > 0 && !living.some(({ world }) => world !== null && makes.includes(world));
  const ids = [...living, ...newest.filter(hasEnded)].map(({ id }) => id);
  return isOpen ? ['', ...ids] : ids;
}

/** It is there, and does nothing any more. */
export function hasEnded({ state }: Pick<NodeOf<'container'>, 'state'>): boolean {
  return state === 'exited' || state === 'dead';
}
