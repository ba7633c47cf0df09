/** Checks that ask the server from inside its container. */
import type { Check } from '../lab/model.ts';
import { alive, insideLine, login, logsOf, met, notMet, SYSTEM_ID, short } from './alive.ts';

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
        `select current_setting('server_version_num')::int / 10000, split_part(current_setting('server_version'), ' ', 1), (${SYSTEM_ID})`,
      );
      if (!answer.ok) {
        const values = { name, short: short(container), cause: answer.cause };
        return notMet(
          answer.cause === 'ENOENT' || answer.cause === '57P03' ? 'still-initialising' : 'no-answer-inside',
          values,
          logsOf(container),
        );
      }
      const [major = '', version = '', systemId = ''] = answer.rows[0] ?? [];
      const promised = container.env.PG_MAJOR;
      const values = { name, version, systemId, major, promised: promised ?? '', ...login(container) };
      if (promised && promised !== major) return notMet('another-major', values, evidence);
      return met(values, evidence);
    },
  };
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
      const sql =
        'select type, coalesce(address, $$$$), auth_method from pg_hba_file_rules order by line_number';
      const evidence = insideLine(container, 'select type, address, auth_method from pg_hba_file_rules');
      const answer = await look.ask(container, sql);
      const values = { name, short: short(container) };
      if (!answer.ok) return notMet('no-answer-inside', { ...values, cause: answer.cause }, evidence);
      const inside = answer.rows.find(([type]) => type === 'local')?.[2];
      const outside = answer.rows.find(([type, address]) => type === 'host' && address === 'all')?.[2];
      if (inside !== 'trust')
        return notMet('password-inside', { ...values, inside: inside ?? '?' }, evidence);
      if (!outside || outside === 'trust') return notMet('trust-outside', values, evidence);
      return met({ inside, outside }, evidence);
    },
  };
}

/** A table holds one row with this text. */
export function holdsRow(name: string, table: string, column: string, text: string, id: string): Check {
  return {
    id,
    kind: 'holds-row',
    says: ['row'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const sql = `select ${column} from ${table}`;
      const evidence = insideLine(container, sql);
      const answer = await look.ask(container, sql);
      const values = { name, short: short(container), table, row: text };
      if (!answer.ok) {
        return answer.cause === '42P01'
          ? notMet('row-missing', values, evidence)
          : notMet('no-answer-inside', { ...values, cause: answer.cause }, logsOf(container));
      }
      return answer.rows.some(([cell]) => cell === text)
        ? met(values, evidence)
        : notMet('row-missing', values, evidence);
    },
  };
}

/** A new server of the same image does not have this table: its data began anew. */
export function lacksTable(name: string, table: string, id: string): Check {
  return {
    id,
    kind: 'lacks-table',
    says: ['table'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const sql = `select count(*) from pg_class where relname = '${table}'`;
      const evidence = insideLine(container, sql);
      const answer = await look.ask(container, sql);
      const values = { name, short: short(container), table };
      if (!answer.ok)
        return notMet('no-answer-inside', { ...values, cause: answer.cause }, logsOf(container));
      return answer.rows[0]?.[0] === '0'
        ? met(values, evidence)
        : notMet('row-still-there', values, evidence);
    },
  };
}
