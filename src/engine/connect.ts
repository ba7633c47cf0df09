/** The only importer of dockerode: the Docker API, looked at through plain data. */
import { createWriteStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Docker from 'dockerode';
import { isAnonymous } from '../lab/volumes.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { absentIsNull, failAtBreaks, gone, guarded, statusOf, unreachable } from './answers.ts';
import { exec, withoutOwn } from './exec.ts';
import { toContainer, toImage } from './normalise.ts';
import { followPull } from './pull.ts';
import { demultiplexed, endWith, eventsOf, logLines } from './streams.ts';
import type { Container, Endpoint, Engine, EngineEvent, EngineInfo, LabelFilter } from './types.ts';

failAtBreaks();

/** The newest API this was written against, and the oldest it can do with. */
const NEWEST_API = '1.47';
const OLDEST_API = '1.41';
const PING_TIMEOUT_MS = 10_000;
/** What the engine remembers it tells at once. */
const HISTORY_WITHIN_MS = 5_000;

/** Connects and negotiates the API version. Trouble `engine-unreachable` where nobody answers. */
export async function connectEngine(endpoint: Endpoint): Promise<Engine> {
  const { version, info } = await introduction(endpoint).catch((cause) => {
    throw unreachable(endpoint, cause);
  });
  const apiVersion = olderOf(NEWEST_API, version.ApiVersion);
  if (olderOf(apiVersion, OLDEST_API) !== OLDEST_API) {
    throw new Trouble('engine-too-old', { version: version.Version, api: version.ApiVersion });
  }
  const minimum = (version as { MinAPIVersion?: string }).MinAPIVersion;
  if (minimum && olderOf(minimum, apiVersion) !== minimum) {
    throw new Trouble('engine-too-new', { version: version.Version, api: minimum });
  }
  const docker = new Docker({ ...dockerOptions(endpoint), version: `v${apiVersion}` });
  return engineOver(docker, endpoint, info.DockerRootDir ?? '', {
    name: version.Platform?.Name || 'Docker Engine',
    // Podman makes up a new id at each question.
    id: /podman/i.test(JSON.stringify(version.Components ?? '')) ? `podman:${info.Name}` : info.ID,
    version: version.Version,
    apiVersion,
    endpoint: endpoint.url,
    builtIn: endpoint.builtIn ?? endpoint.from === 'built-in',
  });
}

async function introduction(endpoint: Endpoint) {
  const docker = new Docker({ ...dockerOptions(endpoint), timeout: PING_TIMEOUT_MS });
  const [version, info] = await Promise.all([docker.version(), docker.info()]);
  if (!version?.ApiVersion || !info?.ID) throw new Error('what answers is no Docker engine');
  return { version, info };
}

function engineOver(docker: Docker, endpoint: Endpoint, root: string, info: EngineInfo): Engine {
  const guard = <T>(work: Promise<T>, withinMs?: number) => guarded(endpoint, work, withinMs);
  const inspect = (id: string) => guard(absentIsNull(docker.getContainer(id).inspect().then(toContainer)));
  const inspectAll = async (listed: { Id: string }[]) =>
    (await Promise.all(listed.map(({ Id }) => inspect(Id)))).filter((container) => container !== null);
  const labelsOfImage = new Map<string, Promise<Record<string, string>>>();
  /**
   * Whether all labels of ours came with its image: `docker commit` gives a container's to an image, and so
   * to all that is made from that. They say nothing of who made this one.
   */
  const isInherited = async ({ ImageID, Labels }: Docker.ContainerInfo): Promise<boolean> => {
    const ours = Object.entries(Labels ?? {}).filter(([key]) => key.startsWith('pglab.'));
    const inspected = () => guard(absentIsNull(docker.getImage(ImageID).inspect()));
    const known = labelsOfImage.get(ImageID) ?? inspected().then((image) => image?.Config?.Labels ?? {});
    labelsOfImage.set(ImageID, known);
    const inherited = await known;
    return ours.length > 0 && ours.every(([key, value]) => inherited[key] === value);
  };
  const listed = async (labels: LabelFilter) => {
    const found = await guard(docker.listContainers({ all: true, filters: asFilter(labels) }));
    if (Object.keys(labels).length === 0) return found;
    const inherited = await Promise.all(found.map(isInherited));
    return found.filter((_, at) => !inherited[at]);
  };
  /** What the engine remembers of a container, until its last start. */
  const history = async ({ id, created, startedAt }: Container): Promise<EngineEvent[]> => {
    // Never started: the engine would take year 1 for no end at all, and go on telling.
    if (Date.parse(startedAt) <= 0) return [];
    const filters = JSON.stringify({ type: ['container'], container: [id] });
    // The types know numbers only; the API also takes fractions of a second.
    const window = { since: stamp(created), until: stamp(startedAt), filters } as object;
    // The engine's clock was set back since: it knows of nothing between.
    if (Date.parse(startedAt) < Date.parse(created)) return [];
    const stream = (await guard(docker.getEvents(window))) as Readable;
    // Or its start lies ahead of that clock, and the engine would go on telling until then.
    endWith(stream, AbortSignal.timeout(HISTORY_WITHIN_MS));
    const events: EngineEvent[] = [];
    for await (const event of eventsOf(stream)) events.push(event);
    return events;
  };
  /** Execs of ours: whoever waits for a change must not be woken by their own looking. */
  const ownExecs = new Set<string>();
  return {
    info,
    root,
    endpoint,
    container: inspect,
    containers: async (labels = {}) => inspectAll(await listed(labels)),
    async listed(labels) {
      return (await listed(labels)).map((each) => ({
        id: each.Id,
        name: nameOf(each),
        labels: each.Labels ?? {},
      }));
    },
    async publishers(kept = () => false) {
      const all = await guard(docker.listContainers({ all: true }));
      const isUp = ({ State }: { State: string }) => /^(running|paused)$/.test(State);
      const stopped = await inspectAll(all.filter((each) => !isUp(each) && kept(each.Labels ?? {})));
      return [
        ...all.filter(isUp).map(({ Names, Labels, Ports }) => ({
          name: nameOf({ Names }),
          labels: Labels ?? {},
          hostPorts: Ports.flatMap(({ PublicPort }) => PublicPort ?? []),
        })),
        ...stopped.map(({ name, labels, requested }) => ({
          name,
          labels,
          hostPorts: requested.map(({ hostPort }) => hostPort),
        })),
      ];
    },
    async containersWithout(label) {
      const found = await guard(docker.listContainers({ all: true }));
      return inspectAll(found.filter(({ Labels }) => !(label in (Labels ?? {}))));
    },
    async wasAttached(container) {
      const actions = (await history(container)).map(({ action }) => action);
      return actions.includes('create') ? actions.includes('attach') : null;
    },
    async lastExit(container) {
      const death = (await history(container)).findLast(({ action }) => action === 'die');
      return death ? Number(death.attributes.exitCode) : null;
    },
    image: (ref) => guard(absentIsNull(docker.getImage(ref).inspect().then(toImage))),
    async images() {
      const listed = await guard(docker.listImages());
      const found = await Promise.all(
        listed.map(({ Id }) => guard(absentIsNull(docker.getImage(Id).inspect().then(toImage)))),
      );
      return found.filter((image) => image !== null);
    },
    async volumes(labels = {}) {
      const { Volumes } = await guard(docker.listVolumes({ filters: asFilter(labels) as never }));
      return (Volumes ?? []).map((volume) => ({
        name: volume.Name,
        labels: volume.Labels ?? {},
        anonymous: isAnonymous(volume.Name),
        createdAt: (volume as { CreatedAt?: string }).CreatedAt ?? '',
      }));
    },
    async networks(labels) {
      const found = await guard(docker.listNetworks({ filters: asFilter(labels) as never }));
      return found.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels ?? {} }));
    },
    async sizes() {
      const { Containers = [], Volumes = [] } = (await guard(docker.df(), Infinity)) as DiskUsage;
      return new Map([
        ...(Containers ?? []).map(({ Id, SizeRw = 0 }) => [Id, SizeRw] as const),
        ...(Volumes ?? []).map(({ Name, UsageData }) => [Name, UsageData?.Size ?? 0] as const),
      ]);
    },
    async usersOf(volume) {
      const filters = JSON.stringify({ volume: [volume] });
      return (await guard(docker.listContainers({ all: true, filters }))).map(({ Id }) => Id);
    },
    exec: (id, command, env = {}) => guard(exec(docker, id, command, env, ownExecs)),
    async *logLines(id, signal) {
      const raw = await guard(
        absentIsNull(docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true })),
      );
      if (raw) yield* logLines(docker, raw as unknown as Readable, signal);
    },
    async logs(id) {
      const raw = await guard(absentIsNull(docker.getContainer(id).logs({ stdout: true, stderr: true })));
      return raw === null ? '' : demultiplexed(raw as unknown as Buffer);
    },
    async events(signal) {
      const filters = JSON.stringify({ type: ['container', 'volume', 'image'] });
      const stream = (await guard(docker.getEvents({ filters }))) as Readable;
      endWith(stream, signal);
      return withoutOwn(eventsOf(stream), ownExecs);
    },
    async pull(ref, onProgress, signal) {
      await followPull(docker, ref, onProgress, signal);
    },
    async tag(id, ref) {
      const colon = ref.lastIndexOf(':');
      await guard(docker.getImage(id).tag({ repo: ref.slice(0, colon), tag: ref.slice(colon + 1) }));
    },
    async load(file): Promise<string[]> {
      const answer = (await guard(docker.loadImage(await opened(file)), Infinity)) as Readable;
      let said = '';
      const heard = async () => {
        for await (const chunk of answer) said += chunk;
      };
      await guard(heard(), Infinity);
      const failure = /"error":"([^"]*)"/.exec(said);
      if (failure) throw loadTrouble(file, failure[1] ?? '');
      return [...said.matchAll(/Loaded image(?: ID)?: ([^\\"]+)/g)].map((match) => match[1] as string);
    },
    async save(ref, file) {
      const stream = await guard(docker.getImage(ref).get(), Infinity);
      await pipeline(stream as Readable, createWriteStream(file));
    },
    removeContainer: (id) => guard(removeContainer(docker, id)),
    removeVolume: (name) =>
      guard(gone(docker.getVolume(name).remove())).catch((error) => {
        if (statusOf(error) !== 409) throw error;
        throw new Trouble('volume-in-use', { name, why: messageOf(error) }, { cause: error });
      }),
    removeNetwork: (id) => guard(gone(docker.getNetwork(id).remove())),
  };
}

function loadTrouble(file: string, why: string): Trouble {
  if (/no space left/i.test(why)) return new Trouble('no-space', { ref: file, why });
  return new Trouble('load-failed', { file, why });
}

/** Opened before the engine is asked: what is wrong with the file must not look like the engine's fault. */
async function opened(file: string): Promise<Readable> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle.createReadStream();
    await handle.close();
  } catch (cause) {
    throw new Trouble('load-failed', { file, why: messageOf(cause) }, { cause });
  }
  throw new Trouble('load-failed', { file, why: 'it is a folder' });
}

interface DiskUsage {
  Containers?: { Id: string; SizeRw?: number }[] | null;
  Volumes?: { Name: string; UsageData?: { Size: number } }[] | null;
}

function dockerOptions(endpoint: Endpoint): Docker.DockerOptions {
  if (endpoint.url.startsWith('unix://')) return { socketPath: endpoint.url.slice(7) };
  if (endpoint.url.startsWith('npipe://')) return { socketPath: endpoint.url.slice(8) };
  const url = new URL(endpoint.url);
  const read = (name: string) => readFileSync(join(endpoint.certificates as string, name));
  const secure = endpoint.certificates
    ? { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
    : {};
  const protocol = url.protocol === 'ssh:' ? 'ssh' : endpoint.certificates ? 'https' : 'http';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (endpoint.certificates ? 2376 : protocol === 'ssh' ? 22 : 2375),
    protocol,
    ...(url.username ? { username: url.username } : {}),
    ...secure,
  };
}

function nameOf({ Names }: Pick<Docker.ContainerInfo, 'Names'>): string {
  return (Names[0] ?? '').replace(/^\//, '');
}

/** An RFC 3339 time as the events API wants it: seconds, with all nine digits after the point. */
function stamp(time: string): string {
  const nanoseconds = /\.(\d+)/.exec(time)?.[1] ?? '0';
  return `${Math.floor(Date.parse(time) / 1000)}.${nanoseconds.padEnd(9, '0')}`;
}

/** With its anonymous volumes. Where somebody else is removing it just now, their end is waited for. */
async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await gone(
    container.remove({ force: true, v: true }).catch((error) => {
      if (!/already in progress/.test(messageOf(error))) throw error;
      return container.wait({ condition: 'removed' });
    }),
  );
}

function olderOf(a: string, b: string): string {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor < bMajor || (aMajor === bMajor && aMinor <= bMinor) ? a : b;
}

function asFilter(labels: LabelFilter): string {
  const label = Object.entries(labels).map(([key, value]) => (value === null ? key : `${key}=${value}`));
  return JSON.stringify(label.length > 0 ? { label } : {});
}
