/** What containers keep, and what is kept that none has any more. */
import { shortId } from '../values.ts';
import type { NodeOf, WorldMap } from './map-schema.ts';
import type { Say, Tone } from './try-words.ts';

/** What a container has, in the lane of volumes. */
export interface Store {
  id: string;
  label: string;
  /** What it is; empty where its name says that. */
  about: string;
  /** Where it is inside; empty where no container has it. */
  target: string;
  tone: Tone;
}

export function storesOf({ nodes, edges }: WorldMap, { id }: NodeOf<'container'>, say: Say): Store[] {
  return edges.flatMap((edge): Store[] => {
    if (edge.kind !== 'mounts' || edge.from !== id) return [];
    const node = nodes.find((each) => each.id === edge.to);
    if (node?.kind === 'volume') return [{ ...volumeStore(node, say), target: edge.target }];
    if (node?.kind !== 'folder') return [];
    return [{ id: node.id, label: node.path, about: say('map-folder'), target: edge.target, tone: 'plain' }];
  });
}

/** `named`: a name of the world as a learner knows it. */
export function volumeStore(
  { id, name, anonymous, world, left }: NodeOf<'volume'>,
  say: Say,
  named: (world: string) => string = (own) => own,
): Store {
  const about = left ? leftBy(world, say, named) : anonymous ? say('map-volume-anonymous') : '';
  return { id, label: anonymous ? shortId(name) : name, about, target: '', tone: left ? 'bad' : 'plain' };
}

function leftBy(world: string | null, say: Say, named: (world: string) => string): string {
  return world === null ? say('map-volume-left') : say('map-volume-left-by', { what: named(world) });
}
