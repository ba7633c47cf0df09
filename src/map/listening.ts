/** Who listens on a port of the machine, and at which of its addresses. */
import type { MapEdge, NodeOf, WorldMap } from './map-schema.ts';
import type { Say } from './try-words.ts';

type Listeners = NonNullable<NodeOf<'port'>['listeners']>;

/** `*` is both `0.0.0.0` and `::`; `::` takes what comes by IPv4 too, where nobody else does. */
const EVERYWHERE = ['*', '0.0.0.0', '::'];
const EVERY_IPV6 = ['*', '::'];

/** `*:6700 docker-proxy`: where the port is open, and who listens there. */
export function portLabel(map: WorldMap, port: string, ips: readonly string[], say: Say): string {
  const node = map.nodes.find((each): each is NodeOf<'port'> => each.id === port && each.kind === 'port');
  if (node === undefined) return '';
  const isEverywhere = ['0.0.0.0', '::'].every((each) => ips.includes(each));
  const at = isEverywhere ? `*:${node.number}` : ips.map((ip) => addressWith(ip, node.number)).join(' ');
  const there = new Set(ips.flatMap((ip) => listeningAt(node.listeners ?? [], ip)));
  const listeners = node.listeners?.filter((each) => there.has(each)) ?? null;
  return `${at} ${listenersOf({ listeners }, say)}`.trim();
}

/** Those at whom what comes to this address arrives: who listens at that very address, else who does at all. */
export function listeningAt(listeners: Listeners, ip: string): Listeners {
  const all = ip.includes(':') ? EVERY_IPV6 : EVERYWHERE;
  const at = (wanted: readonly string[]) =>
    listeners.filter(({ addresses }) => addresses.some((each) => wanted.includes(each)));
  const found = [[ip], ...all.map((each) => [each])].map(at).find(({ length }) => length > 0) ?? [];
  return [...found, ...listeners.filter(({ addresses }) => addresses.length === 0)];
}

/** `[::1]:6723 python3`: who listens on a port of a container's at an address that does not lead there. */
export function besideDoors(
  { edges }: WorldMap,
  { id, number, listeners }: NodeOf<'port'>,
  say: Say,
): string[] {
  const doors = edges.filter(
    (edge): edge is Extract<MapEdge, { kind: 'leads' }> => edge.kind === 'leads' && edge.from === id,
  );
  const atDoors = new Set(doors.flatMap(({ ip }) => listeningAt(listeners ?? [], ip)));
  const others = (listeners ?? []).filter((each) => !atDoors.has(each));
  return others.map((each) => {
    const at = each.addresses.map((address) => addressWith(address, number)).join(' ');
    return `${at} ${listenersOf({ listeners: [each] }, say)}`;
  });
}

function addressWith(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

export function listenersOf({ listeners }: Pick<NodeOf<'port'>, 'listeners'>, say: Say): string {
  if (listeners === null) return '';
  const names = listeners.map(({ process }) => process ?? say('somebody'));
  return [...new Set(names)].join(', ');
}
