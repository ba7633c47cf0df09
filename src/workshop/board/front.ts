/**
 * One port for all: by the first byte of a connection it is TLS with a pre-shared key, for seats, or clear text, for what
 * holds no secret. Only who has a key gets through the handshake.
 */
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { Trouble } from '../../trouble.ts';
import { type Identity, identityOf, PSK_TLS, readIdentity } from '../codes.ts';
import { Crowd } from './crowd.ts';
import { AT_ONCE, WITHIN } from './limits.ts';

const FIRST_BYTE_OF_TLS = 0x16;

export interface Front {
  server: Server;
  /** Ends all connections, and listens no more. */
  stop(): void;
}

interface Doors {
  /** The key of an identity; null: it has none, or may not come in now. */
  keyOf(identity: Identity): Buffer | null;
  /** A handshake failed with a key that is there: somebody has another one. */
  failed(identity: Identity): void;
  /** Requests of who has a key; whose it is, `identityOn` tells. */
  seats: RequestListener;
  /** A request of theirs that the connection become a wire. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  plain: RequestListener;
}

const identities = new WeakMap<Socket, Identity>();

/** Whose key a connection has. */
export function identityOn(socket: Socket): Identity | undefined {
  return identities.get(socket);
}

export function openFront(doors: Doors): Front {
  const open = new Set<Socket>();
  const [strangers, callers] = [new Crowd(AT_ONCE.strangers), new Crowd(AT_ONCE.plain)];
  const byIdentity = new Map<string, Crowd>();
  const seats = httpFor(doors.seats, WITHIN.idle);
  seats.on('upgrade', doors.upgrade);
  const plain = httpFor(doors.plain, WITHIN.idlePlain);
  // Nobody may hold a place by reading nothing of what is sent.
  plain.timeout = WITHIN.silentPlain;
  const tls = tlsFor(doors, (socket, inner, identity) => {
    strangers.leave(inner);
    crowdOf(byIdentity, identity).enter(inner);
    seats.emit('connection', socket);
  });
  const server = createServer({ noDelay: true }, (socket) => {
    if (open.size >= AT_ONCE.connections) return socket.destroy();
    open.add(socket);
    strangers.enter(socket);
    // A caller who hangs up in the middle of anything is no trouble.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    byFirstByte(socket, (byte) => {
      if (byte === FIRST_BYTE_OF_TLS) return tls.emit('connection', socket);
      strangers.leave(socket);
      callers.enter(socket);
      return plain.emit('connection', socket);
    });
  });
  return {
    server,
    stop() {
      for (const each of [server, seats, plain]) each.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Returns the port. Trouble `workshop-port-taken` where it is another's, `workshop-no-address` where the address is not ours. */
export async function listenAt(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<number> {
  server.listen(host === '' ? { port } : { port, host });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const at = host === '' ? String(port) : `${host}:${port}`;
    if (code === 'EADDRINUSE') throw new Trouble('workshop-port-taken', { port }, { cause });
    if (/^(EADDRNOTAVAIL|EACCES|EINVAL|ENOTFOUND|EAI_AGAIN)$/.test(code))
      throw new Trouble('workshop-no-address', { at, why: code }, { cause });
    throw cause;
  }
  server.on('error', (error) => process.emitWarning(error));
  return (server.address() as AddressInfo).port;
}

/** Of one seat; or of all who join with one code, or assist. */
function crowdOf(crowds: Map<string, Crowd>, identity: Identity): Crowd {
  const name = identityOf(identity);
  const known = crowds.get(name);
  if (known) return known;
  const crowd = new Crowd(AT_ONCE[identity.is], () => crowds.delete(name));
  crowds.set(name, crowd);
  return crowd;
}

/** The byte stays for who reads next. */
function byFirstByte(socket: Socket, take: (byte: number) => void): void {
  const late = setTimeout(() => socket.destroy(), WITHIN.firstByte);
  socket.once('close', () => clearTimeout(late));
  const look = () => {
    const head: Buffer | null = socket.read(1);
    if (head === null) {
      socket.once('readable', look);
      return;
    }
    clearTimeout(late);
    socket.unshift(head);
    take(head[0] as number);
  };
  look();
}

function tlsFor(
  doors: Doors,
  enter: (socket: TLSSocket, inner: Socket, identity: Identity) => void,
): TlsServer {
  const asked = new WeakMap<Socket, Identity>();
  const server = createTlsServer({
    ...PSK_TLS,
    handshakeTimeout: WITHIN.handshake,
    pskCallback(socket, text) {
      const identity = readIdentity(text);
      const key = identity && doors.keyOf(identity);
      if (!identity || !key) return null;
      asked.set(socket, identity);
      return key;
    },
  });
  server.on('secureConnection', (socket) => {
    const identity = asked.get(socket);
    if (!identity) return socket.destroy();
    identities.set(socket, identity);
    return enter(socket, innerOf(socket), identity);
  });
  server.on('tlsClientError', (_, socket) => {
    const identity = asked.get(socket);
    if (identity) doors.failed(identity);
    socket.destroy();
  });
  return server;
}

/** The connection that a TLS socket came in by: Node keeps it as its parent. */
function innerOf(socket: TLSSocket): Socket {
  return (socket as unknown as { _parent?: Socket })._parent ?? socket;
}

function httpFor(listener: RequestListener, idle: number): HttpServer {
  const server = createHttpServer(
    {
      maxHeaderSize: 8 * 1024,
      headersTimeout: WITHIN.head,
      requestTimeout: WITHIN.request,
      keepAliveTimeout: idle,
      connectionsCheckingInterval: 2_000,
    },
    listener,
  );
  server.maxHeadersCount = 50;
  // Also after a request that was no HTTP: nobody is answered who does not speak it.
  server.on('clientError', (_, socket) => socket.destroy());
  // Node looks at the clock of a server's requests only once it listens; this one is handed its connections.
  server.emit('listening');
  return server;
}
