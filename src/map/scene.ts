/** What a map says, in words and in its three lanes: the same for every drawing of it. */

import { type Row, rowsOf } from './box-rows.ts';
import { type Store, storesOf, volumeStore } from './kept-things.ts';
import { besideDoors, listenersOf } from './listening.ts';
import type { MapNode, NodeOf, WorldMap } from './map-schema.ts';
import { hasEnded, placesFor } from './places.ts';
import { type Say, type Tone, tryWords, type Way } from './try-words.ts';

export interface Box {
  id: string;
  title: string;
  owned: NodeOf<'container'>['owned'];
  /** It has ended, as all below it have: it takes no more room than it needs. */
  isPast: boolean;
  rows: Row[];
  stores: Store[];
}

export interface Scene {
  title: string;
  lanes: readonly [string, string, string];
  /** Null: a place that is free. */
  boxes: (Box | null)[];
  /** Lines of the machine's lane that lead into no box. */
  machine: Way[];
  /** What no container has. */
  loose: Store[];
  /** How many there are of others; empty: none. */
  others: string;
  legend: readonly { owned: Box['owned']; label: string }[];
}

export interface Told {
  say: Say;
  /** A name of the world as a learner knows it. Default: as it is. */
  named?: (world: string) => string;
  /** A part of a map that stands beside a text: what a container is, and no more. */
  brief?: boolean;
  /** Default: this moment. A time of another day is told with its day. */
  now?: Date;
  /** As `placesFor` gave them. Default: as it gives them to who comes new. */
  places?: readonly string[];
}

export function sceneOf(map: WorldMap, told: Told): Scene {
  const { say, named } = told;
  const find = <K extends MapNode['kind']>(kind: K) =>
    map.nodes.filter((node): node is NodeOf<K> => node.kind === kind);
  const containers = find('container');
  const placed = (told.places ?? placesFor(map)).map((place) => containers.find(({ id }) => id === place));
  const living = placed.findLastIndex((container) => container === undefined || !hasEnded(container));
  const boxes = placed.map((container, at) =>
    container ? boxOf(map, container, { ...told, isPast: at > living }) : null,
  );
  const [machine] = find('machine');
  const owners = OWNERS.filter(([owner]) => containers.some(({ owned }) => owned === owner));
  return {
    title: say(told.brief ? 'map-part-title' : 'map-title'),
    lanes: [machineLane(machine, say), say('map-lane-containers'), say('map-lane-volumes')],
    boxes,
    machine: waysOfMachine(map, say),
    loose: find('volume').flatMap((volume) => (volume.left ? [volumeStore(volume, say, named)] : [])),
    others: othersOf(find('others')[0], say),
    legend: owners.map(([owned, key]) => ({ owned, label: say(key) })),
  };
}

function machineLane(machine: NodeOf<'machine'> | undefined, say: Say): string {
  if (machine === undefined || machine.place === 'here') return say('map-lane-machine');
  return machine.host === '' ? say('map-lane-there') : say('map-lane-host', { host: machine.host });
}

const OWNERS = [
  ['run', 'map-owned-run'],
  ['learner', 'map-owned-learner'],
  ['other', 'map-owned-other'],
] as const;

function boxOf(
  map: WorldMap,
  container: NodeOf<'container'>,
  { say, brief = false, named = (name) => name, now = new Date(), isPast }: Told & { isPast: boolean },
): Box {
  const { id, world, name, owned } = container;
  const title = world === null ? name : brief || world === name ? named(world) : `${named(world)} · ${name}`;
  return {
    id,
    title,
    owned,
    isPast,
    rows: rowsOf(map, container, { say, now }, brief ? 'brief' : isPast ? 'past' : 'whole'),
    stores: storesOf(map, container, say),
  };
}

/** Ports that nobody's container is behind, sockets that are there, and the tries that ended on the machine. */
function waysOfMachine({ nodes, edges }: WorldMap, say: Say): Way[] {
  const leading = new Set(edges.flatMap((edge) => (edge.kind === 'leads' ? [edge.from] : [])));
  const refused = new Set(
    edges.flatMap((edge) => (edge.kind === 'reaches' && edge.to.startsWith('port:') ? [edge.to] : [])),
  );
  const note = (label: string, tone: Tone): Way[] => [{ kind: 'note', label, end: 'stops', tone }];
  return nodes.flatMap((node): Way[] => {
    if (node.kind === 'port') {
      // Who was refused there says already that nobody listens.
      if (leading.has(node.id))
        return besideDoors({ nodes, edges }, node, say).flatMap((at) => note(at, 'plain'));
      return refused.has(node.id) && node.listeners?.length === 0 ? [] : noteOfPort(node, note, say);
    }
    if (node.kind === 'socket')
      return node.there ? note(say('map-socket-there', { path: node.path }), 'plain') : [];
    if (node.kind !== 'try') return [];
    const edge = edges.find(({ from, kind }) => from === node.id && kind === 'reaches');
    const target = nodes.find(({ id }) => id === edge?.to) ?? null;
    return target?.kind === 'container' ? [] : [tryWords(node, say, target)];
  });
}

function noteOfPort(port: NodeOf<'port'>, note: (label: string, tone: Tone) => Way[], say: Say): Way[] {
  if (port.listeners === null) return [];
  const who = listenersOf(port, say);
  if (who === '') return note(say('map-port-nobody', { port: port.number }), 'soft');
  return note(say('map-port-somebody', { port: port.number, who }), 'plain');
}

const COUNTS = [
  ['containers', 'map-count-containers'],
  ['volumes', 'map-count-volumes'],
  ['networks', 'map-count-networks'],
] as const;

function othersOf(others: NodeOf<'others'> | undefined, say: Say): string {
  if (others === undefined) return '';
  const counts = COUNTS.flatMap(([each, key]) =>
    others[each] === 0 ? [] : [say(key, { count: others[each] })],
  );
  return counts.length === 0 ? '' : say('map-others', { counts: counts.join(' · ') });
}
