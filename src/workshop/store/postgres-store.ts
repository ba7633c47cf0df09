/**
 * The store of several boards: a Postgres that is there already. Each group of records is one transaction, which holds the row
 * of its workshop, so that all boards see one order; and one notification without content, which only says "look".
 *
 * A reader asks for what was written by transactions from the oldest one on that was still open at its last look (`xid8`),
 * never for what is beyond the last number: a lower number may be committed later.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { messageOf, Trouble } from '../../trouble.ts';
import type { BoardRecord, Store } from '../records.ts';
import { clientFor } from './postgres-client.ts';
import { lineOfRecord, recordOfLine } from './record-line.ts';

/** A notification is lost with its connection: what is new is asked for this often all the same. */
const LOOK_EVERY_MS = 1_000;
const CHANNEL = 'pglab_workshop';
const LOCK_OF_TABLES = 748_675_029;

const TABLES = `
  create table if not exists pglab_workshop (
    id text primary key, ticket text not null, opened timestamptz not null default now(), closed timestamptz);
  create table if not exists pglab_record (
    workshop text not null, n bigint generated always as identity, x xid8 not null default pg_current_xact_id(),
    line text not null, primary key (workshop, n));
  create index if not exists pglab_record_x on pglab_record (workshop, x);`;

/** It told of people, and has told it: seven days after it was closed a workshop goes, when the next board begins. */
const FORGET_OLD = `
  with old as (delete from pglab_workshop where closed < now() - interval '7 days' returning id)
  delete from pglab_record using old where workshop = old.id;`;

interface PostgresOptions {
  /** `postgres://user@host:5432/database`, without a password. */
  url: string;
  password: string | null;
  workshop: string;
  /** What another board needs to serve the same workshop, as a text. */
  ticket: string;
}

/** Trouble `workshop-store` where it cannot be used. */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const store = new PostgresStore(options);
  await store.begin();
  return store;
}

class PostgresStore implements Store {
  readonly #options: PostgresOptions;
  #writer: pg.Client | null = null;
  #listener: pg.Client | null = null;
  #take: (records: readonly BoardRecord[]) => void = () => {};
  /** The oldest transaction that was open at the last look. */
  #from = '0';
  /** Numbers that were read already, of transactions from then on. */
  #seen = new Map<string, string>();
  #looking: NodeJS.Timeout | null = null;
  /** One look, or one group, at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PostgresOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    try {
      const writer = await this.#connected();
      // Two boards that begin at once would make the tables at once.
      await writer.query(
        `begin; select pg_advisory_xact_lock(${LOCK_OF_TABLES}); ${TABLES} ${FORGET_OLD} commit`,
      );
      const { workshop, ticket } = this.#options;
      await writer.query('insert into pglab_workshop (id, ticket) values ($1, $2) on conflict do nothing', [
        workshop,
        ticket,
      ]);
    } catch (cause) {
      throw this.#trouble(cause);
    }
  }

  /** Its readers know transactions, not how many records came before. */
  kept(): null {
    return null;
  }

  keep(): void {}

  async *replay(): AsyncGenerator<BoardRecord[]> {
    this.#from = '0';
    this.#seen.clear();
    yield await this.#inTurn(async () => this.#newIn(await this.#connected()));
  }

  append(decide: () => readonly BoardRecord[]): Promise<void> {
    return this.#inTurn(async () => {
      const writer = await this.#connected();
      try {
        await writer.query('begin');
        await writer.query('select from pglab_workshop where id = $1 for update', [this.#options.workshop]);
        const others = await this.#newIn(writer);
        if (others.length > 0) this.#take(others);
        const records = decide();
        if (records.length > 0) await this.#insert(writer, records.map(lineOfRecord));
        if (records.some(({ type }) => type === 'closed')) await this.#close(writer);
        await writer.query('commit');
      } catch (cause) {
        // Whether it was committed nobody knows: who asks again finds out.
        this.#drop();
        throw this.#trouble(cause);
      }
    });
  }

  follow(take: (records: readonly BoardRecord[]) => void): () => void {
    this.#take = take;
    void this.#listen();
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
    return () => {
      if (this.#looking !== null) clearInterval(this.#looking);
      this.#take = () => {};
    };
  }

  async close(): Promise<void> {
    if (this.#looking !== null) clearInterval(this.#looking);
    await this.#turn.catch(() => {});
    await Promise.race([Promise.all([this.#writer?.end(), this.#listener?.end()]), delay(1_000)]);
  }

  async #insert(writer: pg.Client, lines: readonly string[]): Promise<void> {
    const { rows } = await writer.query<{ n: string; x: string }>(
      'insert into pglab_record (workshop, line) select $1, line from unnest($2::text[]) with ordinality as t (line, at) order by at returning n::text, x::text',
      [this.#options.workshop, lines],
    );
    for (const { n, x } of rows) this.#seen.set(n, x);
    await writer.query("select pg_notify($1, '')", [CHANNEL]);
  }

  async #close(writer: pg.Client): Promise<void> {
    await writer.query('update pglab_workshop set closed = now() where id = $1', [this.#options.workshop]);
  }

  /** What was not read yet, in its order. What others have not committed yet comes at the next look. */
  async #newIn(client: pg.Client): Promise<BoardRecord[]> {
    const { rows } = await client.query<{ n: string; x: string; line: string; oldest: string }>(
      `select n::text, x::text, line, pg_snapshot_xmin(pg_current_snapshot())::text as oldest
       from pglab_record r where workshop = $1 and x >= $2::xid8 order by r.n`,
      [this.#options.workshop, this.#from],
    );
    const fresh = rows.filter(({ n }) => !this.#seen.has(n));
    for (const { n, x } of rows) this.#seen.set(n, x);
    const oldest = rows[0]?.oldest;
    if (oldest !== undefined) this.#from = oldest;
    for (const [n, x] of this.#seen) if (BigInt(x) < BigInt(this.#from)) this.#seen.delete(n);
    return fresh.flatMap(({ line }) => recordOfLine(line) ?? []);
  }

  #look(): void {
    this.#inTurn(async () => {
      const records = await this.#newIn(await this.#connected());
      if (records.length > 0) this.#take(records);
    }).catch(() => this.#drop());
    if (this.#listener === null) void this.#listen();
  }

  async #listen(): Promise<void> {
    const listener = this.#client();
    this.#listener = listener;
    const gone = () => {
      if (this.#listener === listener) this.#listener = null;
    };
    listener.on('error', gone).on('end', gone);
    listener.on('notification', () => this.#look());
    await listener
      .connect()
      .then(() => listener.query(`listen ${CHANNEL}`))
      .catch(gone);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.catch(() => {}).then(act);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #connected(): Promise<pg.Client> {
    if (this.#writer !== null) return this.#writer;
    const client = this.#client();
    client.on('error', () => this.#drop());
    await client.connect();
    this.#writer = client;
    return client;
  }

  #drop(): void {
    this.#writer?.end().catch(() => {});
    this.#writer = null;
  }

  #client(): pg.Client {
    return clientFor(this.#options.url, this.#options.password);
  }

  #trouble(cause: unknown): Trouble {
    if (cause instanceof Trouble) return cause;
    return new Trouble('workshop-store', { why: messageOf(cause) }, { cause });
  }
}
