/** The only importer of pg. One connection, one query, one answer; only `query-slow` is thrown. */
import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Answer, Session, Target } from '../lab/service.ts';
import { messageOf } from '../trouble.ts';
import { ANSWER_WITHIN_MS, CANCELED, OWN_APPLICATION, requireInTime } from './own-queries.ts';
import { soundMessages } from './sound-messages.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** By then a server that keeps its word has cancelled the query itself. */
const HEARD_WITHIN_MS = ANSWER_WITHIN_MS + 5_000;
/** Bytes: what we ask for is a few rows. Who listens at a port may be anybody, and say anything for ever. */
const MOST_HEARD = 4_000_000;
/** To say farewell to a server that does not move any more. */
const FAREWELL_WITHIN_MS = 2_000;

/** Five letters and digits, by which a server says what went wrong. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

export async function query(
  target: Target,
  sql: string,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
  heardWithinMs = HEARD_WITHIN_MS,
): Promise<Answer> {
  const client = clientFor(target, { connectTimeoutMs, statement_timeout: ANSWER_WITHIN_MS });
  limitHeard(client);
  let tooLate: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    tooLate = setTimeout(() => breakOff(client, CANCELED, 'it has not answered'), heardWithinMs);
    const result = await client.query<string[]>({ text: sql, rowMode: 'array' });
    return { ok: true, rows: result.rows.map((row) => row.map((cell) => String(cell ?? ''))) };
  } catch (error) {
    const cause = causeOf(error);
    requireInTime(cause);
    return { ok: false, cause, message: messageOf(error) };
  } finally {
    clearTimeout(tooLate);
    // The answer is there: nobody has to wait for the farewell.
    client.end().catch(() => {});
  }
}

/**
 * What a first authenticated connection costs beyond the second: WebCrypto loads its parts when they
 * are first used. Called while one waits for a server anyway; saves about 10 ms of the wait after it.
 */
export async function warmUp(): Promise<void> {
  const { subtle } = globalThis.crypto;
  const bytes = new Uint8Array(32);
  const password = await subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']);
  await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes, iterations: 1 }, password, 256);
  const key = await subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  await Promise.all([subtle.sign('HMAC', key, bytes), subtle.digest('SHA-256', bytes)]);
}

export async function openSession(target: Target): Promise<Session> {
  const client = clientFor(target);
  const askAnew = limitHeard(client);
  await client.connect().catch((error) => {
    client.end().catch(() => {});
    throw error;
  });
  return {
    async ask(sql) {
      askAnew();
      try {
        const result = await client.query<string[]>({ text: sql, rowMode: 'array' });
        return { ok: true, rows: result.rows.map((row) => row.map(String)) };
      } catch (error) {
        return { ok: false, cause: causeOf(error), message: messageOf(error) };
      }
    },
    async end() {
      const stuck = setTimeout(() => breakOff(client, 'closed', 'it has not ended'), FAREWELL_WITHIN_MS);
      await client.end().catch(() => {});
      clearTimeout(stuck);
    },
  };
}

function clientFor(
  target: Target,
  { connectTimeoutMs = CONNECT_TIMEOUT_MS, ...limits }: Limits = {},
): pg.Client {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // A function: else pg would look for one in the environment and in ~/.pgpass.
    password: (() => target.password) as () => string,
    connectionTimeoutMillis: connectTimeoutMs,
    ...limits,
    application_name: OWN_APPLICATION,
    ssl: false,
    types: { getTypeParser: () => (value: string) => value },
  });
  refuseToTell(client, target);
  hearOnlySound(client);
  // A server that goes away under an idle client emits here; without a listener node would exit.
  client.on('error', () => {});
  return client;
}

/** Breaks off who does not speak the protocol of Postgres. */
function hearOnlySound(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { attachListeners(stream: unknown): void } };
  const hear = connection.attachListeners.bind(connection);
  const broken = (outOfForm: boolean) =>
    breakOff(client, outOfForm ? 'failed' : 'other-protocol', 'what answers does not speak as Postgres does');
  connection.attachListeners = () => hear(soundMessages(streamOf(client), broken));
}

/** Breaks off who says more to one question than any of ours asks for; the returned function begins another one. */
function limitHeard(client: pg.Client): () => void {
  let heard = 0;
  streamOf(client).on('data', ({ length }: Buffer) => {
    heard += length;
    if (heard > MOST_HEARD) breakOff(client, 'too-much', `it has sent more than ${MOST_HEARD} bytes`);
  });
  return () => {
    heard = 0;
  };
}

function streamOf(client: pg.Client): Duplex {
  return (client as unknown as { connection: { stream: Duplex } }).connection.stream;
}

/** What waits for an answer fails with this code. */
function breakOff(client: pg.Client, code: string, why: string): void {
  streamOf(client).destroy(Object.assign(new Error(why), { code }));
}

/** A server that asks for a password in such a way does not get it. */
class AskedFor extends Error {
  readonly code: string;

  constructor(way: 'cleartext' | 'md5') {
    super(`the server asks for the password by ${way}`);
    this.name = 'AskedFor';
    this.code = `asked-for-${way}`;
  }
}

/** pg answers whatever it is asked for; these are the methods by which it does. */
function refuseToTell(client: pg.Client, { password, md5 }: Target): void {
  const { connection } = client as unknown as { connection: { emit(event: 'error', error: Error): void } };
  const refuse = (way: 'cleartext' | 'md5') => () =>
    connection.emit('error', password === undefined ? new Error('password is required') : new AskedFor(way));
  Object.assign(client, { _handleAuthCleartextPassword: refuse('cleartext') });
  if (!md5 || password === undefined) Object.assign(client, { _handleAuthMD5Password: refuse('md5') });
}

interface Limits {
  connectTimeoutMs?: number;
  statement_timeout?: number;
}

function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  // What a server sends in the place of a code may be the name of one of ours.
  const isOurs = !(error instanceof pg.DatabaseError);
  if (typeof code === 'string' && (isOurs || SQLSTATE.test(code))) return code;
  const message = messageOf(error);
  if (/password must be a string|password is required/i.test(message)) return 'no-password';
  if (/terminated|ended|not queryable/i.test(message)) return 'closed';
  if (/timeout/i.test(message)) return 'timeout';
  return 'failed';
}
