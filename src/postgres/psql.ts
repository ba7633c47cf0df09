/** Asks a server by psql in its own container: over the socket, or to an address inside. */
import type { Answer, Environment, Exec, InsideOptions, Peer } from '../lab/service.ts';
import { databaseArgument } from './database-argument.ts';
import { CLIENT_PASSWORD, loginOf, requiredAuth } from './login.ts';
import {
  ANSWER_WITHIN_MS,
  FIELD,
  LOOKED_FROM,
  OWN_APPLICATION,
  OWN_CLIENT,
  requireInTime,
} from './own-queries.ts';

export async function queryInside(
  exec: Exec,
  env: Environment,
  sql: string,
  { host, password, database }: InsideOptions = {},
): Promise<Answer> {
  const login = loginOf(env);
  const result = await exec(
    [
      ...[...OWN_CLIENT, '-v', 'VERBOSITY=verbose', '-v', 'ON_ERROR_STOP=1'],
      ...(host ? ['-h', host] : []),
      ...['-U', login.user, '-d', databaseArgument(database || login.database), '-c', sql],
    ],
    {
      LC_ALL: 'C',
      // A container that was told another server by these would be asked for that one.
      PGHOST: '',
      PGHOSTADDR: '',
      PGAPPNAME: OWN_APPLICATION,
      PGOPTIONS: `-c statement_timeout=${ANSWER_WITHIN_MS}`,
      ...(password === undefined ? {} : { [CLIENT_PASSWORD]: password, ...requiredAuth({ md5: true }) }),
    },
  );
  if (result.exitCode === 0) {
    const lines = result.stdout.split('\n').filter((line) => line !== '');
    return { ok: true, rows: lines.map((line) => line.split(FIELD)) };
  }
  const cause = causeOfPsql(result.stderr);
  requireInTime(cause);
  return { ok: false, cause, message: result.stderr.trim() };
}

/** Who has a connection open, first who came first, so that each keeps its place. */
export async function peersInside(exec: Exec, env: Environment): Promise<Peer[]> {
  const sql = `select application_name, coalesce(host(client_addr), ''), coalesce(client_port, 0) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${OWN_APPLICATION}' order by backend_start, pid`;
  const answer = await queryInside(exec, env, sql, { database: LOOKED_FROM });
  if (!answer.ok) return [];
  return answer.rows.map(([application = '', address = '', port = '']) => ({
    application,
    address,
    port: Number(port),
  }));
}

/** psql's sentences, which are the same in every version from 9.6 on where these words go. */
export function causeOfPsql(text: string): string {
  const state = /(?:ERROR|FATAL): {2}([0-9A-Z]{5}):/.exec(text)?.[1];
  if (state) return state;
  const known: [RegExp, string][] = [
    [/no password supplied/, 'no-password'],
    [/server requested a cleartext password/, 'asked-for-cleartext'],
    [/server requested a hashed password/, 'asked-for-md5'],
    [/password authentication failed/, '28P01'],
    [/the database system is (starting up|shutting down)/, '57P03'],
    [/Connection refused/, 'ECONNREFUSED'],
    [/No such file or directory/, 'ENOENT'],
    [/database "[^\n]{0,200}" does not exist/, '3D000'],
    [
      /role "[^\n]{0,200}" (does not exist|is not permitted to log in)|no pg_hba\.conf entry|pg_hba\.conf rejects/,
      '28000',
    ],
    [/too many (clients|connections)|remaining connection slots/, '53300'],
    [/closed the connection unexpectedly/, 'closed'],
    [/timeout expired/, 'timeout'],
  ];
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? 'failed';
}
