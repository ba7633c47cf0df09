/** The one projection: from the picture of a world to what stands on its map, and who leads where. */
import type { Picture, PictureOfContainer, PictureOfTry } from '../world/picture.ts';
import { listeningAt } from './listening.ts';
import type { MapEdge, MapNode, NodeOf, WorldMap } from './map-schema.ts';

/** Where pglab tries a port of this machine. */
const LOOPBACK = '127.0.0.1';

const idOf = {
  port: (number: number) => `port:${number}`,
  socket: (path: string) => `socket:${path}`,
  container: (short: string) => `container:${short}`,
  network: (name: string) => `network:${name}`,
  volume: (name: string) => `volume:${name}`,
  folder: (path: string) => `folder:${path}`,
};

/**
 * Pure: the same world is the same map, in whichever order it was listed, and what is older stands first.
 *
 *     const { nodes, edges } = projectionOf(await survey(…));
 *     edges.filter(({ kind }) => kind === 'leads'); // [{ from: 'port:6700', to: 'container:3ac6e6a43546', inside: 5432, … }]
 */
export function projectionOf(listed: Picture): WorldMap {
  const picture = inOrder(listed);
  const { place, sockets, containers, volumes, tries, others } = picture;
  const named = containers.flatMap(({ networks }) => networks.map(({ name }) => name));
  const folders = containers.flatMap(({ mounts }) =>
    mounts.flatMap((each) => (isFolder(each) ? each.source : [])),
  );
  const clients = containers.flatMap((each) => clientsOf(each));
  const tried = tries
    .filter((each) => isAsItStands(each, picture))
    .map((each, at) => ({ ...each, id: `try:${at + 1}` }));
  const nodes: MapNode[] = [
    { id: 'machine', kind: 'machine', place: place.is, host: place.host },
    ...allPorts(picture).map((port) => ({ id: idOf.port(port.number), kind: 'port' as const, ...port })),
    ...sockets.map((socket) => ({ id: idOf.socket(socket.path), kind: 'socket' as const, ...socket })),
    ...containers.map(containerNode),
    ...[...new Set(named)].map((name) => ({ id: idOf.network(name), kind: 'network' as const, name })),
    ...volumes.map((volume) => ({ id: idOf.volume(volume.name), kind: 'volume' as const, ...volume })),
    ...[...new Set(folders)].map((path) => ({ id: idOf.folder(path), kind: 'folder' as const, path })),
    ...tried.map(({ id, what, by, way, end, cause, line }) => ({
      ...{ id, kind: 'try' as const, what, by, way, end, cause, line },
    })),
    ...clients.map(({ node }) => node),
    { id: 'others', kind: 'others', ...others },
  ];
  const there = new Set(nodes.map(({ id }) => id));
  const edges = [
    ...containers.flatMap(edgesOf),
    ...tried.flatMap((each) => edgeOfTry(each, picture)),
    ...clients.map(({ edge }) => edge),
  ].filter(({ from, to }) => there.has(from) && there.has(to));
  return { nodes, edges };
}

/** Also those that only a container or a try tells of: nobody could look at them. */
function allPorts({ ports, containers, tries }: Picture): Picture['ports'] {
  const known = new Set(ports.map(({ number }) => number));
  const told = [
    ...containers.flatMap(({ doors }) => doors.flatMap(({ host }) => host ?? [])),
    ...tries.flatMap(({ way, port }) => (way === 'port' && port !== null ? [port] : [])),
  ];
  const others = [...new Set(told)].filter((number) => !known.has(number));
  return [...ports, ...others.map((number) => ({ number, listeners: null }))];
}

function containerNode(container: PictureOfContainer): NodeOf<'container'> {
  const { id, name, world, owned, image, major, state, since, exitCode, serves, stage, socket, doors } =
    container;
  const isAlsoTcp = (port: number) =>
    doors.some(({ inside, protocol }) => protocol === 'tcp' && inside === port);
  return {
    ...{ id: idOf.container(id), kind: 'container', short: id, name, world, owned, image, major },
    ...{ state, since, exitCode, serves, stage, socket, hostNetwork: container.onHostNetwork },
    shut: doors.flatMap(({ host, inside, protocol }) =>
      host === null && (protocol === 'tcp' || !isAlsoTcp(inside)) ? [{ inside, protocol }] : [],
    ),
  };
}

/** An engine lists mounts, networks and volumes in another order each time, and the kernel who listens. */
function inOrder(picture: Picture): Picture {
  const ports = picture.ports.map((port) => ({
    ...port,
    listeners:
      port.listeners &&
      sorted(
        port.listeners.map((each) => ({ ...each, addresses: each.addresses.toSorted() })),
        ({ addresses, process }) => [...addresses, process],
      ),
  }));
  const containers = picture.containers.map((each) => ({
    ...each,
    doors: sorted(each.doors, ({ inside, protocol, host, ip }) => [inside, protocol, host, ip]),
    networks: sorted(each.networks, ({ name }) => [name]),
    mounts: sorted(each.mounts, ({ target }) => [target]),
  }));
  return { ...picture, ports, containers, volumes: sorted(picture.volumes, ({ name }) => [name]) };
}

/** By these words and numbers, the first of them before the second. */
function sorted<T>(all: readonly T[], by: (each: T) => (string | number | null)[]): T[] {
  const keyOf = (each: T) =>
    by(each)
      .map((part) => (typeof part === 'number' ? String(part).padStart(5, '0') : (part ?? '')))
      .join('\0');
  return all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function isFolder({ type }: PictureOfContainer['mounts'][number]): boolean {
  return type === 'bind';
}

function edgesOf({ id, doors, networks, inNetworkOf, mounts }: PictureOfContainer): MapEdge[] {
  const own = idOf.container(id);
  return [
    ...doors.flatMap(({ inside, host, ip }) =>
      host === null ? [] : [{ from: idOf.port(host), to: own, kind: 'leads' as const, inside, ip }],
    ),
    ...networks.map(({ name, address }) => ({
      ...{ from: own, to: idOf.network(name), kind: 'joins' as const, address },
    })),
    ...(inNetworkOf === null
      ? []
      : [{ from: own, to: idOf.container(inNetworkOf), kind: 'joins' as const, address: null }]),
    ...mounts.map((mount) => ({
      from: own,
      to: isFolder(mount) ? idOf.folder(mount.source) : idOf.volume(mount.source),
      ...{ kind: 'mounts' as const, target: mount.target },
    })),
  ];
}

function clientsOf({ id, clients, doors, serves }: PictureOfContainer) {
  const open = new Set(
    doors.flatMap(({ inside, host }) => (inside === serves && host !== null ? [host] : [])),
  );
  // Through which of several doors a connection came, the server does not know.
  const door = open.size === 1 ? ([...open][0] as number) : null;
  return clients.map(({ application, way, from }, at) => {
    const own = `client:${id}:${at + 1}`;
    const via = way === 'port' && door !== null ? idOf.port(door) : null;
    return {
      node: { id: own, kind: 'client' as const, application, way, from },
      edge: { from: own, to: idOf.container(id), kind: 'reaches' as const, via },
    };
  });
}

/** What a try came to in a container that does not run any more is past, and that nobody was there where somebody is. */
function isAsItStands(
  { end, container, port }: PictureOfTry,
  { containers, ports, sockets }: Picture,
): boolean {
  if (end === 'no-listener')
    return !ports.some(
      ({ number, listeners }) => number === port && listeningAt(listeners ?? [], LOOPBACK).length > 0,
    );
  if (end === 'no-file') return !sockets.some(({ path, there }) => there && path.endsWith(`.${port}`));
  const there = containers.find(({ id }) => id === container);
  return end.startsWith('no-') || there === undefined || there.state === 'running';
}

/** To where it ended: a port that nobody listens on, a socket file, or the container that it came to. */
function edgeOfTry(
  { id, way, end, port, container }: PictureOfTry & { id: string },
  { sockets }: Picture,
): MapEdge[] {
  const reaches = (to: string, via: string | null = null) => [
    { from: id, to, kind: 'reaches' as const, via },
  ];
  if (way === 'socket') {
    const file = sockets.find(({ path }) => path.endsWith(`.${port}`));
    return file === undefined ? [] : reaches(idOf.socket(file.path));
  }
  const isStopped = end === 'no-listener' || end === 'no-way';
  const via = way === 'port' && port !== null ? idOf.port(port) : null;
  if (container !== null && !isStopped) return reaches(idOf.container(container), via);
  return via === null ? [] : reaches(via);
}
