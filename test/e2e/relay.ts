/** A socket that leads to an engine, and may be led elsewhere, slowed down, made to refuse, or cut. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Relay {
  path: string;
  url: string;
  /** From now on it leads to this socket; what is open is cut. */
  leadTo(engine: string): void;
  /** Holds up the next request with this in its line until it is let go. */
  holdUp(line: string): { isThere: Promise<void>; letGo: () => void };
  /** From now on requests with this in their line take so much longer. */
  slowDown(line: string, ms: number): void;
  /** From now on requests with this in their line are answered with the engine's own fault. */
  refuse(line: string): void;
  /** From now on requests with this in their line get half an answer, and the connection ends. */
  breakOff(line: string): void;
  /** From now on answers say the one where the engine says the other, which is as long. */
  forge(said: string, forged: string): void;
  /** All requests so far. */
  requests: readonly ApiRequest[];
  /** Cuts what is open, and takes nothing more. */
  close(): void;
}

interface ApiRequest {
  method: string;
  /** Without the version of the API; with the query. */
  path: string;
  /** Whether the docker command line asked it; else it was pglab itself. */
  byDocker: boolean;
}

/** One begins at the start of a line, with its headers after it. */
const REQUEST = /^(GET|HEAD|POST|PUT|DELETE) (?:\/v[\d.]+)?(\/\S*) HTTP\/1\.1\r\n((?:[^\r]+\r\n)*)/gm;

function requestsIn(chunk: Buffer): ApiRequest[] {
  return [...chunk.toString('latin1').matchAll(REQUEST)].map(([, method = '', path = '', headers = '']) => ({
    method,
    path: decodeURIComponent(path),
    byDocker: /^user-agent: docker-client/im.test(headers),
  }));
}

const FAULT = '{"message":"refused by the test"}';

/** What is done to requests with a line, and to answers; null: nothing. */
interface Faults {
  barrier: { line: string; arrive: () => void; opened: Promise<void> } | null;
  slow: { line: string; ms: number } | null;
  refused: string | null;
  broken: string | null;
  forged: [said: string, forged: string] | null;
}

/** Resolves when the request may go on. */
async function held(faults: Faults, chunk: Buffer): Promise<void> {
  if (faults.slow && chunk.includes(faults.slow.line)) await sleep(faults.slow.ms);
  const { barrier } = faults;
  if (barrier === null || !chunk.includes(barrier.line)) return;
  faults.barrier = null;
  barrier.arrive();
  await barrier.opened;
}

/** The way of requests to the engine. */
function wayTo(faults: Faults, client: Socket, requests: ApiRequest[]): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const { broken, refused } = faults;
      requests.push(...requestsIn(chunk));
      if (broken !== null && chunk.includes(broken)) {
        client.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{"Id":');
        client.end();
        return;
      }
      if (refused === null || !chunk.includes(refused)) {
        held(faults, chunk).then(() => done(null, chunk));
        return;
      }
      const head = `HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json`;
      client.write(`${head}\r\nContent-Length: ${FAULT.length}\r\n\r\n${FAULT}`);
      done();
    },
  });
}

/** The way of answers back. */
function wayBack(faults: Faults): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const told = chunk.toString('latin1');
      done(null, Buffer.from(faults.forged === null ? told : told.replaceAll(...faults.forged), 'latin1'));
    },
  });
}

/** At a path; at `tcp` it has an address that is no loopback by name, as a remote engine's. */
export async function openRelay(at: string, engine: string): Promise<Relay> {
  let leadsTo = engine;
  const open = new Set<Socket>();
  const requests: ApiRequest[] = [];
  const faults: Faults = { barrier: null, slow: null, refused: null, broken: null, forged: null };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const end = connect({ path: leadsTo, allowHalfOpen: true });
    for (const socket of [client, end]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket)).on('error', () => {});
    }
    client
      .pipe(wayTo(faults, client, requests))
      .pipe(end)
      .pipe(wayBack(faults))
      .pipe(client);
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => {
    if (at === 'tcp') server.listen(0, '127.0.0.1', resolve);
    else server.listen(at, resolve);
  });
  const url =
    at === 'tcp' ? `tcp://[::ffff:127.0.0.1]:${(server.address() as AddressInfo).port}` : `unix://${at}`;
  return {
    path: at,
    url,
    requests,
    leadTo(other) {
      leadsTo = other;
      cut();
    },
    holdUp(line) {
      let letGo = () => {};
      const opened = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const isThere = new Promise<void>((arrive) => {
        faults.barrier = { line, arrive, opened };
      });
      return { isThere, letGo };
    },
    slowDown(line, ms) {
      faults.slow = { line, ms };
    },
    refuse(line) {
      faults.refused = line;
    },
    forge(said, to) {
      if (said.length !== to.length) throw new Error('a forgery as long as what it stands for');
      faults.forged = [said, to];
    },
    breakOff(line) {
      faults.broken = line;
    },
    close() {
      server.close();
      cut();
    },
  };
}
