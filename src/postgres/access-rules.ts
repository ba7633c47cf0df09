/** Who must give a password, as the server reads its own rules (pg_hba.conf). */

/** The method of the first rule that a connection over the socket meets. */
export const SOCKET_METHOD =
  "select auth_method from pg_hba_file_rules where type = 'local' order by line_number limit 1";

/** The method of the first rule that a connection from outside meets. */
export const OUTSIDE_METHOD =
  "select auth_method from pg_hba_file_rules where type like 'host%' and error is null and not (database = '{replication}') and coalesce(address, '') not in ('127.0.0.1', '::1', 'localhost', 'samehost') order by line_number limit 1";

/** Whether a method lets everybody in. */
export function isTrust(method: string): boolean {
  return method === 'trust';
}
