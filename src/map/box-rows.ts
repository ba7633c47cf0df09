/** The lines of a container's box, each with what leads to it. */
import type { MessageKey } from '../content-keys.ts';
import { portLabel } from './listening.ts';
import type { MapNode, NodeOf, WorldMap } from './map-schema.ts';
import { type Say, type Tone, tryWords, type Way } from './try-words.ts';

/** A line of a box, with what leads to it from the left. */
export interface Row {
  way: Way | null;
  text: string;
  tone: Tone;
}

/** `brief`: what it is, and who gets in. `past`: it has ended; that no door leads to it says nothing then, nor does its network. */
export type Extent = 'whole' | 'brief' | 'past';

/** `now`: a time of another day is told with its day. */
interface Telling {
  say: Say;
  now: Date;
}

export function rowsOf(
  map: WorldMap,
  container: NodeOf<'container'>,
  { say, now }: Telling,
  extent: Extent,
): Row[] {
  return [
    idRow(container),
    ...stateRow(container, { say, now }, extent === 'brief'),
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
function stateRow(
  { state, since, exitCode }: NodeOf<'container'>,
  { say, now }: Telling,
  brief: boolean,
): Row[] {
  if (brief && state === 'running') return [];
  const key = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  const isCodeUnknown = state === 'exited' && exitCode === null;
  const what = isCodeUnknown
    ? say('map-state-ended')
    : say(key ?? 'map-state-dead', { exitCode: exitCode ?? '' });
  const tone = state === 'running' ? 'plain' : 'bad';
  const timed = Object.hasOwn(TIMES, state) ? TIMES[state] : undefined;
  const isTimed = since !== null && timed !== undefined;
  return [plain(isTimed ? say(timed, { what, at: clock(since, now) }) : what, tone)];
}

/** What the time that is known says of each state. Since when it was never started says nothing. */
const TIMES: Readonly<Record<string, MessageKey>> = {
  running: 'map-since',
  paused: 'map-started-at',
  restarting: 'map-started-at',
  exited: 'map-ended-at',
};

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
  ending: 'map-stage-ending',
} as const;

const CLIENTS = {
  port: 'map-session',
  socket: 'map-client-socket',
  loopback: 'map-client-loopback',
  'own-address': 'map-client-own-address',
  sibling: 'map-client-sibling',
} as const;

/** By this machine's clock. */
function clock(since: string, now: Date): string {
  const at = new Date(since);
  if (Number.isNaN(at.getTime())) return '?';
  const two = (part: number) => String(part).padStart(2, '0');
  const day = (of: Date) => `${of.getFullYear()}-${two(of.getMonth() + 1)}-${two(of.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return day(at) === day(now) ? time : `${day(at)} ${time}`;
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
  const host = networkHost(map, id);
  const isByIts = host !== null && doorsInto(map, host.id).some(({ inside }) => inside === serves);
  const noDoor =
    container.hostNetwork || host?.hostNetwork || isByIts
      ? { way: null, ...portInside(container, serves, say) }
      : plain(beside(say('map-port-no-door', { port: serves }), stageWords(container, say)), 'soft');
  return [...rows, ...closed, noDoor];
}

/** The container whose network this one shares; null: it has its own. */
function networkHost({ nodes, edges }: WorldMap, id: string): NodeOf<'container'> | null {
  const hosts = edges.flatMap((edge) => (edge.kind === 'joins' && edge.from === id ? edge.to : []));
  return (
    nodes.find((node): node is NodeOf<'container'> => node.kind === 'container' && hosts.includes(node.id)) ??
    null
  );
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

/** Tries and open connections that came through this port to this container. */
function waysThrough(map: WorldMap, id: string, via: string, say: Say): Way[] {
  return comingBy(map, id, via).flatMap((node): Way[] => {
    if (node.kind === 'try') return [tryWords(node, say, null)];
    if (node.kind !== 'client') return [];
    const label = say('map-session', { who: node.application || '?' });
    return [{ kind: 'session', label, end: 'inside', tone: 'good' }];
  });
}

/** What came to this container; `via` null: through no port, or none that is known. */
function comingBy({ nodes, edges }: WorldMap, id: string, via: string | null): MapNode[] {
  return edges.flatMap((edge) =>
    edge.kind === 'reaches' && edge.to === id && edge.via === via
      ? nodes.filter((node) => node.id === edge.from)
      : [],
  );
}

/** Who is inside by another way than a port, and what else there is inside. */
function insideRows(map: WorldMap, container: NodeOf<'container'>, say: Say): Row[] {
  const coming = comingBy(map, container.id, null);
  const clients = coming.flatMap((node) =>
    node.kind === 'client' ? plain(clientWords(node, say), 'good') : [],
  );
  const tries = coming.flatMap((node): Row[] => {
    if (node.kind !== 'try') return [];
    const way = tryWords(node, say, null);
    // A line from the machine would say that they came from there.
    return [node.way === null ? plain(way.label, way.tone) : { way, text: '', tone: 'plain' }];
  });
  const socket = container.socket === true ? [plain(say('map-socket-inside'), 'soft')] : [];
  return [...tries, ...clients, ...socket];
}

function clientWords({ application, way, from }: NodeOf<'client'>, say: Say): string {
  return say(CLIENTS[way], { who: application || '?', from });
}

function networkRows(map: WorldMap, { id, hostNetwork }: NodeOf<'container'>, say: Say): Row[] {
  if (hostNetwork) return [plain(say('map-host-network'), 'soft')];
  const host = networkHost(map, id);
  if (host !== null) return [plain(say('map-network-shared', { name: host.name }), 'soft')];
  return map.edges.flatMap((edge) => {
    if (edge.kind !== 'joins' || edge.from !== id) return [];
    const network = map.nodes.find(
      (each): each is NodeOf<'network'> => each.id === edge.to && each.kind === 'network',
    );
    if (network === undefined) return [];
    const { name } = network;
    const words =
      name === 'none' ? say('map-network-none') : say('map-network', { name, address: edge.address ?? '' });
    return [plain(words.trim(), 'soft')];
  });
}
