/** What a verb asks of the Postgres that keeps what boards have: once, with a connection of its own. */
import type pg from 'pg';
import { messageOf, Trouble } from '../../trouble.ts';
import type { BoardRecord } from '../records.ts';
import { clientFor } from './postgres-client.ts';
import { recordOfLine } from './record-line.ts';

/** Where it is, without a password, and the password. */
interface Named {
  url: string;
  password: string | null;
}

/** The ticket of the workshop that is open there, for another board of it; null: none is. Trouble `workshop-store`. */
export function ticketInStore(named: Named): Promise<string | null> {
  return ask(named, async (client) => {
    const { rows } = await client.query<{ ticket: string }>(
      'select ticket from pglab_workshop where closed is null order by opened desc limit 1',
    );
    return rows[0]?.ticket ?? null;
  });
}

/** All that boards have stored of a workshop, in its order. Trouble `workshop-store`. */
export async function recordsInStore(named: Named, workshop: string): Promise<BoardRecord[]> {
  const all = await ask(named, async (client) => {
    const { rows } = await client.query<{ line: string }>(
      'select line from pglab_record where workshop = $1 order by n',
      [workshop],
    );
    return rows.flatMap(({ line }) => recordOfLine(line) ?? []);
  });
  return all ?? [];
}

/** Deletes what is there of a workshop that is closed. Trouble `workshop-store`. */
export async function forgetInStore(named: Named, workshop: string): Promise<void> {
  await ask(named, (client) =>
    client.query(
      `with closed as (delete from pglab_workshop where id = $1 and closed is not null returning id)
       delete from pglab_record using closed where workshop = closed.id`,
      [workshop],
    ),
  );
}

/** Null where no board has ever kept anything there. */
async function ask<T>(
  { url, password }: Named,
  question: (client: pg.Client) => Promise<T>,
): Promise<T | null> {
  const client = clientFor(url, password);
  try {
    await client.connect();
    const { rows: tables } = await client.query("select to_regclass('pglab_workshop') is not null as there");
    return tables[0]?.there === true ? await question(client) : null;
  } catch (cause) {
    throw new Trouble('workshop-store', { why: messageOf(cause) }, { cause });
  } finally {
    await client.end().catch(() => {});
  }
}
