/** Who must give a password, as the server reads its own rules (pg_hba.conf). */

const OVER_SOCKET = "type = 'local'";

const FROM_OUTSIDE =
  "type like 'host%' and coalesce(address, '') not in ('127.0.0.1', '::1', 'localhost', 'samehost')";

/** Of the session that asks, over TCP and without TLS. What is told by a name, such as `samenet`, is passed over. */
const OF_THIS_SESSION =
  "type in ('host', 'hostnossl') and (address = 'all' or case when address ~ '^[0-9a-f.:]+$' and family(address::inet) = family(inet_client_addr()) then (inet_client_addr() & netmask::inet) = address::inet else false end)";

/** A rule is for databases and users: `all`, by name, or a database that has its user's name. */
const FOR_THIS_LOGIN =
  "error is null and (database && array['all', current_database()::text] or ('sameuser' = any(database) and current_database() = session_user)) and user_name && array['all', session_user::text]";

/** Longer rules are cut: a file may say anything. */
const LONGEST_RULE = 200;

/** The number of its line, a space, and the rule as the file has it but for the gaps between its words. */
const LINE_AND_RULE = `line_number || ' ' || left(concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), address, netmask, auth_method), ${LONGEST_RULE})`;

/** Of the first rule that fits: the server takes no other. */
function first(what: string, which: string, before = ''): string {
  return `select ${what} from pg_hba_file_rules as rule where ${which} and ${FOR_THIS_LOGIN} order by ${before}line_number limit 1`;
}

/** A rule that asks nobody counts, wherever it stands, unless one in front of it is for everybody already. */
const ASKS_NOBODY_FIRST = `(auth_method = 'trust' and not exists (select from pg_hba_file_rules as above where above.line_number < rule.line_number and above.type in ('host', rule.type) and above.address in ('all', '0.0.0.0') and ${FOR_THIS_LOGIN})) desc, `;

/** The method of the first rule that a connection over the socket meets. */
export const SOCKET_METHOD = first('auth_method', OVER_SOCKET);

/** The method of the first rule that a connection from outside meets; `trust`, where some of them need no password. */
export const OUTSIDE_METHOD = first('auth_method', FROM_OUTSIDE, ASKS_NOBODY_FIRST);

/** The rules themselves, each a cell for `ruleIn`. */
export const SOCKET_RULE = first(LINE_AND_RULE, OVER_SOCKET);
export const OUTSIDE_RULE = first(LINE_AND_RULE, FROM_OUTSIDE, ASKS_NOBODY_FIRST);
export const RULE_OF_THIS_SESSION = first(LINE_AND_RULE, OF_THIS_SESSION);

/** The rule on this line. */
export function ruleOnLine(line: number): string {
  return `select ${LINE_AND_RULE} from pg_hba_file_rules where line_number = ${line} limit 1`;
}

/** A line of pg_hba.conf. */
export interface Rule {
  line: number;
  /** `host all all all scram-sha-256`. */
  rule: string;
}

/** Null: no rule fits. */
export function ruleIn(cell: string): Rule | null {
  const [, line, rule = ''] = /^(\d+) (.*)$/s.exec(cell) ?? [];
  return line === undefined ? null : { line: Number(line), rule };
}

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
