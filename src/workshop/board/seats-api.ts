/** What a seat may ask, with the key of its connection: it reads and writes what is its own, and nothing else. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { seatKey } from '../codes.ts';
import type { Joined } from '../protocol.ts';
import { beatFrom, joiningFrom, leavingFrom, rangeFrom } from './asked.ts';
import { answer, answerRefusal, bodyOf } from './bodies.ts';
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

const ROUTE = /^\/api\/1\/seats\/(\d{1,6})\/(inbox|beat|leave|journals\/([0-9a-zA-Z-]{1,64}))$/;
const COURIER = /^[0-9a-f]{8,64}$/;

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
    this.#route(request, response).catch((error) => answerRefusal(request, response, error));
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://board');
    const identity = identityOn(request.socket);
    if (identity === undefined) throw new Refusal(403, 'not-yours');
    const own = identity.is === 'seat' ? identity : null;
    if (own) this.#limit(this.#requests, own, RATES.seatRequests, 1);
    if (pathname === '/api/1/seats' && request.method === 'POST')
      return answer(response, 200, await this.#join(request, own));
    const [, seat, what = '', journal] = ROUTE.exec(pathname) ?? [];
    if (!own || Number(seat) !== own.seat) throw new Refusal(403, 'not-yours');
    const act = `${request.method} ${journal === undefined ? what : 'journal'}`;
    if (act === 'GET inbox') return this.#inbox(own, searchParams, response);
    return answer(response, 200, await this.#act(act, own, request, journal ?? ''));
  }

  async #act(act: string, own: SeatId, request: IncomingMessage, journal: string): Promise<object> {
    const { commits, now, inboxes, told } = this.#desk;
    const at = () => new Date(now()).toISOString();
    if (act === 'GET journal')
      return commits.commit((ledger) => {
        ownSeat(ledger, own);
        return { records: [], answer: ledger.through(own.epoch, own.seat, journal) };
      });
    const { value, bytes } = await bodyOf(request);
    this.#limit(this.#bytes, own, RATES.seatBytes, bytes);
    switch (act) {
      case 'POST journal': {
        const range = checked(rangeFrom(value));
        this.#speak(own, range.courier);
        const through = await commits.commit((ledger) => ranging(ledger, own, journal, range, at()));
        told(own, range.more);
        return through;
      }
      case 'POST beat': {
        const { courier, more } = checked(beatFrom(value));
        ownSeat(commits.ledger, own);
        this.#speak(own, courier);
        told(own, more);
        return {};
      }
      case 'POST leave': {
        const asked = checked(leavingFrom(value));
        await commits.commit((ledger) => leaving(ledger, own, asked, at()));
        inboxes.part(own);
        return {};
      }
      default:
        throw new Refusal(404, 'bad-request');
    }
  }

  async #join(request: IncomingMessage, own: SeatId | null): Promise<Joined> {
    const { commits, workshop, secret, now } = this.#desk;
    const most = this.#desk.most();
    const asked = checked(joiningFrom((await bodyOf(request)).value));
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

  #inbox(own: SeatId, asked: URLSearchParams, response: ServerResponse): void {
    const { commits, inboxes } = this.#desk;
    const courier = asked.get('courier') ?? '';
    const after = Number(asked.get('after') ?? 0);
    if (!COURIER.test(courier) || !Number.isSafeInteger(after)) throw new Refusal(400, 'bad-request');
    ownSeat(commits.ledger, own);
    this.#speak(own, courier);
    const missed = commits.ledger.words.filter((word) => isFor(word, own) && word.heard.id > after);
    inboxes.open(own, courier, response, missed);
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
