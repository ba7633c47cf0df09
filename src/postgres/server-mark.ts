/** What tells one server from every other, whichever way one asks it. */

/** The mark of its data, made by initdb; a copy of the data has the same. A read-only function of every major. */
export const SYSTEM_ID = 'select system_identifier from pg_control_system()';

/** Two columns: the mark of its data and the moment of its start, so that a copy is another server. */
export const SERVER_MARK = `(${SYSTEM_ID}), extract(epoch from pg_postmaster_start_time())`;
