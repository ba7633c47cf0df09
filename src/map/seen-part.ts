/** The part of a map that a step is about, as the journal has kept it: no engine is asked. */
import type { JournalEvent, Judged } from '../journal/events.ts';
import type { Lab, Step } from '../lab/model.ts';
import type { Picture, PictureOfContainer } from '../world/picture.ts';
import { triesMade } from '../world/tries-made.ts';
import type { WorldMap } from './map-schema.ts';
import { projectionOf } from './projection.ts';

type Seen = Extract<JournalEvent, { type: 'seen' }>;

/** Docker makes up 64 hex digits where nobody gave a name. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

/** The engine to which the run was bound; null: none yet. */
type Pin = Pick<Extract<JournalEvent, { type: 'engine-pinned' }>, 'engine' | 'local'> | null;

interface Part {
  /** Names of the world that it is about. */
  names: readonly string[];
  /** The port on which the lab's service listens inside; null: it has none. */
  serves: number | null;
  pin: Pin;
  /** Ids of what the learner made. */
  theirs: ReadonlySet<string>;
}

/** What was seen at a step's end, and its verdicts; `theirs`: ids of what the learner made. */
interface AtEnd {
  seen: Seen | null;
  judged: Iterable<Judged>;
  theirs: Part['theirs'];
  pin: Pin;
}

/** The part that a step changed; null where it is about none, or nothing was seen. */
export function mapOfPart(
  { settings }: Pick<Lab, 'settings'>,
  { draws = [] }: Pick<Step, 'draws'>,
  { seen, judged, theirs, pin }: AtEnd,
): WorldMap | null {
  if (draws.length === 0 || seen === null) return null;
  return projectionOf(
    pictureOfPart(seen, judged, { names: draws, serves: settings.service?.port ?? null, theirs, pin }),
  );
}

/**
 * The picture at a step's end, of these names alone. `judged`: the step's verdicts, in which stands what its tries came
 * to.
 */
function pictureOfPart(seen: Seen, judged: Iterable<Judged>, part: Part): Picture {
  const { names, theirs } = part;
  const isMeant = (world: string | null): world is string => world !== null && names.includes(world);
  const there = names.flatMap((name) => seen.containers.filter(({ world }) => world === name));
  const volumes = seen.volumes.filter(({ world, users }) => isMeant(world) || users.some(isMeant));
  const listened = there.flatMap(({ ports }) => ports);
  const isThere = (container: string | null) =>
    container === null || there.some(({ id }) => id === container);
  return {
    place: placeOf(part.pin),
    ports: listened.map(({ host, listener }) => ({
      number: host,
      listeners: listener === null ? null : [{ process: listener, addresses: [] }],
    })),
    sockets: seen.sockets.filter(({ path }) => listened.some(({ host }) => path.endsWith(`.${host}`))),
    containers: there.map((each) => containerOf(each, volumes, part)),
    volumes: volumes.map(({ name, world, users }) => ({
      ...{ name, anonymous: ANONYMOUS.test(name), owned: ownerOf(name, theirs) },
      ...{ world, left: users.length === 0 },
    })),
    tries: triesMade(seen, judged).filter(({ container }) => isThere(container)),
    others: { containers: 0, volumes: 0, networks: 0 },
  };
}

/** Journals of before do not tell where it was: then it was here, as it is with nearly all. */
function placeOf(pin: Pin): Picture['place'] {
  if (pin?.local !== false) return { is: 'here', host: '' };
  const { endpoint } = pin.engine;
  return { is: 'elsewhere', host: URL.canParse(endpoint) ? new URL(endpoint).hostname : '' };
}

function ownerOf(id: string, theirs: Part['theirs']): 'run' | 'learner' {
  return theirs.has(id) ? 'learner' : 'run';
}

function containerOf(
  { id, name, world, image, state, ports }: Seen['containers'][number],
  volumes: Seen['volumes'],
  { serves, theirs }: Part,
): PictureOfContainer {
  const mounted = volumes.filter(({ users }) => world !== null && users.includes(world));
  return {
    ...{
      id,
      name,
      world,
      owned: ownerOf(id, theirs),
      image,
      major: null,
      state,
      since: null,
      exitCode: null,
      serves,
    },
    doors: ports.map(({ container, host, ip }) => ({ inside: container, protocol: 'tcp', host, ip })),
    ...{ stage: null, socket: null, onHostNetwork: false, inNetworkOf: null, networks: [], clients: [] },
    mounts: mounted.map((volume) => ({ type: 'volume', source: volume.name, target: '' })),
  };
}
