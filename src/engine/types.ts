/** The engine as the rest of the project sees it: plain data, no dockerode, no versions of an API. */
import type { Endpoint } from './endpoint.ts';
import type { ExecResult, LogPart, Publisher, PullProgress } from './said.ts';
import type { Volume } from './volumes.ts';

export interface EngineInfo {
  name: string;
  id: string;
  version: string;
  apiVersion: string;
  endpoint: string;
  builtIn: boolean;
}

export interface Image {
  id: string;
  tags: string[];
  /** Bytes, as `docker image ls` has them. */
  size: number;
  /** An RFC 3339 time. */
  created: string;
  /** From the image's own environment; null for an image that is no Postgres. */
  postgresMajor: number | null;
  /** The folders that its VOLUME names, first of them the one where its data belongs. */
  volumeTargets: string[];
  env: Record<string, string>;
  labels: Record<string, string>;
}

/** A TCP port of the host that leads into a container. */
interface Binding {
  containerPort: number;
  /** 0.0.0.0 and :: are all addresses of the host. */
  hostIp: string;
  hostPort: number;
}

interface Mount {
  /** `volume`, `bind` or `tmpfs`. */
  type: string;
  /** The volume's name (64 hex digits where nobody gave it one), or the host's path of a bind mount. */
  source: string;
  /** A path inside the container. */
  target: string;
}

/** A container as the engine's list tells of it: one question, however many there are. */
export interface ListedContainer {
  /** 64 hex digits; `shortId` gives the 12 that `docker ps` prints. */
  id: string;
  /** Without the slash in front. */
  name: string;
  /** `sha256:` and 64 hex digits. */
  imageId: string;
  /** As it was given; in a list the image's id, where the name has moved to another one since. */
  imageRef: string;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** RFC 3339; in a list without fractions of a second. */
  created: string;
  /** Its own, and those that came with its image. */
  labels: Record<string, string>;
  /** Ports of the host that lead into it now; empty while it does not run. */
  bindings: Binding[];
  mounts: Mount[];
  /** The names of its networks, and its IPv4 addresses on them; no address while it does not run. */
  networks: string[];
  addresses: string[];
  /** For each address, the gateway of its network; empty where it has none. */
  gateways: string[];
  /** The id of the container whose network it shares (`--network container:…`); null: it has its own. */
  inNetworkOf: string | null;
  /** Each of its addresses with its network, IPv6 included: a network may have either alone. */
  places: { network: string; address: string }[];
}

/**
 * A container as the engine inspects it, and its state of that moment. Plain data; what it says and does is asked of the engine.
 *
 *     const container = await look.container('mapped');
 *     const port = container?.bindings.find(({ containerPort }) => containerPort === 5432)?.hostPort;
 *     const log = container ? await look.engine.logs(container.id) : '';
 */
export interface Container extends ListedContainer {
  /** The exit code of its last end: 0 while it runs, 128 plus the signal's number where a signal ended it. */
  exitCode: number;
  /** Of its first process, as the engine's own system numbers it; 0 while it does not run. */
  pid: number;
  /** Why the engine could not start it, in the engine's words; else empty. */
  error: string;
  /** The kernel killed it for the memory that it took. */
  oomKilled: boolean;
  /** How often a restart policy has started it again. */
  restartCount: number;
  /** When it was last started, RFC 3339; year 1 where it never was. */
  startedAt: string;
  /** When it last ended, RFC 3339; year 1 where it never did. */
  finishedAt: string;
  /** Its environment, given to it or come with its image; passwords are in it. */
  env: Record<string, string>;
  /** Ports that its image announces. */
  exposed: number[];
  /** What was asked for with -p, whether or not it came to a binding. */
  requested: Binding[];
  /** Ports inside that -p asked to reach by UDP: nothing of TCP leads there. */
  udp: number[];
  /** It has no network of its own: its ports are those of the engine's machine. */
  onHostNetwork: boolean;
  /**
   * It was made to be attached to a window. False after `docker run -d`, and of docker-compose 1, which attaches
   * all the same. Null: the engine, Podman, does not tell.
   */
  attachable: boolean | null;
  /** It goes when it ends (`--rm`), and its anonymous volumes with it. */
  removesItself: boolean;
  /** The program and its arguments: the image's entrypoint first, if it has one. */
  command: string[];
}

export interface EngineEvent {
  type: string;
  action: string;
  id: string;
  /** A container's name, and its image's; else the beginning of its id, and nothing. */
  name: string;
  image: string;
  /** The id of an exec, for events of one; else empty. A container's own label `execID` may stand in its place. */
  execId: string;
  /** What an exec runs, for the events of its start and its end, where the engine tells it; else empty. */
  command: string;
  /** The exit code, for events of an end; else null. A container's own label `exitCode` may stand in its place. */
  exitCode: number | null;
  /** Labels of pglab's on the container. */
  labels: Record<string, string>;
  /** Milliseconds since the epoch, by the engine's clock. */
  at: number;
}

/** Labels that must all be there; a null value asks only for the key. */
export type LabelFilter = Record<string, string | null>;

/**
 * An engine, and all that it is asked. Each question is asked anew and nothing is remembered but the labels of images:
 * two questions get two answers. Ids are whole, 64 hex digits, those of images with `sha256:` before them.
 *
 * Each question throws Trouble: `engine-unreachable` or `engine-forbidden` where nobody answers, `engine-stuck` after
 * three minutes, `engine-error` for a fault of the engine's own (5xx), `engine-refuses` where a question is not let
 * through, `engine-nonsense` where its answer is none. What it says of the one question (400, 409) is an Error with `statusCode`. What is not there is null or an empty list, never an error; removing what is gone already succeeds.
 *
 *     const engine = await connectEngine({ url: 'unix:///var/run/docker.sock', from: 'default-socket' });
 *     for (const { id, status } of await engine.listed({ 'pglab.run': 'mine' })) console.log(id, status);
 */
export interface Engine {
  /** As it introduced itself when the connection was made. */
  info: EngineInfo;
  /** Where it keeps its data: up to Docker 20.10 all engines of one machine share their id. */
  root: string;
  endpoint: Endpoint;
  /** The machine that it runs on, by its own word; a rootless engine has a network apart from its machine's. */
  machine: { name: string; isRootless: boolean };

  /** Whether it says anything, be it a refusal, before the signal comes. */
  answers(signal: AbortSignal): Promise<boolean>;
  /** One container, looked at closely: by its id, the beginning of it, or its name. */
  container(idOrName: string): Promise<Container | null>;
  /**
   * All containers, whatever their state, the newest first. Asked for by labels: only those that were given
   * them, not those whose image has them.
   */
  listed(labels?: LabelFilter): Promise<ListedContainer[]>;
  /** Those of these ids that are still there. */
  listedById(ids: readonly string[]): Promise<ListedContainer[]>;
  /**
   * Who publishes which ports of the host now: one question, however many there are. And of what has
   * stopped, if its labels are `kept`, the ports that it will want again.
   */
  publishers(kept?: (labels: Record<string, string>) => boolean): Promise<Publisher[]>;
  /** Ids of the containers, running or not, that mount the volume of this name. */
  usersOf(volume: string): Promise<string[]>;
  /**
   * Whether somebody was attached to a container when it was started, the last time or any. Null: the engine,
   * which keeps its last 256 events, does not remember.
   */
  wasAttached(container: Container, at: 'last-start' | 'any-start'): Promise<boolean | null>;
  /** The exit code with which a container had ended before it was last started. Null: not remembered, or never. */
  lastExit(container: Container): Promise<number | null>;
  /**
   * Runs a program inside, without a shell: `exec(id, ['cat', '/etc/hosts'])`. `env` is added to the container's
   * own. A container that is not there or does not run refuses (404, 409). What takes longer than a minute or prints
   * more than a million characters is ended.
   */
  exec(id: string, command: readonly string[], env?: Record<string, string>): Promise<ExecResult>;
  /**
   * Lines of stdout and stderr, the last 200 that were said before and all from now on; ends with the container or
   * with the signal. A line of more than 64,000 characters comes in pieces.
   */
  logLines(id: string, signal: AbortSignal): AsyncIterable<string>;
  /**
   * What was said so far, as one text: where that is more than a million characters, both ends of it with a line
   * `⋮` between them. Empty where there is no such container.
   */
  logs(id: string, part?: LogPart): Promise<string>;
  /**
   * Container, volume and image events from now on, without what our own `exec` causes; resolves once
   * the engine listens, ends with the signal.
   */
  events(signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>;
  /** With its anonymous volumes, running or not; resolves when it is gone, also where somebody else removes it. */
  removeContainer(id: string): Promise<void>;

  /** Whether a container of this image can have this folder of our machine: one is made, never started, and removed. */
  canMount(folder: string, image: string, labels: Record<string, string>): Promise<boolean>;

  /** What a reference means now, be it a name, a tag, a digest or an id. */
  image(ref: string): Promise<Image | null>;
  /** Every image that is not only a layer of another one: one question for each. */
  images(): Promise<Image[]>;
  /**
   * Fetches what a reference means at its registry, telling each change of the progress. Trouble says why not:
   * `pull-no-such-tag`, `pull-denied`, `pull-rate-limit`, `pull-timeout`, `pull-refused`, `pull-name-lookup`,
   * `no-space`, `pull-failed`.
   */
  pull(ref: string, onProgress: (progress: PullProgress) => void, signal?: AbortSignal): Promise<void>;
  /** Gives an image one more name, taking it from whatever had it. */
  tag(id: string, ref: string): Promise<void>;
  /**
   * Loads an archive as `docker save` writes it; returns the names, or the ids, of its images. `file` is what it is
   * called in Trouble: `load-failed`, `no-space`.
   */
  load(archive: AsyncIterable<Uint8Array>, file: string): Promise<string[]>;
  /** Writes an archive of this one name to a file that is not there yet. */
  save(ref: string, file: string): Promise<void>;
  /**
   * Takes a name from its image, and with the last one the image itself. Trouble `image-in-use` where a container still
   * has it.
   */
  removeImage(name: string): Promise<void>;

  volumes(labels?: LabelFilter): Promise<Volume[]>;
  networks(labels: LabelFilter): Promise<{ id: string; name: string; labels: Record<string, string> }[]>;
  /**
   * Bytes, by a container's id for what it wrote, by a volume's name for what it holds. The engine measures folders:
   * seconds, not milliseconds, and for one who asks at a time (before 23, the next is refused).
   */
  sizes(): Promise<Map<string, number>>;
  /** The one IPv4 address on which it publishes where a command names none (`dockerd --ip`); null: on all. */
  publishesOn(): Promise<string | null>;
  /** Trouble `volume-in-use` where a container still has it. */
  removeVolume(name: string): Promise<void>;
  removeNetwork(id: string): Promise<void>;
}
