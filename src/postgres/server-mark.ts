/** What tells one server from every other, whichever way one asks it. */
import type { Answer } from '../lab/service.ts';

/** The mark of its data, made by initdb; a copy of the data has the same. A read-only function of every major. */
export const SYSTEM_ID = 'select system_identifier from pg_control_system()';

/** Two columns: the mark of its data and the moment of its start, so that a copy is another server. */
export const SERVER_MARK = `(${SYSTEM_ID}), extract(epoch from pg_postmaster_start_time())`;

/** The mark of the server that `ask` leads to; `lasts`: it is not the temporary one of a first set-up. */
export async function markOf(
  ask: (sql: string) => Promise<Answer>,
): Promise<{ mark: Answer; lasts: boolean }> {
  const answer = await ask(`select ${SERVER_MARK}, current_setting('listen_addresses')`);
  if (!answer.ok) return { mark: answer, lasts: false };
  const [[id = '', started = '', listens = ''] = []] = answer.rows;
  // The temporary server listens nowhere.
  return { mark: { ok: true, rows: [[id, started]] }, lasts: listens !== '' };
}
