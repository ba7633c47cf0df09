/** The container that this very process may be in, as /proc and /etc tell from inside. Pure readings of texts first. */
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { processIds } from '../running-processes.ts';

/** Files that an engine mounts into each of its containers, from a folder that has the container's id for a name. */
const MOUNTED_BY_ENGINE = /^\/etc\/(hostname|hosts|resolv\.conf)$/;

/** proc(5), mountinfo: column 4 is the path on its own file system, 5 where it is mounted. */
const FOLDER_OF_ID = /\/(?:containers|overlay-containers)\/([0-9a-f]{64})\//;

/** Names that engines write into a container's /etc/hosts for the machine that they run on. */
const NAMES_OF_HOST = ['host.docker.internal', 'host.containers.internal'];

/** Ids that our own container may have: as its mounts tell, else as its host name looks like one. */
export function idsIn(mountinfo: string, name: string): string[] {
  const ids = mountinfo.split('\n').flatMap((line) => {
    const [, , , root = '', target = ''] = line.split(' ');
    const id = MOUNTED_BY_ENGINE.test(target) ? FOLDER_OF_ID.exec(root)?.[1] : undefined;
    return id === undefined ? [] : [id];
  });
  return [...new Set([...ids, ...(/^[0-9a-f]{12}$/.test(name) ? [name] : [])])];
}

/** The first name or address that /etc/hosts has for the engine's machine; null where it has none. */
export function hostIn(hosts: string): string | null {
  const lines = hosts.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  const found = lines.find(([address = '', ...names]) => {
    return isIP(address) !== 0 && names.some((name) => NAMES_OF_HOST.includes(name));
  });
  return found?.[0] ?? null;
}

/** The gateway of the default route; null where there is none. In /proc/net/route numbers are in the machine's order. */
export function gatewayIn(routes: string): string | null {
  for (const line of routes.split('\n').slice(1)) {
    const [, destination, gateway = ''] = line.split('\t');
    if (destination !== '00000000' || !/^[0-9A-F]{8}$/.test(gateway) || gateway === '00000000') continue;
    const octets = gateway.match(/../g) ?? [];
    return octets
      .reverse()
      .map((octet) => Number.parseInt(octet, 16))
      .join('.');
  }
  return null;
}

/** Whether a socket of this path is listened to in a table like /proc/net/unix, which has our network's alone. */
export function isListenedIn(table: string, paths: readonly string[]): boolean {
  // Columns: address, references, protocol, flags (10000: it listens), type, state, inode, path.
  return table.split('\n').some((line) => {
    const [, , , flags, , , , path] = line.trim().split(/\s+/);
    return flags === '00010000' && path !== undefined && paths.includes(path);
  });
}

export function ownContainerIds(): string[] {
  return idsIn(readOr('/proc/self/mountinfo'), hostname());
}

/** Whether some engine made the file system that we see. */
export function isInContainer(): boolean {
  return ['/.dockerenv', '/run/.containerenv'].some((file) => existsSync(file));
}

/** Where the machine around our container is, as far as it tells. */
export function machineAround(): string | null {
  return hostIn(readOr('/etc/hosts')) ?? gatewayIn(readOr('/proc/net/route'));
}

/** Whether a program of our own network listens on this socket, by whichever of its names. */
export function isListenedToHere(socket: string): boolean {
  return isListenedIn(readOr('/proc/net/unix'), namesOf(socket));
}

/** Whether a process that we see, in whichever network, listens on this socket. */
export function isListenedToBeside(socket: string): boolean {
  const names = namesOf(socket);
  const seen = new Set<string>();
  return processIds().some((pid) => {
    const network = linkOr(`/proc/${pid}/ns/net`);
    if (seen.has(network)) return false;
    seen.add(network);
    return isListenedIn(readOr(`/proc/${pid}/net/unix`), names);
  });
}

function namesOf(socket: string): string[] {
  const names = [socket, realOr(socket)];
  return [...names, ...names.map((name) => name.replace(/^\/run\//, '/var/run/'))];
}

/** A process of another user does not tell its network: it is asked for its table all the same. */
function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return path;
  }
}

function realOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
