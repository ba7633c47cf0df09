/** What a seat may ask, with the key of its connection: it reads and writes what is its own, and nothing else. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { seatKey } from '../codes.ts';
import type { Joined } from '../protocol.ts';
import { UPGRADE } from '../wire.ts';
import { AnsweringWire, hangUp } from './answering-wire.ts';
import { askedFrom, isCourier, joiningFrom } from './asked.ts';
import { answer, answerRefusal, bodyOf, refusalOf } from './bodies.ts';
import type { Committing } from './committing.ts';
import { joining, leaving, ownSeat, Refusal, ranging, type SeatId } from './deciding.ts';
import { identityOn } from './front.ts';
import { type Inboxes, isFor } from './inboxes.ts';
import { Bucket, RATES } from './limits.ts';

export interface SeatsDesk {
  commits: Committing;
  inboxes: Inboxes;
  workshop: string;
  secret: Buffer;
  /** Seats of a group at most. */
  most(): number;
  now(): number;
  /** A seat has told how many lines it still has. */
  told(id: SeatId, more: number): void;
}

const WIRE = /^\/api\/1\/seats\/(\d{1,6})\/wire$/;

export class SeatsApi {
  readonly #desk: SeatsDesk;
  readonly #newSeats: Bucket;
  readonly #requests = new Map<string, Bucket>();
  readonly #bytes = new Map<string, Bucket>();
  /** Connections by which somebody has joined: a second seat by one is a flooder's. */
  readonly #joinedBy = new WeakSet<object>();

  constructor(desk: SeatsDesk) {
    this.#desk = desk;
    this.#newSeats = new Bucket(RATES.newSeats, desk.now());
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#route(request)
      .then((joined) => answer(response, 200, joined))
      .catch((error) => answerRefusal(request, response, error));
  }

  /** Makes a wire of the connection, or says in HTTP why not. `head`: what came behind the request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Who hangs up meanwhile is no trouble.
    socket.on('error', () => socket.destroy());
    try {
      this.#openWire(request, socket, head);
    } catch (error) {
      refuseUpgrade(socket, refusalOf(error));
    }
  }

  async #route(request: IncomingMessage): Promise<Joined> {
    const identity = identityOn(request.socket);
    if (identity === undefined) throw new Refusal(403, 'not-yours');
    const own = identity.is === 'seat' ? identity : null;
    if (own) this.#limit(this.#requests, own, RATES.seatRequests, 1);
    if (request.url !== '/api/1/seats' || request.method !== 'POST') throw new Refusal(403, 'not-yours');
    return this.#join(request, own);
  }

  #openWire(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const identity = identityOn(request.socket);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://board');
    const [, seat] = WIRE.exec(pathname) ?? [];
    if (identity?.is !== 'seat' || Number(seat) !== identity.seat) throw new Refusal(403, 'not-yours');
    this.#limit(this.#requests, identity, RATES.seatRequests, 1);
    const courier = searchParams.get('courier') ?? '';
    const after = Number(searchParams.get('after') ?? 0);
    const isOurs = request.method === 'GET' && request.headers.upgrade === UPGRADE;
    if (!isOurs || !isCourier(courier) || !Number.isSafeInteger(after)) throw new Refusal(400, 'bad-request');
    const { commits, inboxes } = this.#desk;
    ownSeat(commits.ledger, identity);
    this.#speak(identity, courier);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${UPGRADE}\r\n\r\n`);
    const wire = new AnsweringWire(socket, head, (line, bytes) => this.#act(identity, courier, line, bytes));
    const missed = commits.ledger.words.filter((word) => isFor(word, identity) && word.heard.id > after);
    inboxes.open(identity, wire, missed);
  }

  async #act(own: SeatId, courier: string, line: unknown, bytes: number): Promise<object> {
    const { commits, now, inboxes, told } = this.#desk;
    this.#limit(this.#requests, own, RATES.seatRequests, 1);
    this.#limit(this.#bytes, own, RATES.seatBytes, bytes);
    const asked = checked(askedFrom(line, courier));
    ownSeat(commits.ledger, own);
    this.#speak(own, courier);
    const at = () => new Date(now()).toISOString();
    switch (asked.ask) {
      case 'through':
        return commits.commit((ledger) => {
          ownSeat(ledger, own);
          return { records: [], answer: ledger.through(own.epoch, own.seat, asked.journal) };
        });
      case 'range': {
        const { journal, range } = asked;
        const through = await commits.commit((ledger) => ranging(ledger, own, journal, range, at()));
        told(own, range.more);
        return through;
      }
      case 'beat':
        told(own, asked.more);
        return {};
      case 'leave':
        await commits.commit((ledger) => leaving(ledger, own, asked, at()));
        inboxes.part(own);
        return {};
    }
  }

  async #join(request: IncomingMessage, own: SeatId | null): Promise<Joined> {
    const { commits, workshop, secret, now } = this.#desk;
    const most = this.#desk.most();
    const asked = checked(joiningFrom(await bodyOf(request)));
    if (own && own.nonce !== asked.nonce) throw new Refusal(403, 'not-yours');
    const isNew = commits.ledger.seatOfNonce(commits.ledger.epoch, asked.nonce) === undefined;
    if (!own && isNew) {
      if (this.#joinedBy.has(request.socket) || !this.#newSeats.take(1, now()))
        throw new Refusal(429, 'too-many');
      this.#joinedBy.add(request.socket);
    }
    const at = new Date(now()).toISOString();
    const joined = await commits.commit((ledger) => joining(ledger, asked, { at, most, known: own }));
    const { epoch, seat } = joined;
    const key = seatKey(secret, { is: 'seat', workshop, epoch, seat, nonce: asked.nonce }).toString('hex');
    return { ...joined, key };
  }

  #speak(own: SeatId, courier: string): void {
    if (!this.#desk.inboxes.speaks(own, courier)) throw new Refusal(423, 'other-courier');
  }

  #limit(
    buckets: Map<string, Bucket>,
    own: SeatId,
    rate: { burst: number; perSecond: number },
    amount: number,
  ): void {
    const key = `${own.epoch} ${own.seat}`;
    const now = this.#desk.now();
    const bucket = buckets.get(key) ?? new Bucket(rate, now);
    buckets.set(key, bucket);
    if (!bucket.take(amount, now)) throw new Refusal(429, 'too-many');
  }
}

function checked<T>(asked: T | null): T {
  if (asked === null) throw new Refusal(400, 'bad-request');
  return asked;
}

/** There is no `ServerResponse` for a request to upgrade. */
function refuseUpgrade(socket: Duplex, { status, body }: Refusal): void {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ].join('\r\n');
  hangUp(socket, `${head}\r\n\r\n${text}`);
}
