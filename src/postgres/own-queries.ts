/** How our own connections go by, and how long a question may take: no time at all, unless it waits for a lock. */
import { Trouble } from '../trouble.ts';

/** By this name the server knows our own connections, through pg and through psql. */
export const OWN_APPLICATION = 'pglab';

/** Between two cells of a row: no text that we ask for has it. */
export const FIELD = '\u001f';

/** How each line begins by which we ask from inside. */
export const OWN_CLIENT = ['psql', '-X', '-w', '-A', '-t', '-F', FIELD] as const;

/** As an engine tells of it: its words with a space between them. Nobody types that separator. */
export function isAskedByUs(command: string): boolean {
  return command.startsWith(`${OWN_CLIENT.join(' ')} `);
}

/**
 * Who only looks, as a map does in whichever process, comes by this database: each server has it, nobody works in it, and
 * a server counts the sessions of each database apart.
 */
export const LOOKED_FROM = 'template1';

const OTHERS = `from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${OWN_APPLICATION}' and state is distinct from 'starting'`;

/** The sessions of all who did more than look. Majors before 14 count none: there the first is empty. The temporary server of a set-up listens nowhere. */
export const VISITS = `select sum((to_jsonb(counted)->>'sessions')::numeric), (select count(*) ${OTHERS}), (select count(*) ${OTHERS} and query = ''), current_setting('listen_addresses') from pg_stat_database counted where datname is distinct from '${LOOKED_FROM}'`;

export const ANSWER_WITHIN_MS = 20_000;

/** query_canceled: how a server says that the time for a statement is over. */
export const CANCELED = '57014';

/** Trouble `query-slow` where that is why there was no answer: it says nothing about the world. */
export function requireInTime(cause: string): void {
  if (cause === CANCELED) throw new Trouble('query-slow', { seconds: ANSWER_WITHIN_MS / 1000 });
}
