/** Makes what a check looks through: engine, Postgres, this machine and this run's journal. */
import type { Container } from '../../engine/types.ts';
import { connect, connectedTo, listeners } from '../../host.ts';
import type { Client, InsideOptions, Look } from '../../lab/look.ts';
import { ANSWER_WITHIN_MS, requireInTime } from '../../postgres/limits.ts';
import { SERVER_MARK } from '../../postgres/server-mark.ts';
import type { Answer } from '../../postgres/session.ts';
import { hasTool, run } from '../../shell.ts';
import { Trouble } from '../../trouble.ts';
import type { Values } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';

/** By this name the server knows our own connections, through pg and through psql. */
const OWN_APPLICATION = 'pglab';

/** Processes that stand between a published port and a container, as far as they are known. */
const PROXIES = /^(docker-proxy|dockerd|rootlesskit|rootlessk|rootlessport|conmon|pasta|slirp4netns)/;

const FIELD = '\u001f';

/** How long a container's own address may take to let us in before we ask from inside instead. */
const OWN_ADDRESS_WITHIN_MS = 1_000;

/** All checks that share a look see the same containers: each is inspected once, by the first that asks. */
export function lookFor(context: RunContext, step: string, values: Values, seen: Snapshot): Look {
  const { engine, world, journal } = context;
  return {
    engine,
    values,
    host: context.host,
    local: context.local,
    image: async () => context.image,
    container: (name) => seen.container(name),
    volume: (name) => world.volume(name),
    query: async (target, sql) => (await import('../../postgres/query.ts')).query(target, sql),
    session: async (target) => (await import('../../postgres/query.ts')).openSession(target),
    inside: (container, sql, options) => queryInside(context, container, sql, options),
    atOwnAddress: (container, sql) => queryOwnAddress(context, container, sql),
    ask: (container, sql) => queryAnyWay(context, container, sql),
    serverMark: (container) => markInside(context, container),
    connect: (port) => connect(context.host, port),
    listeners,
    psqlVersion,
    psql,
    learnersPassword: context.learnersPassword,
    clients: (container) => clientsOf(context, container),
    otherEngine: () => otherEngine(context),
    ran(key) {
      // Only what this process ran: a world that has changed since was answered differently.
      const ended = journal.standing.step(step).ran.get(key);
      return ended && ended.seq > context.since ? ended : null;
    },
    watched: (check) => journal.standing.step(step).watched.get(check) ?? null,
    formerId: (name) => world.formerId(name),
    formerVolume: (name) => world.formerVolume(name),
  };
}

async function queryOwnAddress(
  context: RunContext,
  container: Container,
  sql: string,
  password = container.env.POSTGRES_PASSWORD,
): Promise<Answer> {
  const [address] = container.addresses;
  if (!address) return { ok: false, cause: 'no-address', message: '' };
  if (context.local && process.platform === 'linux') {
    const { query } = await import('../../postgres/query.ts');
    const user = container.env.POSTGRES_USER || 'postgres';
    const database = container.env.POSTGRES_DB || user;
    const target = { host: address, port: 5432, user, database, ...(password ? { password } : {}) };
    const answer = await query(target, sql, OWN_ADDRESS_WITHIN_MS);
    if (answer.ok || !/^(timeout|E(HOST|NET)UNREACH)$/.test(answer.cause)) return answer;
  }
  return queryInside(context, container, sql, { host: address, ...(password ? { password } : {}) });
}

/**
 * By TCP where this machine reaches the container and a password fits (five times as quick as an
 * exec), else from inside. An old volume keeps its first password: that one is tried first.
 */
export async function queryAnyWay(context: RunContext, container: Container, sql: string): Promise<Answer> {
  const first = container.mounts.map(({ source }) => context.volumePasswords.get(source)).find(Boolean);
  const password = first ?? container.env.POSTGRES_PASSWORD;
  const isNear = context.local && process.platform === 'linux' && password;
  const direct = isNear ? await queryOwnAddress(context, container, sql, password) : null;
  // A SQLSTATE of class 42 is the server's answer to the question itself.
  if (direct && (direct.ok || /^(42|ECONNREFUSED$)/.test(direct.cause))) return direct;
  const inside = await queryInside(context, container, sql, { host: '127.0.0.1' });
  // Of a server that lets nobody in, psql prints no SQLSTATE, and maybe not in English.
  return !inside.ok && inside.cause === 'failed' && direct ? direct : inside;
}

async function clientsOf(context: RunContext, container: Container): Promise<Client[]> {
  const answer = await queryInside(
    context,
    container,
    `select application_name, coalesce(host(client_addr), ''), coalesce(client_port, 0) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${OWN_APPLICATION}'`,
  );
  if (!answer.ok || answer.rows.length === 0) return [];
  const containers = await context.engine.listed();
  return answer.rows.map(([application = '', address = '', port = '']) => {
    const at = containers.find((each) => each.addresses.includes(address));
    const direct = context.local ? connectedTo(Number(port), container.addresses[0] ?? '', 5432) : null;
    const way =
      address === ''
        ? 'socket'
        : /^(127\.|::1$)/.test(address)
          ? 'loopback'
          : at && at.id !== container.id
            ? 'sibling'
            : at || (direct !== null && !PROXIES.test(direct))
              ? 'own-address'
              : 'port';
    return { application, way, from: at?.name ?? address };
  });
}

/** Plain `docker` goes elsewhere: that is seen by the engines' own ids, not by their addresses. */
async function otherEngine({ engine, learnersEndpoint }: RunContext): Promise<string | null> {
  if (learnersEndpoint === null || learnersEndpoint.url === engine.endpoint.url) return null;
  const { connectEngine } = await import('../../engine/connect.ts');
  try {
    const other = await connectEngine(learnersEndpoint);
    const isSame = other.info.id === engine.info.id && other.root === engine.root;
    return isSame ? null : learnersEndpoint.url;
  } catch (error) {
    // An engine that does not answer the learner has nothing of theirs.
    if (error instanceof Trouble) return null;
    throw error;
  }
}

async function markInside(context: RunContext, container: Container): Promise<Answer> {
  const start = `${container.id} ${container.startedAt}`;
  const known = context.serverMarks.get(start);
  if (known) return known;
  const sql = `select ${SERVER_MARK}, current_setting('listen_addresses')`;
  const answer = await queryInside(context, container, sql);
  if (!answer.ok) return answer;
  const [[id = '', started = '', listens = ''] = []] = answer.rows;
  const mark: Answer = { ok: true, rows: [[id, started]] };
  // The temporary server of a first set-up listens nowhere: the one that comes after it has another mark.
  if (listens !== '') context.serverMarks.set(start, mark);
  return mark;
}

/** Through psql in the container: the way that works on every engine, and asks for no port. */
async function queryInside(
  { engine }: Pick<RunContext, 'engine'>,
  container: Container,
  sql: string,
  { host, password, database = container.env.POSTGRES_DB }: InsideOptions = {},
): Promise<Answer> {
  const user = container.env.POSTGRES_USER || 'postgres';
  const result = await engine
    .exec(
      container.id,
      [
        ...['psql', '-X', '-w', '-A', '-t', '-F', FIELD, '-v', 'VERBOSITY=verbose', '-v', 'ON_ERROR_STOP=1'],
        ...(host ? ['-h', host] : []),
        ...['-U', user, '-d', database || user, '-c', sql],
      ],
      {
        LC_ALL: 'C',
        PGAPPNAME: OWN_APPLICATION,
        PGOPTIONS: `-c statement_timeout=${ANSWER_WITHIN_MS}`,
        ...(password === undefined ? {} : { PGPASSWORD: password }),
      },
    )
    .catch((error) => {
      // Trouble with the engine is no answer of the server's; that the container is gone, is one.
      if (error instanceof Trouble || !/^4/.test(String(error.statusCode))) throw error;
      return { exitCode: 126, stdout: '', stderr: String(error.message) };
    });
  if (result.exitCode === 0) {
    const lines = result.stdout.split('\n').filter((line) => line !== '');
    return { ok: true, rows: lines.map((line) => line.split(FIELD)) };
  }
  const cause = causeOfPsql(result.stderr);
  requireInTime(cause);
  return { ok: false, cause, message: result.stderr.trim() };
}

/** psql's sentences, which are the same in every version from 9.6 on where these words go. */
export function causeOfPsql(text: string): string {
  const state = /(?:ERROR|FATAL): {2}([0-9A-Z]{5}):/.exec(text)?.[1];
  if (state) return state;
  const known: [RegExp, string][] = [
    [/no password supplied/, 'no-password'],
    [/password authentication failed/, '28P01'],
    [/the database system is (starting up|shutting down)/, '57P03'],
    [/Connection refused/, 'ECONNREFUSED'],
    [/No such file or directory/, 'ENOENT'],
    [/database ".*" does not exist/, '3D000'],
    [
      /role ".*" (does not exist|is not permitted to log in)|no pg_hba\.conf entry|pg_hba\.conf rejects/,
      '28000',
    ],
    [/too many (clients|connections)|remaining connection slots/, '53300'],
    [/closed the connection unexpectedly/, 'closed'],
    [/timeout expired/, 'timeout'],
  ];
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? 'failed';
}

async function psqlVersion(): Promise<string | null> {
  if (!hasTool('psql')) return null;
  const { stdout } = await run(['psql', '--version']);
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? null;
}

async function psql(args: readonly string[], password?: string) {
  if (!hasTool('psql')) return null;
  const env = { LC_ALL: 'C', ...(password === undefined ? {} : { PGPASSWORD: password }) };
  return run(['psql', '-X', '-w', ...args], { env });
}
