/**
 * Where an engine's published ports and its containers' addresses are, as seen from here. A socket proves nothing of
 * that: it may be mounted into a container, or lead to another machine.
 */
import { hostname, networkInterfaces } from 'node:os';
import { isHost } from '../names.ts';
import { run } from '../shell.ts';
import { type Endpoint, hostOf, isLocal } from './endpoint.ts';
import {
  isInContainer,
  isListenedToBeside,
  isListenedToHere,
  machineAround,
  ownContainerIds,
} from './own-container.ts';
import type { Container, Engine, ListedContainer } from './types.ts';

const HERE = '127.0.0.1';

export interface Place {
  /**
   * `here`: a port that the engine publishes is one of this machine. `elsewhere`: of another machine. `around`: of the
   * machine around the container that we are in.
   */
  is: 'here' | 'elsewhere' | 'around';
  /** The address under which published ports answer. */
  host: string;
  /** The engine is known to be in this machine's own network: its ports can be nowhere else. */
  proven: boolean;
  /** The id of the container that we are in, where it is the engine's. */
  inside: string | null;
  /** The address that leads from here to this very container; null where none is known to. */
  addressOf(container: Pick<ListedContainer, 'addresses' | 'gateways' | 'networks'>): string | null;
}

/** `named`: the host that the learner named (PGLAB_PUBLISHED_HOST). Asks the engine only where we may be in a container. */
export async function placeOf(engine: Engine, named: string | null): Promise<Place> {
  const { endpoint } = engine;
  if (!isLocal(endpoint)) return elsewhere(named ?? (await hostBehind(endpoint)));
  const own = await ownContainer(engine);
  if (own?.onHostNetwork === false) return around(named ?? hostAround(engine), own);
  if (own === null && isBehindSharedSocket(engine)) return around(named ?? hostAround(engine), null);
  if (named !== null && !isLoopback(named)) return elsewhere(named);
  const proven = isInOurNetwork(engine);
  const addressOf = proven ? addressHere : () => null;
  const host = named ?? (await engine.publishesOn()) ?? HERE;
  return { is: 'here', host, proven, inside: own?.id ?? null, addressOf };
}

function elsewhere(host: string): Place {
  return { is: 'elsewhere', host, proven: false, inside: null, addressOf: () => null };
}

/** A container of a network that ours is on, too, is our neighbour. */
function around(host: string, own: Container | null): Place {
  const shared = new Set(own?.networks);
  return {
    is: 'around',
    host,
    proven: false,
    inside: own?.id ?? null,
    addressOf: ({ addresses, networks }) =>
      addresses.length > 0 && networks.length === 1 && networks.some((name) => shared.has(name))
        ? (addresses[0] ?? null)
        : null,
  };
}

/** This machine reaches a container where the gateway of its network is one of its own addresses. */
function addressHere({ addresses, gateways }: Parameters<Place['addressOf']>[0]): string | null {
  const own = ownAddresses();
  return addresses.find((_, at) => own.has(gateways[at] ?? '')) ?? null;
}

/**
 * Not one in a virtual machine, nor one without root: their networks may have the very addresses of a neighbour's, who
 * would answer in their place.
 */
function isInOurNetwork({ endpoint: { url }, machine }: Engine): boolean {
  if (process.platform !== 'linux' || machine.isRootless || machine.name !== hostname()) return false;
  return !url.startsWith('unix://') || isListenedToHere(url.slice('unix://'.length));
}

/** The container of this engine that we are in; null where we are in none of its. */
async function ownContainer(engine: Engine): Promise<Container | null> {
  if (process.platform !== 'linux') return null;
  for (const id of ownContainerIds()) {
    const container = await engine.container(id);
    // A container may be *named* like the beginning of an id.
    if (container?.id.startsWith(id)) return container;
  }
  return null;
}

/**
 * We are in a container of somebody else's, and who listens on the socket is in another. An engine without root has a
 * network of its own also where it runs beside us, and publishes its ports in ours.
 */
function isBehindSharedSocket({ endpoint: { url }, machine }: Engine): boolean {
  if (process.platform !== 'linux' || !url.startsWith('unix://') || !isInContainer()) return false;
  const socket = url.slice('unix://'.length);
  return !isListenedToHere(socket) && !(machine.isRootless && isListenedToBeside(socket));
}

/** The machine of Docker Desktop is a virtual one; what it publishes answers under a name of its own. */
function hostAround({ machine }: Engine): string {
  return machineAround() ?? (machine.name === 'docker-desktop' ? 'host.docker.internal' : HERE);
}

function isLoopback(host: string): boolean {
  return /^(127\.|localhost$|::1$)/.test(host);
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []),
  );
}

/** Over ssh the host may be one that only ssh's configuration knows. */
async function hostBehind(endpoint: Endpoint): Promise<string> {
  const host = hostOf(endpoint);
  if (!endpoint.url.startsWith('ssh://')) return host;
  const { stdout, exitCode } = await run(['ssh', '-G', '--', host]);
  const named = /^hostname (\S+)$/m.exec(stdout)?.[1];
  return exitCode === 0 && named !== undefined && isHost(named) ? named : host;
}
