/**
 * The way to an engine: the endpoint, the version of the API, and all questions that it is asked. The only file
 * that loads dockerode; others use its types.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { messageOf, Trouble } from '../trouble.ts';
import { failAtBreaks, type Guard, gone, guarded, statusOf, unreachable } from './answers.ts';
import { containersOf } from './containers.ts';
import { imagesOf } from './images.ts';
import { asFilter } from './normalise.ts';
import type { Endpoint, Engine, EngineInfo } from './types.ts';
import { isAnonymous } from './volumes.ts';

failAtBreaks();

/** The newest API this was written against, and the oldest it can do with. */
const NEWEST_API = '1.47';
const OLDEST_API = '1.41';
const PING_TIMEOUT_MS = 10_000;
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
  const guard: Guard = (work, withinMs) => guarded(endpoint, work, withinMs);
  return {
    info,
    root,
    endpoint,
    ...containersOf(docker, guard),
    ...imagesOf(docker, guard),
    ...storesOf(docker, guard),
  };
}

type OfStores = Pick<Engine, 'volumes' | 'networks' | 'sizes' | 'removeVolume' | 'removeNetwork'>;

function storesOf(docker: Docker, guard: Guard): OfStores {
  return {
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
    removeVolume: (name) =>
      guard(gone(docker.getVolume(name).remove())).catch((error) => {
        if (statusOf(error) !== 409) throw error;
        throw new Trouble('volume-in-use', { name, why: messageOf(error) }, { cause: error });
      }),
    removeNetwork: (id) => guard(gone(docker.getNetwork(id).remove())),
  };
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

function olderOf(a: string, b: string): string {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor < bMajor || (aMajor === bMajor && aMinor <= bMinor) ? a : b;
}
