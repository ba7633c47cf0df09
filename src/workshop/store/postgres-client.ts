/** A connection to the Postgres that keeps what boards have. */
import pg from 'pg';

const CONNECT_WITHIN_MS = 10_000;
const STATEMENT_WITHIN_MS = 10_000;
const DEFAULT_PORT = 5_432;

/** Without a connection yet. `url`: `postgres://user@host:5432/database`, without a password. */
export function clientFor(url: string, password: string | null): pg.Client {
  const { hostname, port, username, pathname, searchParams } = new URL(url);
  const client = new pg.Client({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || DEFAULT_PORT),
    user: decodeURIComponent(username) || 'postgres',
    database: decodeURIComponent(pathname.slice(1)) || 'postgres',
    ssl: searchParams.get('sslmode') === 'require' || searchParams.get('sslmode') === 'verify-full',
    // A function: else pg would look for one in the environment and in ~/.pgpass.
    password: () => password ?? '',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    application_name: 'pglab board',
  });
  // A server that goes away under an idle client emits here; without a listener node would exit.
  client.on('error', () => {});
  return client;
}
