/** The lines of a container's box, each with what leads to it. */
import type { MessageKey } from '../content-keys.ts';
import type { MapEdge, WorldMap } from './map-schema.ts';
import type { NodeOf } from './projection.ts';
import { type Say, type Tone, tryWords, type Way } from './try-words.ts';

/** A line of a box, with what leads to it from the left. */
export interface Row {
  way: Way | null;
  text: string;
  tone: Tone;
}

/** `brief`: what it is, and who gets in. `past`: it has ended; that no door leads to it says nothing then, nor does its network. */
export type Extent = 'whole' | 'brief' | 'past';

export function rowsOf(map: WorldMap, container: NodeOf<'container'>, say: Say, extent: Extent): Row[] {
  return [
    idRow(container),
    ...stateRow(container, say, extent === 'brief'),
    ...doorRows(map, container, say).filter(({ tone }) => extent !== 'past' || tone !== 'soft'),
    ...insideRows(map, container, say),
    ...(extent === 'whole' ? networkRows(map, container, say) : []),
  ];
}

const plain = (text: string, tone: Tone = 'plain'): Row => ({ way: null, text, tone });

function idRow({ short, image, major }: NodeOf<'container'>): Row {
  const isInName = major === null || image.split(':').some((part) => /^\d+/.exec(part)?.[0] === `${major}`);
  return plain(`${short} ${image}${isInName ? '' : ` (${major})`}`);
}

/** In brief only where it does not run as it should. */
function stateRow({ state, since, exitCode }: NodeOf<'container'>, say: Say, brief: boolean): Row[] {
  if (brief && state === 'running') return [];
  const key = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  const what = say(key ?? 'map-state-dead', { exitCode: exitCode ?? '?' });
  const tone = state === 'running' ? 'plain' : 'bad';
  // Since when it was never started says nothing.
  const isTimed = since !== null && state !== 'created';
  return [plain(isTimed ? say('map-since', { what, at: clock(since) }) : what, tone)];
}

const STATES: Readonly<Record<string, MessageKey>> = {
  created: 'map-state-created',
  running: 'map-state-running',
  paused: 'map-state-paused',
  restarting: 'map-state-restarting',
  removing: 'map-state-removing',
  exited: 'map-state-exited',
  dead: 'map-state-dead',
};

const STAGES = {
  'setting-up': 'map-stage-setting-up',
  temporary: 'map-stage-temporary',
  starting: 'map-stage-starting',
  ready: 'map-stage-ready',
} as const;

const CLIENTS = {
  port: 'map-session',
  socket: 'map-client-socket',
  loopback: 'map-client-loopback',
  'own-address': 'map-client-own-address',
  sibling: 'map-client-sibling',
} as const;

/** By this machine's clock; with its day where that is another one would be longer than the lane. */
function clock(since: string): string {
  const at = new Date(since);
  const two = (part: number) => String(part).padStart(2, '0');
  return Number.isNaN(at.getTime()) ? '?' : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Each port of the machine that leads in, and who came through it; and the port of the server that none leads to. */
function doorRows(map: WorldMap, container: NodeOf<'container'>, say: Say): Row[] {
  const { id, serves, shut } = container;
  const doors = doorsInto(map, id);
  const rows = doors.flatMap(({ port, inside, ips }): Row[] => [
    {
      way: { kind: 'door', label: portLabel(map, port, ips, say), end: 'inside', tone: 'own' },
      ...portInside(container, inside, say),
    },
    ...waysThrough(map, id, port, say).map((way) => ({ way, text: '', tone: 'plain' as const })),
  ]);
  const closed = shut.map(({ inside, protocol }) =>
    plain(say(protocol === 'udp' ? 'map-port-udp' : 'map-port-shut', { port: inside }), 'bad'),
  );
  const hasOwn = serves === null || doors.some(({ inside }) => inside === serves);
  if (hasOwn || shut.some(({ inside }) => inside === serves)) return [...rows, ...closed];
  const noDoor = container.hostNetwork
    ? { way: null, ...portInside(container, serves, say) }
    : plain(beside(say('map-port-no-door', { port: serves }), stageWords(container, say)), 'soft');
  return [...rows, ...closed, noDoor];
}

/** Ports that lead to this container, each with the addresses on which it is open. */
function doorsInto({ edges }: WorldMap, id: string): { port: string; inside: number; ips: string[] }[] {
  const doors = new Map<string, { port: string; inside: number; ips: string[] }>();
  for (const edge of edges) {
    if (edge.kind !== 'leads' || edge.to !== id) continue;
    const key = `${edge.from} ${edge.inside}`;
    const door = doors.get(key) ?? { port: edge.from, inside: edge.inside, ips: [] };
    doors.set(key, { ...door, ips: [...door.ips, edge.ip] });
  }
  return [...doors.values()];
}

function portInside(container: NodeOf<'container'>, inside: number, say: Say): Pick<Row, 'text' | 'tone'> {
  if (container.serves !== inside) return { text: String(inside), tone: 'plain' };
  const text = beside(String(inside), stageWords(container, say));
  return { text, tone: container.stage === 'ready' || container.stage === null ? 'plain' : 'bad' };
}

function beside(...texts: string[]): string {
  return texts.filter(Boolean).join(' · ');
}

function stageWords({ stage }: NodeOf<'container'>, say: Say): string {
  return stage === null ? '' : say(STAGES[stage]);
}

/** `*:6700 docker-proxy`: where it is open, and who listens there. */
function portLabel({ nodes }: WorldMap, port: string, ips: readonly string[], say: Say): string {
  const node = nodes.find((each): each is NodeOf<'port'> => each.id === port && each.kind === 'port');
  if (node === undefined) return '';
  const isAll = ips.some((ip) => ip === '0.0.0.0' || ip === '::');
  const at = isAll ? `*:${node.number}` : ips.map((ip) => addressWith(ip, node.number)).join(' ');
  return `${at} ${listenersOf(node, say)}`.trim();
}

function addressWith(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

export function listenersOf({ listeners }: NodeOf<'port'>, say: Say): string {
  if (listeners === null) return '';
  const names = listeners.map(({ process }) => process ?? say('somebody'));
  return [...new Set(names)].join(', ');
}

/** Tries and open connections that came through this port to this container. */
function waysThrough({ nodes, edges }: WorldMap, id: string, via: string | null, say: Say): Way[] {
  const coming = edges.filter(
    (edge): edge is Extract<MapEdge, { kind: 'reaches' }> =>
      edge.kind === 'reaches' && edge.to === id && edge.via === via,
  );
  return coming.flatMap(({ from }): Way[] => {
    const node = nodes.find((each) => each.id === from);
    if (node?.kind === 'try') return [tryWords(node, say, null)];
    if (node?.kind !== 'client' || via === null) return [];
    return [
      {
        kind: 'session',
        label: say('map-session', { who: node.application || '?' }),
        end: 'inside',
        tone: 'good',
      },
    ];
  });
}

/** Who is inside by another way than a port, and what else there is inside. */
function insideRows(map: WorldMap, container: NodeOf<'container'>, say: Say): Row[] {
  const clients = map.edges.flatMap((edge) => {
    const node = edge.kind === 'reaches' && edge.to === container.id && edge.via === null ? edge.from : null;
    const client = map.nodes.find(
      (each): each is NodeOf<'client'> => each.id === node && each.kind === 'client',
    );
    return client ? [plain(clientWords(client, say), 'good')] : [];
  });
  const tries = waysThrough(map, container.id, null, say).map(
    (way): Row => ({ way, text: '', tone: 'plain' }),
  );
  const socket = container.socket === true ? [plain(say('map-socket-inside'), 'soft')] : [];
  return [...tries, ...clients, ...socket];
}

function clientWords({ application, way, from }: NodeOf<'client'>, say: Say): string {
  return say(CLIENTS[way], { who: application || '?', from });
}

function networkRows({ nodes, edges }: WorldMap, { id, hostNetwork }: NodeOf<'container'>, say: Say): Row[] {
  if (hostNetwork) return [plain(say('map-host-network'), 'soft')];
  return edges.flatMap((edge) => {
    if (edge.kind !== 'joins' || edge.from !== id) return [];
    const network = nodes.find(
      (each): each is NodeOf<'network'> => each.id === edge.to && each.kind === 'network',
    );
    return network
      ? [plain(say('map-network', { name: network.name, address: edge.address ?? '' }).trim(), 'soft')]
      : [];
  });
}
