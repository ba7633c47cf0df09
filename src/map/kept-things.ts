/** What containers keep, and what is kept that none has any more. */
import { shortId } from '../values.ts';
import type { WorldMap } from './map-schema.ts';
import type { NodeOf } from './projection.ts';
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
    if (node?.kind === 'volume') return [volumeStore(node, edge.target, say)];
    if (node?.kind !== 'folder') return [];
    return [{ id: node.id, label: node.path, about: say('map-folder'), target: edge.target, tone: 'plain' }];
  });
}

export function volumeStore(volume: NodeOf<'volume'>, target: string, say: Say): Store {
  const { id, name, anonymous, world, left } = volume;
  const own = anonymous ? shortId(name) : name;
  const key = left ? 'map-volume-left' : 'map-volume-anonymous';
  return {
    ...{ id, label: own, about: left || anonymous ? say(key, { world: world ?? '' }).trim() : '' },
    ...{ target, tone: left ? 'bad' : 'plain' },
  };
}
