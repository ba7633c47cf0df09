/** This machine, looked at: who listens on a port, which tools are there. Needs no lsof on Linux. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, connect as tcpConnect } from 'node:net';
import { processIds } from './running-processes.ts';
import { hasTool, run } from './shell.ts';

/** Who listens on a TCP port of this machine. `process` is null where we may not know. */
export interface Listener {
  process: string | null;
  pid: number | null;
  /** Where it listens on the port: `0.0.0.0`, `::1`; `*` is both `0.0.0.0` and `::`. Empty: not known. */
  addresses: string[];
}

const CONNECT_TIMEOUT_MS = 5_000;
const TCP_LISTEN = '0A';

/** A bare TCP connect: null when it was accepted, else the error's code. */
export function connect(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = tcpConnect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (result: string | null) => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => end(null));
    socket.on('timeout', () => end('ETIMEDOUT'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** Whether this machine would let somebody listen on the port, on every interface. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Without the right to a low port it may be free all the same: the engine may have the right.
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host: '0.0.0.0' }, () => server.close(() => resolve(true)));
  });
}

/** From here on any user may listen, where nobody has said otherwise. */
export const UNPRIVILEGED = 1024;

/** The first port on which any user of this machine may listen. */
export function firstUnprivileged(): number {
  const told = readOr('/proc/sys/net/ipv4/ip_unprivileged_port_start', '').trim();
  return /^\d{1,5}$/.test(told) ? Number(told) : UNPRIVILEGED;
}

/**
 * Who listens on a TCP port. Empty: nobody. A process that the kernel hides from us is `null`: on
 * Linux that takes root for processes of others.
 */
export async function listeners(port: number): Promise<Listener[]> {
  if (process.platform === 'linux') return fromProc(port);
  if (hasTool('lsof')) return fromLsof(port);
  return (await connect('127.0.0.1', port)) === null ? [{ process: null, pid: null, addresses: [] }] : [];
}

/** The processes that listen on these TCP ports of this machine, by port, as far as they are known. */
export async function listenersOf(ports: readonly number[]): Promise<Map<number, string>> {
  // Each of the kernel's tables takes milliseconds to read, however short it is.
  if (ports.length === 0) return new Map();
  if (process.platform === 'linux') return namesFromProc(ports);
  const found = new Map<number, string>();
  for (const port of ports) {
    const [listener] = await listeners(port);
    if (listener?.process) found.set(port, listener.process);
  }
  return found;
}

/** By the inode of a socket: the process that was found to have it, to be looked at first the next time. */
const holderOf = new Map<string, number>();

/** In one pass over all processes, however many ports; in none where all their holders are known and still there. */
function namesFromProc(ports: readonly number[]): Map<number, string> {
  const portOf = new Map(ports.map((port) => [hexPort(port), port]));
  const sockets = new Map<string, number>();
  for (const { local, state, inode } of connections()) {
    const port = portOf.get(local.split(':')[1] ?? '');
    if (state === TCP_LISTEN && port !== undefined) sockets.set(inode, port);
  }
  const found = new Map<number, string>();
  if (sockets.size === 0) return found;
  for (const pid of knownHolders([...sockets.keys()]) ?? processIds()) {
    for (const inode of socketsOf(pid)) {
      const port = sockets.get(inode);
      if (port === undefined) continue;
      if (!found.has(port)) found.set(port, readOr(`/proc/${pid}/comm`, '').trim());
      if (!holderOf.has(inode)) holderOf.set(inode, Number(pid));
    }
  }
  return found;
}

/** The processes that have these sockets, in the order of their ids; null where one is not known, or has it no more. */
function knownHolders(inodes: readonly string[]): string[] | null {
  const known = inodes.flatMap((inode) => holderOf.get(inode) ?? []);
  const pids = [...new Set(known)].sort((a, b) => a - b).map(String);
  const held = new Set(pids.flatMap(socketsOf));
  if (inodes.every((inode) => held.has(inode))) return pids;
  for (const inode of inodes) holderOf.delete(inode);
  return null;
}

function fromProc(port: number): Listener[] {
  return ownersOf(({ local, state }) => state === TCP_LISTEN && local.endsWith(`:${hexPort(port)}`));
}

/**
 * The process of this machine that holds a connection from one of its own ports straight to one of these addresses, as
 * `172.17.0.2` or `fd00::2`, and a port; null where there is none, or where the system does not tell.
 */
export function connectedTo(ownPort: number, addresses: readonly string[], port: number): string | null {
  const [from, to] = [`:${hexPort(ownPort)}`, `:${hexPort(port)}`];
  const isThere = (remote: string) => addresses.includes(addressIn(remote));
  const [owner] = ownersOf(
    ({ local, remote }) => local.endsWith(from) && remote.endsWith(to) && isThere(remote),
  );
  return owner?.process ?? null;
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

interface Connection {
  local: string;
  remote: string;
  state: string;
  inode: string;
}

/** proc(5): columns 2 and 3 are the two addresses in hex, 4 the state, 10 the inode of the socket. */
function connections(): Connection[] {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => readOr(table, '').split('\n').slice(1));
  return rows.map((row) => {
    const [, local = '', remote = '', state = '', , , , , , inode = ''] = row.trim().split(/\s+/);
    return { local, remote, state, inode };
  });
}

function ownersOf(isMeant: (connection: Connection) => boolean): Listener[] {
  const addressOf = new Map(
    connections().flatMap((each) => (isMeant(each) ? [[each.inode, addressIn(each.local)] as const] : [])),
  );
  if (addressOf.size === 0) return [];
  const owners = new Map<number, Listener>();
  const seen = new Set<string>();
  for (const entry of processIds()) {
    for (const inode of socketsOf(entry)) {
      const address = addressOf.get(inode);
      if (address === undefined) continue;
      seen.add(inode);
      const pid = Number(entry);
      if (!holderOf.has(inode)) holderOf.set(inode, pid);
      const owner = owners.get(pid) ?? {
        process: readOr(`/proc/${entry}/comm`, '').trim(),
        pid,
        addresses: [],
      };
      owners.set(pid, { ...owner, addresses: [...owner.addresses, address] });
    }
  }
  const isHidden = seen.size < addressOf.size && owners.size === 0;
  return isHidden ? [{ process: null, pid: null, addresses: [...addressOf.values()] }] : [...owners.values()];
}

/** The first twelve of sixteen bytes of an IPv4 address, on a socket that takes both families. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255].join();

/** proc(5): an address in hex, each four bytes of it in the byte order of the machine. */
function addressIn(local: string): string {
  const words = (local.split(':')[0] ?? '').match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  if (bytes.length === 4 || bytes.slice(0, 12).join() === MAPPED) return bytes.slice(-4).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
        return match?.[1] ? [match[1]] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** `lsof -F` prints a field a line: p is the process id, c the command, n an address and port. */
async function fromLsof(port: number): Promise<Listener[]> {
  const { stdout } = await run(['lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpcn']);
  const found: Listener[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('p')) found.push({ pid: Number(line.slice(1)), process: null, addresses: [] });
    const last = found.at(-1);
    if (line.startsWith('c') && last) last.process = line.slice(1);
    if (line.startsWith('n') && last)
      last.addresses.push(line.slice(1, line.lastIndexOf(':')).replace(/[[\]]/g, ''));
  }
  return found;
}

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}
