/**
 * A seat of the tests: it speaks to a board over real sockets and real TLS-PSK, and shares nothing with the courier but the
 * types of the wire and the making of keys.
 */
import { randomBytes } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type TLSSocket } from 'node:tls';
import { type Identity, identityOf, joinIdentity, joinKey, PSK_TLS } from '../src/workshop/codes.ts';
import type { Joined, Range, Through } from '../src/workshop/protocol.ts';
import { WireOfTest, wireOn } from './wire-of-test.ts';

export interface Said {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a board answers is looked at by the tests.
  body: any;
  headers: IncomingMessage['headers'];
}

/** Who speaks for a seat where a test does not say otherwise. */
const COURIER = '0123456789abcdef';

/** A line of connections with one key: for requests; and for a wire, where it is a seat's. */
export class Line {
  readonly agent: Agent;
  readonly #port: number;
  readonly #connect: () => TLSSocket;
  #courier = COURIER;
  #wire: WireOfTest | null = null;
  /** The seat whose key it is. */
  readonly #seat: number;

  constructor(port: number, identity: Identity | string, psk: Buffer, maxSockets = 4) {
    this.#port = port;
    this.#seat = typeof identity !== 'string' && identity.is === 'seat' ? identity.seat : 0;
    const text = typeof identity === 'string' ? identity : identityOf(identity);
    this.#connect = () =>
      connect({
        ...{ ...PSK_TLS, port, host: '127.0.0.1' },
        pskCallback: () => ({ psk, identity: text }),
        checkServerIdentity: () => undefined,
      });
    this.agent = new Agent({ keepAlive: true, maxSockets });
    this.agent.createConnection = (_options, done) => {
      const socket = this.#connect();
      socket.on('secureConnect', () => done?.(null, socket));
      socket.on('error', (error) => done?.(error, socket));
      return undefined as never;
    };
  }

  /**
   * Says a line over the seat's wire, which is opened where it is not. An answer is also why it was not opened. Where the
   * board is to hang up after its answer, it is waited for.
   */
  async ask(asked: unknown, courier = this.#courier): Promise<Said> {
    const wire = await this.wire({ courier });
    if (!(wire instanceof WireOfTest)) return wire;
    const said = await wire.ask(asked);
    if (![200, 409, 503].includes(said.status)) await wire.ended;
    return said;
  }

  /** Brings lines of a journal, as the courier that the range names. */
  bring(journal: string, { courier, ...range }: Range): Promise<Said> {
    return this.ask({ ask: 'range', journal, ...range }, courier);
  }

  /** How far the board has a journal. */
  through(journal: string): Promise<Said> {
    return this.ask({ ask: 'through', journal });
  }

  /** The wire that is open, for this courier; or a new one. */
  async wire({ courier = this.#courier, after = 0, seat = this.#seat } = {}): Promise<WireOfTest | Said> {
    if (this.#wire?.isOver === false && courier === this.#courier) return this.#wire;
    this.#courier = courier;
    const opened = await wireOn(
      this.#connect(),
      `/api/1/seats/${seat}/wire?courier=${courier}&after=${after}`,
    );
    if (opened instanceof WireOfTest) this.#wire = opened;
    return opened;
  }

  async say(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Said> {
    const bytes =
      body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const asked = request(
        { port: this.#port, host: '127.0.0.1', method, path, agent: this.agent, headers },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(parts).toString();
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, body: text === '' ? null : JSON.parse(text) });
          });
        },
      );
      asked.on('error', reject);
      asked.end(bytes ?? undefined);
    });
  }

  end(): void {
    this.agent.destroy();
    this.#wire?.socket.destroy();
  }
}

/** Keys of codes: to stretch one takes a while. */
const stretched = new Map<string, Buffer>();

export async function lineToJoin(port: number, code: string, workshop: string, epoch = 1): Promise<Line> {
  const name = `${code} ${workshop} ${epoch}`;
  const key = stretched.get(name) ?? (await joinKey(code, workshop, epoch));
  stretched.set(name, key);
  return new Line(port, joinIdentity(code, workshop, epoch), key);
}

export const newNonce = () => randomBytes(16).toString('hex');

export function lineOfSeat(port: number, { workshop, epoch, seat, key }: Joined, nonce: string): Line {
  const identity = { is: 'seat', workshop: workshop.id, epoch, seat, nonce } as const;
  return new Line(port, identity, Buffer.from(key, 'hex'));
}

/** A made journal: a mark a line, and what it tells. */
function markOf(journal: string, seq: number, salt = ''): string {
  let hash = 0x811c9dc5;
  for (const character of `${journal} ${seq} ${salt}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

export function rangeOf(journal: string, from: Through, to: number, courier: string, salt = ''): Range {
  const seqs = Array.from({ length: to - from.seq }, (_, at) => from.seq + at + 1);
  return {
    ...{
      after: from.seq,
      afterMark: from.mark,
      fork: from.fork,
      to,
      mark: markOf(journal, to, salt),
    },
    lost: [],
    lean: seqs.map((seq) => ({
      seq,
      at: '2026-11-27T00:00:00.000Z',
      type: 'hinted',
      step: 'image',
      level: seq % 4,
    })),
    ...{ more: 0, courier },
  };
}
