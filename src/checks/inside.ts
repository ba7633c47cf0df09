/** Checks that ask the server from inside its container. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Check } from '../lab/model.ts';
import { alive } from './alive.ts';
import {
  insideLine,
  isInitialising,
  login,
  logsOf,
  met,
  notMet,
  SYSTEM_ID,
  short,
  silentInside,
} from './verdict.ts';

/** psql in the container is answered, over the socket, and says which version. */
export function answersInside(name: string, id = 'answers-inside'): Check {
  return {
    id,
    kind: 'answers-inside',
    says: ['version', 'systemId', 'user'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = insideLine(container, 'select version()');
      const answer = await look.inside(
        container,
        `select current_setting('server_version_num')::int / 10000, split_part(current_setting('server_version'), ' ', 1), (${SYSTEM_ID}), current_setting('listen_addresses')`,
      );
      if (!answer.ok) {
        return silentInside(look, container, { name }, answer.cause, evidence);
      }
      const [major = '', version = '', systemId = '', addresses = ''] = answer.rows[0] ?? [];
      const promised = container.env.PG_MAJOR;
      const values = { name, version, systemId, major, promised: promised ?? '', ...login(container) };
      // The temporary server of the set-up answers inside as well; it listens to nobody else.
      if (addresses === '' && (await isInitialising(look, container))) {
        return notMet(
          'still-initialising',
          { ...values, short: short(container), cause: '' },
          logsOf(container),
        );
      }
      if (promised && promised !== major) return notMet('not-the-major-it-says', values, evidence);
      return met(values, evidence);
    },
  };
}

/** The method of the first rule that a connection from outside meets, as the server reads its rules. */
export const OUTSIDE_METHOD =
  "select auth_method from pg_hba_file_rules where type like 'host%' and error is null and not (database = '{replication}') and coalesce(address, '') not in ('127.0.0.1', '::1', 'localhost', 'samehost') order by line_number limit 1";

export function trustsOutside(method: string): boolean {
  return method === 'trust';
}

/**
 * Why no password is asked inside: the server's own rules trust the socket and the loopback, and ask
 * everybody else. Read from the server, with the lines it would match.
 */
export function trustedInside(name: string, id = 'trusted-inside'): Check {
  return {
    id,
    kind: 'trusted-inside',
    says: ['inside', 'outside'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const sql = `select (select auth_method from pg_hba_file_rules where type = 'local' order by line_number limit 1), (${OUTSIDE_METHOD})`;
      const evidence = insideLine(container, 'select type, address, auth_method from pg_hba_file_rules');
      const answer = await look.ask(container, sql);
      const values = { name, short: short(container) };
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const [inside = '', outside = ''] = answer.rows[0] ?? [];
      if (inside !== 'trust') return notMet('password-inside', { ...values, inside }, evidence);
      if (trustsOutside(outside)) return notMet('trust-outside', values, evidence);
      return met({ inside, outside }, evidence);
    },
  };
}

/**
 * A table holds one row with this text. `heir`: the container that has it if the first one was never
 * seen, since a row that was inherited must have been written.
 */
export function holdsRow(
  name: string,
  table: string,
  column: string,
  text: string,
  id: string,
  { heir }: { heir?: string } = {},
): Check {
  return {
    id,
    kind: 'holds-row',
    says: ['row'],
    about: { table, row: text },
    async judge(look) {
      const holder = heir !== undefined && look.formerId(name) === null ? heir : name;
      const found = await alive(look, holder);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const sql = `select ${column} from ${table}`;
      const evidence = insideLine(container, sql);
      const answer = await look.ask(container, sql);
      const values = { name: holder, short: short(container), table, row: text, column };
      if (!answer.ok && answer.cause !== '42P01' && answer.cause !== '42703') {
        return silentInside(look, container, values, answer.cause);
      }
      if (answer.ok && answer.rows.some(([cell]) => cell === text)) return met(values, evidence);
      const database = await databaseWith(look, container, table);
      return database === null
        ? notMet('row-missing', values, evidence)
        : notMet('row-in-another-database', { ...values, database }, evidence);
    },
  };
}

/** Another database of this server that has such a table, or null. */
async function databaseWith(look: Look, container: Container, table: string): Promise<string | null> {
  const own = login(container).database;
  const all = await look.ask(container, 'select datname from pg_database where not datistemplate');
  for (const [database = ''] of all.ok ? all.rows : []) {
    if (database === own) continue;
    const sql = `select count(*) from pg_class where relname = '${table}'`;
    const found = await look.inside(container, sql, { database });
    if (found.ok && found.rows[0]?.[0] !== '0') return database;
  }
  return null;
}

/** A new server of the same image does not have this table: its data began anew. */
export function lacksTable(name: string, table: string, id: string): Check {
  return {
    id,
    kind: 'lacks-table',
    says: ['table'],
    about: { table },
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const sql = `select count(*) from pg_class where relname = '${table}'`;
      const evidence = insideLine(container, sql);
      const answer = await look.ask(container, sql);
      const values = { name, short: short(container), table };
      if (!answer.ok) return silentInside(look, container, values, answer.cause);
      return answer.rows[0]?.[0] === '0'
        ? met(values, evidence)
        : notMet('row-still-there', values, evidence);
    },
  };
}
