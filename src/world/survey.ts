/**
 * Takes the picture of a world: three questions to the engine for all of it, and one more, with a part of the log, for
 * each container that is of interest. Of others it is told how many there are, and by name only who is in the way.
 */
import type { Container, Engine, ListedContainer } from '../engine/types.ts';
import { listeners } from '../host.ts';
import type { Standing } from '../journal/standing.ts';
import type { Client } from '../lab/look.ts';
import type { Step } from '../lab/model.ts';
import type { Service } from '../lab/service.ts';
import { LABEL } from '../names.ts';
import { shortId } from '../values.ts';
import { type Drawn, drawnOf, rankingOf, USUAL_NETWORKS } from './drawn-containers.ts';
import type { Owned, Picture, PictureOfContainer, PictureOfPort, PictureOfTry } from './picture.ts';
import { lastOfEach, triesOfStep } from './tries-made.ts';
import type { Owner } from './world.ts';

export interface Surveyed {
  engine: Engine;
  /** Null: there is no run yet, and nothing of one. */
  owner: Owner | null;
  standing: Standing;
  steps: readonly Pick<Step, 'id' | 'checks'>[];
  service: Service | undefined;
  place: Picture['place'];
  /** Who has a connection to this server open; asked only of servers that are the run's or adopted. */
  clientsOf: (container: Container) => Promise<Client[]>;
  /** Ids of containers that the learner says are theirs. */
  said?: ReadonlySet<string>;
}

export async function survey(surveyed: Surveyed): Promise<Picture> {
  const { engine, owner, place, service } = surveyed;
  const [all, ours, volumes, networks] = await Promise.all([
    engine.listed(),
    owner === null ? [] : engine.listed({ [LABEL.run]: owner.run, [LABEL.home]: owner.home }),
    engine.volumes(),
    engine.networks({}),
  ]);
  const shown = drawnOf(all, rankingOf(surveyed, ours), wantedPorts(surveyed));
  // What goes by a name is ours where we made one: as the snapshot has it.
  const byOurs = new Set(ours.map(({ labels }) => labels[LABEL.name]));
  const containers = (await Promise.all(shown.map((each) => lookAt(surveyed, each, byOurs)))).filter(
    (each) => each !== null,
  );
  const tries = triesOf(surveyed, containers);
  const pictures = containers.map(({ picture }) => picture);
  const ports = place.is === 'here' ? await portsOf(surveyed, pictures, tries) : [];
  const shownNetworks = new Set(pictures.flatMap((each) => each.networks.map(({ name }) => name)));
  const ofVolumes = volumesOf(surveyed, volumes, all, pictures);
  return {
    place,
    ports,
    sockets:
      place.is === 'here' ? (service?.client.socketFiles(ports.map(({ number }) => number)) ?? []) : [],
    containers: pictures,
    volumes: ofVolumes,
    tries,
    others: {
      containers: all.length - pictures.length,
      volumes: volumes.length - ofVolumes.length,
      networks: networks.filter(({ name }) => !USUAL_NETWORKS.test(name) && !shownNetworks.has(name)).length,
    },
  };
}

/** The service's own port, and those that the lab has chosen. */
function wantedPorts({ service, standing }: Surveyed): number[] {
  const chosen = [...standing.ports.values()].map(({ value }) => value);
  return [...new Set([...(service ? [service.port] : []), ...chosen])];
}

interface Looked {
  picture: PictureOfContainer;
  /** Who was sent away last. */
  refused: PictureOfTry[];
}

async function lookAt(
  surveyed: Surveyed,
  { listed, owned, isAsked }: Drawn,
  byOurs: ReadonlySet<string | undefined>,
): Promise<Looked | null> {
  const { engine, service } = surveyed;
  const container = await engine.container(listed.id);
  // It has gone since it was listed.
  if (container === null) return null;
  const major = service?.container.majorOf(container.env) ?? null;
  const isUp = container.status === 'running';
  const mayAsk = isUp && owned !== 'other' && major !== null;
  const log = mayAsk ? await engine.logs(container.id, { since: container.startedAt }) : '';
  const stage = service?.log.stage(log) ?? null;
  const away = service?.log.turnedAway(log) ?? null;
  const { world, adoptedAs } = namesIn(surveyed, container, byOurs);
  const picture: PictureOfContainer = {
    ...{ id: shortId(container.id), name: container.name, world: owned === 'run' ? world : adoptedAs },
    ...{ owned, image: listed.imageRef, major, state: container.status, since: sinceOf(container) },
    exitCode: /^(exited|dead)$/.test(container.status) ? container.exitCode : null,
    doors: doorsOf(container),
    // A port of its own (`postgres -p 5544`) is not the one that its doors lead to.
    serves: major === null ? null : (service?.log.listensOn(log) ?? service?.port ?? null),
    ...{ stage, socket: stage === null ? null : stage === 'ready' || stage === 'temporary' },
    onHostNetwork: container.onHostNetwork,
    inNetworkOf: container.inNetworkOf && shortId(container.inNetworkOf),
    networks: container.networks.map((name) => ({
      name,
      address: container.places.find(({ network }) => network === name)?.address ?? null,
    })),
    mounts: container.mounts,
    clients: isAsked && /^(ready|temporary)$/.test(stage ?? '') ? await surveyed.clientsOf(container) : [],
  };
  const refused = away === null ? [] : [refusedTry(picture.id, away)];
  return { picture, refused };
}

function namesIn({ standing }: Surveyed, { id, labels }: Container, byOurs: ReadonlySet<string | undefined>) {
  const adoptedAs =
    [...standing.things.adoptions()].find(([name, adopted]) => adopted === id && !byOurs.has(name))?.[0] ??
    null;
  return { world: labels[LABEL.name] || null, adoptedAs };
}

function sinceOf({ status, startedAt, finishedAt, created }: Container): string | null {
  if (status === 'created') return created;
  const at = /^(exited|dead)$/.test(status) ? finishedAt : startedAt;
  return at === '' || at.startsWith('0001') ? null : at;
}

/** What is published now; of one that does not run, what it will publish again. */
function doorsOf({ status, bindings, requested, udp }: Container): PictureOfContainer['doors'] {
  const isUp = status === 'running' || status === 'paused';
  const doors = isUp ? bindings : requested.map((each) => ({ ...each, hostPort: null }));
  return [
    ...doors.map(({ containerPort, hostPort, hostIp }) => ({
      ...{ inside: containerPort, protocol: 'tcp' as const, host: hostPort, ip: hostIp },
    })),
    ...udp.map((inside) => ({ inside, protocol: 'udp' as const, host: null, ip: '' })),
  ];
}

/** A server's log tells whom it refused, and not from where they came. */
function refusedTry(
  container: string,
  { user, cause, line }: { user: string; cause: string; line: number | null },
): PictureOfTry {
  return { what: user, by: 'learner', way: null, end: 'refused', port: null, container, cause, line };
}

/** Those that stopped on the machine, and those at what is still there, and was not started anew since. */
function triesOf({ standing, steps, place }: Surveyed, looked: readonly Looked[]): PictureOfTry[] {
  const pictures = looked.map(({ picture }) => picture);
  const now = pictures.map(({ id, world, doors }) => ({
    ...{ id, world, ports: doors.flatMap(({ host }) => (host === null ? [] : [{ host }])) },
  }));
  const told = steps.flatMap((step) => triesOfStep(step, standing.step(step.id), now));
  const current = lastOfEach(told).filter(({ tried: { container, end }, at }) => {
    const isOnMachine = end.startsWith('no-');
    if (container === null) return isOnMachine;
    const there = pictures.find(({ id }) => id === container);
    if (there === undefined || isOnMachine) return there !== undefined;
    // The clock of an engine elsewhere is not ours.
    return place.is === 'elsewhere' || there.since === null || Date.parse(at) >= Date.parse(there.since);
  });
  return [...current.map(({ tried }) => tried), ...looked.flatMap(({ refused }) => refused)];
}

async function portsOf(
  surveyed: Surveyed,
  containers: readonly PictureOfContainer[],
  tries: readonly PictureOfTry[],
): Promise<PictureOfPort[]> {
  const doors = containers.flatMap((each) => each.doors.flatMap(({ host }) => host ?? []));
  const tried = tries.flatMap(({ port }) => port ?? []);
  const numbers = [...new Set([...wantedPorts(surveyed), ...doors, ...tried])].sort((a, b) => a - b);
  const ports = await Promise.all(
    numbers.map(async (number) => ({
      number,
      listeners: (await listeners(number)).map(({ process, addresses }) => ({ process, addresses })),
    })),
  );
  // A port that was only chosen so far is of interest where somebody else has it.
  const isOf = (number: number) => [surveyed.service?.port, ...doors, ...tried].includes(number);
  return ports.filter((port) => isOf(port.number) || port.listeners.length > 0);
}

/** Volumes of the containers that are shown, and those of the run's and the learner's that no container has. */
function volumesOf(
  { owner, standing }: Surveyed,
  volumes: Awaited<ReturnType<Engine['volumes']>>,
  all: readonly ListedContainer[],
  shown: readonly PictureOfContainer[],
): Picture['volumes'] {
  const mounted = new Set(all.flatMap(({ mounts }) => mounts.map(({ source }) => source)));
  const onMap = new Set(shown.flatMap(({ mounts }) => mounts.map(({ source }) => source)));
  const told = new Map(
    standing.things.all.flatMap(({ kind, name, volume, type }) =>
      volume === null ? [] : [[volume, { world: name, type, isNamed: kind === 'volume' }] as const],
    ),
  );
  return volumes.flatMap(({ name, labels, anonymous }) => {
    const journaled = told.get(name);
    const isOurs =
      (owner !== null && labels[LABEL.run] === owner.run && labels[LABEL.home] === owner.home) ||
      journaled?.type === 'made';
    const isLearners =
      journaled?.type === 'adopted' || (!(LABEL.run in labels) && standing.isMadeInRun('volume', name));
    const owned: Owned = isOurs ? 'run' : isLearners ? 'learner' : 'other';
    const left = !mounted.has(name);
    if (!onMap.has(name) && (owned === 'other' || !left)) return [];
    return [{ name, anonymous, owned, world: labels[LABEL.name] || (journaled?.world ?? null), left }];
  });
}
