/** Who must give a password, as the server reads its own rules (pg_hba.conf). */

/** The method of the first rule that a connection over the socket meets. */
export const SOCKET_METHOD =
  "select auth_method from pg_hba_file_rules where type = 'local' order by line_number limit 1";

/** The method of the first rule that a connection from outside meets. */
export const OUTSIDE_METHOD =
  "select auth_method from pg_hba_file_rules where type like 'host%' and error is null and not (database = '{replication}') and coalesce(address, '') not in ('127.0.0.1', '::1', 'localhost', 'samehost') order by line_number limit 1";

/** Methods by which a server asks for a password in clear text. Source: the manual's chapter on authentication. */
const CLEARTEXT = ['password', 'ldap', 'pam', 'radius', 'bsd'] as const;

/** The methods of its rules by which a server may ask for a password in a way that tells it; empty: none does. */
export const TELLING_METHODS: Readonly<Record<'cleartext' | 'md5', string>> = {
  cleartext: methodsAmong(CLEARTEXT),
  md5: methodsAmong(['md5']),
};

function methodsAmong(methods: readonly string[]): string {
  const among = methods.map((method) => `'${method}'`).join(', ');
  return `select coalesce(string_agg(distinct auth_method, ', '), '') from pg_hba_file_rules where type like 'host%' and auth_method in (${among})`;
}

/** Whether a method lets everybody in. */
export function isTrust(method: string): boolean {
  return method === 'trust';
}
