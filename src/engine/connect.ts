/**
 * The way to an engine: an endpoint, and the version of the API that both sides speak. The only file that loads
 * dockerode; the files with the questions that an engine is asked use its types.
 */
import Docker from 'dockerode';
import type { MessageKey } from '../content-keys.ts';
import { Trouble } from '../trouble.ts';
import { failAtBreaks, type Guard, guarded, statusOf, unreachable } from './answers.ts';
import { containersOf } from './containers.ts';
import type { Endpoint } from './endpoint.ts';
import { imagesOf } from './images.ts';
import { mountableOf } from './mountable.ts';
import { PODMAN } from './podman.ts';
import { textOf } from './sound-answers.ts';
import { storesOf } from './stores.ts';
import { agentFor } from './transport.ts';
import type { Engine, EngineInfo } from './types.ts';

failAtBreaks();

/** The newest API this was written against, and the oldest it can do with. */
const NEWEST_API = '1.47';
const OLDEST_API = '1.41';
/** Whoever is there says its version at once, or is stuck. */
const VERSION_WITHIN_MS = 10_000;
/** What it knows of its machine takes a busy Podman many seconds: it asks the system's packages. */
const INFO_WITHIN_MS = 60_000;

/** Connects and negotiates the API version. Trouble `engine-unreachable` where nobody answers. */
export async function connectEngine(endpoint: Endpoint): Promise<Engine> {
  const { version, info } = await introduction(endpoint).catch((cause) => {
    throw unreachable(endpoint, cause);
  });
  const apiVersion = olderOf(NEWEST_API, version.ApiVersion);
  if (olderOf(apiVersion, OLDEST_API) !== OLDEST_API) {
    throw new Trouble('engine-too-old', { version: version.Version, api: version.ApiVersion });
  }
  const minimum = textOf((version as { MinAPIVersion?: string }).MinAPIVersion);
  if (minimum && olderOf(minimum, apiVersion) !== minimum) {
    throw new Trouble('engine-too-new', { version: version.Version, api: minimum });
  }
  const docker = dockerOver(endpoint, { version: `v${apiVersion}` });
  const podman = saysPodman(version);
  const { SecurityOptions } = info;
  // Podman has a field of its own for that.
  const isRootless =
    info.Rootless === true ||
    (Array.isArray(SecurityOptions) && SecurityOptions.some((option) => /^name=rootless\b/.test(option)));
  const about = { root: textOf(info.DockerRootDir), machine: { name: textOf(info.Name), isRootless } };
  const keepsPacked = String(JSON.stringify(info.DriverStatus)).includes('io.containerd.snapshotter');
  return engineOver(docker, endpoint, { podman, keepsPacked }, about, {
    name: podman ? PODMAN : textOf(version.Platform?.Name) || 'Docker Engine',
    // Podman makes up a new id at each question.
    id: podman ? `podman:${textOf(info.Name)}` : info.ID,
    version: version.Version,
    apiVersion,
    endpoint: endpoint.url,
    builtIn: endpoint.builtIn ?? endpoint.from === 'built-in',
  });
}

async function introduction(endpoint: Endpoint) {
  const docker = dockerOver(endpoint) as Docker & Stoppable;
  const over = new AbortController();
  const asked = async <T>(ask: (options: Stop) => Promise<T>, withinMs: number): Promise<T> => {
    const late = AbortSignal.timeout(withinMs);
    return ask({ abortSignal: AbortSignal.any([over.signal, late]) }).catch((cause) => {
      throw late.aborted
        ? Object.assign(new Error('no answer in time', { cause }), { code: 'ETIMEDOUT' })
        : cause;
    });
  };
  try {
    const [version, info] = await Promise.all([
      asked((options) => docker.version(options), VERSION_WITHIN_MS),
      asked((options) => docker.info(options), INFO_WITHIN_MS),
    ]);
    // The version becomes part of each path.
    if (!/^\d+\.\d+$/.test(textOf(version?.ApiVersion)) || !textOf(version?.Version) || !textOf(info?.ID))
      throw new Error('why-no-engine' satisfies MessageKey);
    return { version, info };
  } finally {
    over.abort();
  }
}

/** What speaks Docker's API and is another program: Podman's own name for itself stands among the components alone. */
function saysPodman({ Components: components }: Docker.DockerVersion): boolean {
  return Array.isArray(components) && components.some((component) => component?.Name === PODMAN);
}

interface Stop {
  abortSignal: AbortSignal;
}

/** Its types do not tell that these can be stopped. */
interface Stoppable {
  version(options: Stop): Promise<Docker.DockerVersion>;
  info(options: Stop): ReturnType<Docker['info']>;
}

function engineOver(
  docker: Docker,
  endpoint: Endpoint,
  { podman, keepsPacked }: { podman: boolean; keepsPacked: boolean },
  about: Pick<Engine, 'root' | 'machine'>,
  info: EngineInfo,
): Engine {
  const guard: Guard = (work, withinMs) => guarded(endpoint, work, withinMs);
  const { labelsOf, ...ofImages } = imagesOf(docker, guard, { podman, keepsPacked });
  return {
    info,
    ...about,
    endpoint,
    // Docker asks its containerd for a part of this one.
    answers: (abortSignal) =>
      (docker as unknown as Stoppable).version({ abortSignal }).then(
        () => true,
        (error) => statusOf(error) !== undefined,
      ),
    ...containersOf(docker, guard, { labelsOf, podman }),
    ...ofImages,
    ...storesOf(docker, guard),
    ...mountableOf(docker, guard),
  };
}

/**
 * dockerode over our own connections. With a socket path it parses no address; and it must not see DOCKER_HOST,
 * or it would take that, and the certificates beside it, in place of what it is given.
 */
function dockerOver(endpoint: Endpoint, options: Docker.DockerOptions = {}): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    const way = { socketPath: '/', protocol: 'http', agent: agentFor(endpoint) };
    return new Docker({ ...way, ...options } as Docker.DockerOptions);
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

function olderOf(a: string, b: string): string {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor < bMajor || (aMajor === bMajor && aMinor <= bMinor) ? a : b;
}
