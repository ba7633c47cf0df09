/**
 * A board: takes what the seats' couriers bring, stores it, and tells the room. It knows everything again once it has read
 * what was stored; it may be killed at any time.
 *
 *     const board = await startBoard({ ticket, store, room, version: '0.2.0', port: 0 });
 *     board.port;                                   // where seats come in
 *     await board.act({ act: 'say', text: 'Five minutes' });
 *     await board.stop();
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BoardNews } from '../board-schema.ts';
import { type Identity, isGuessable, seatKey } from '../codes.ts';
import type { Through } from '../protocol.ts';
import type { BoardRecord, Store } from '../records.ts';
import type { Room, RoomKept } from '../room/room.ts';
import type { Ticket } from '../ticket.ts';
import type { Bringing } from './asked.ts';
import { Assistants } from './assistants.ts';
import { answer } from './bodies.ts';
import { Committing } from './committing.ts';
import { bringing } from './deciding.ts';
import { identityOn, listenAt, openFront } from './front.ts';
import { helloOfBoard } from './hello.ts';
import { Inboxes } from './inboxes.ts';
import { type Act, acting } from './instructing.ts';
import { JoinKeys } from './join-keys.ts';
import type { Ledger } from './ledger.ts';
import { Bucket, RATES } from './limits.ts';
import { Newsroom } from './newsroom.ts';
import { SeatsApi } from './seats-api.ts';

export interface BoardOptions {
  ticket: Ticket;
  store: Store;
  /** Who shows what happens. */
  room: Room;
  /** Of this pglab. */
  version: string;
  /** In place of the ticket's; 0: any that is free. */
  port?: number;
  /** Answers in clear text what is neither `/hello` nor secret; true where it has. */
  plain?: (request: IncomingMessage, response: ServerResponse) => boolean;
  now?: () => number;
  /** As it is by now: who assists is let in, and new seats are, by what it says then. */
  ticketNow?: () => Ticket;
  /** Its store is no more, or another board's: nothing of it can be told. */
  lost?: () => void;
}

export interface Board {
  port: number;
  /** This process, among several that serve one workshop. */
  id: string;
  readonly ledger: Ledger;
  /** Seats of a group at most, as is so now. */
  readonly most: number;
  /** Why nothing can be stored now; null where it can. */
  readonly trouble: unknown;
  /** Lines that are stored. */
  readonly stored: number;
  /** What each seat of this group still has, as it last said; null: it had told all, and is not here. */
  behind(): ReadonlyMap<number, number | null>;
  act(act: Act): Promise<{ id: number | null }>;
  /** Lines that came by a file, of a seat that is not thereby here. */
  bring(brought: Bringing): Promise<Through>;
  /** Calls with all that there is to show, then with each change. Returns how to stop. */
  watch(watcher: (news: BoardNews) => void): () => void;
  /** By the board's clock, in milliseconds. */
  now(): number;
  stop(): Promise<void>;
}

/** Trouble `workshop-port-taken` where its port is another's. */
export async function startBoard(options: BoardOptions): Promise<Board> {
  const board = new RunningBoard(options);
  await board.begin();
  return board;
}

class RunningBoard implements Board {
  readonly id = randomBytes(4).toString('hex');
  port = 0;
  stored = 0;
  readonly #options: BoardOptions;
  readonly #secret: Buffer;
  readonly #newsroom: Newsroom;
  readonly now: () => number;
  readonly #commits: Committing;
  readonly #inboxes: Inboxes;
  readonly #front: ReturnType<typeof openFront>;
  readonly #wrong: Bucket;
  readonly #behind = new Map<number, number | null>();
  readonly #joinKeys: JoinKeys;
  readonly #assistants: Assistants;
  #unfollow = () => {};

  constructor(options: BoardOptions) {
    const { ticket, store, now = Date.now } = options;
    this.#options = options;
    this.now = now;
    this.#newsroom = new Newsroom(options.room, now);
    this.#secret = Buffer.from(ticket.secret, 'hex');
    this.#joinKeys = new JoinKeys(ticket.id, this.#secret);
    this.#wrong = new Bucket(RATES.wrongCodes, now());
    this.#commits = new Committing(store, {
      stored: (records) => this.#heard(records),
      kept: () => ({ room: options.room.kept(), stored: this.stored }),
      recalled: (state) => this.#recall(state as { room: RoomKept; stored: number }),
      lost: () => options.lost?.(),
    });
    this.#inboxes = new Inboxes(now, {
      sat: ({ epoch, seat }) => this.#present(epoch, seat, true),
      gone: ({ epoch, seat }) => this.#present(epoch, seat, false),
    });
    const seats = new SeatsApi({
      ...{ commits: this.#commits, inboxes: this.#inboxes, workshop: ticket.id, secret: this.#secret },
      ...{ most: () => this.most, now },
      told: ({ epoch, seat }, more) => this.#told(epoch, seat, more),
    });
    this.#assistants = new Assistants({
      ...{ board: this, workshop: ticket.id, secret: this.#secret },
      areLetIn: () => (options.ticketNow?.() ?? ticket).assistants,
      epoch: () => this.ledger.epoch,
      view: () => options.room.view(now()),
    });
    this.#front = openFront({
      keyOf: (identity) => this.#keyOf(identity),
      failed: (identity) => isGuessable(identity) && this.#wrong.take(1, this.now()),
      seats: (request, response) => {
        const isAssistant = identityOn(request.socket)?.is === 'assistant';
        (isAssistant ? this.#assistants : seats).answer(request, response);
      },
      ...{ upgrade: seats.upgrade.bind(seats), plain: this.#plain.bind(this) },
    });
  }

  get ledger(): Ledger {
    return this.#commits.ledger;
  }

  get most(): number {
    const { room, ticket, ticketNow = () => ticket } = this.#options;
    room.most = ticketNow().seats;
    return room.most;
  }

  get trouble(): unknown {
    return this.#commits.trouble;
  }

  async begin(): Promise<void> {
    const { store, ticket, port = ticket.listen.port } = this.#options;
    // Stretched on other threads while the log is read. Of a later group they are made once that is known.
    await Promise.all([this.#joinKeys.make(1), this.#commits.replay()]);
    this.#unfollow = store.follow((records) => this.#commits.takeFromOthers(records));
    const { id: workshop, name, lab } = ticket;
    if (this.ledger.workshop === '')
      await this.#commits.commit(({ epoch }) => {
        const at = new Date(this.now()).toISOString();
        return { records: [{ at, epoch, type: 'opened', workshop, name, lab }], answer: null };
      });
    await this.#joinKeys.make(this.ledger.epoch);
    this.port = await listenAt(this.#front.server, { host: ticket.listen.host, port });
  }

  behind(): ReadonlyMap<number, number | null> {
    return this.#behind;
  }

  async act(act: Act): Promise<{ id: number | null }> {
    const done = await this.#commits.commit((ledger) =>
      acting(ledger, act, new Date(this.now()).toISOString()),
    );
    await this.#joinKeys.make(this.ledger.epoch);
    return done;
  }

  bring(brought: Bringing): Promise<Through> {
    return this.#commits.commit((ledger) => bringing(ledger, brought, new Date(this.now()).toISOString()));
  }

  watch(watcher: (news: BoardNews) => void): () => void {
    return this.#newsroom.watch(watcher);
  }

  async stop(): Promise<void> {
    this.#unfollow();
    this.#newsroom.stop();
    this.#inboxes.stop();
    this.#front.stop();
    await this.#options.store.close();
  }

  #keyOf(identity: Identity): Buffer | null {
    if (identity.workshop !== this.#options.ticket.id) return null;
    if (identity.is === 'seat') return seatKey(this.#secret, identity);
    if (identity.is === 'assistant') return this.#assistants.keyOf(identity.epoch);
    const mayTry = !isGuessable(identity) || this.#wrong.take(0, this.now());
    return mayTry ? this.#joinKeys.of(identity) : null;
  }

  #recall({ room, stored }: { room: RoomKept; stored: number }): void {
    this.#options.room.recall(room);
    this.stored = stored;
  }

  /** Tells those who listen of what is stored. */
  #heard(records: readonly BoardRecord[]): void {
    for (const record of records) {
      this.#options.room.take(record);
      if (record.type === 'range') this.stored += record.to - record.after;
      if ('id' in record) {
        for (const word of this.ledger.words.filter(({ heard }) => heard.id === record.id))
          this.#inboxes.say(word);
      }
      if (record.type === 'removed') this.#inboxes.part(record);
      if (record.type !== 'reset-wanted' || !record.next) continue;
      this.#behind.clear();
      // Also where another board began the group.
      void this.#joinKeys.make(this.ledger.epoch);
    }
    this.#newsroom.poke();
  }

  #present(epoch: number, seat: number, isHere: boolean): void {
    if (epoch !== this.ledger.epoch) return;
    const { room } = this.#options;
    if (isHere) room.present(seat, this.now());
    else room.absent(seat, this.now());
    // What it still has, as it said last, it has; one that had told all may have more by now.
    if (!isHere && !this.#behind.get(seat)) this.#told(epoch, seat, null);
    this.#newsroom.poke();
  }

  #told(epoch: number, seat: number, more: number | null): void {
    if (epoch !== this.ledger.epoch) return;
    this.#behind.set(seat, more);
    if (this.#options.room.behind(seat, more)) this.#newsroom.poke();
  }

  #plain(request: IncomingMessage, response: ServerResponse): void {
    const { ticket, version: pglab } = this.#options;
    const own = { pglab, board: this.id, epoch: this.ledger.epoch, now: this.now() };
    if (request.method === 'GET' && request.url === '/hello')
      answer(response, 200, helloOfBoard(ticket, own));
    else if (!this.#options.plain?.(request, response)) answer(response, 404, {});
  }
}
