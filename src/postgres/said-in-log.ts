/** What a server's log says of those who came to it, and of where it listens. */

const LISTENING = 'listening on IPv';

/** Longer names than the server takes are cut by it. Who comes over TCP is told less than the log: see its detail. */
const UNKNOWN = /(?:FATAL: {2}(?:role|(database))|DETAIL: {2}Role) "([^"]{1,63})" does not exist/;
const WRONG_PASSWORD = /FATAL: {2}password authentication failed for user "([^"]{1,63})"/;

/** The time of day with which the image's servers begin a line, without fractions. */
const TIME = /^\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d)/;

/** The TCP port on which the server of the last start listens; null: it has not said. */
export function listeningPort(log: string): number | null {
  const at = log.lastIndexOf(LISTENING);
  if (at < 0) return null;
  const port = /^listening on IPv[46] address "[^"]{1,60}", port (\d{1,5})/.exec(
    log.slice(at, at + 120),
  )?.[1];
  return port === undefined ? null : Number(port);
}

/** For what somebody was refused: a name that the server does not know, or the password of a user that it does. */
interface Refused {
  kind: 'role' | 'database' | 'password';
  /** Of the role or the database; for a password the user's. */
  name: string;
  /** `16:00:00` by the server's clock; empty where its lines begin without a time. */
  at: string;
}

/** Who was refused last; null: nobody. */
export function lastRefused(log: string): Refused | null {
  const line = log.split('\n').findLast((each) => UNKNOWN.test(each) || WRONG_PASSWORD.test(each));
  if (line === undefined) return null;
  const at = TIME.exec(line)?.[1] ?? '';
  const [, database, unknown] = UNKNOWN.exec(line) ?? [];
  if (unknown !== undefined) return { kind: database ? 'database' : 'role', name: unknown, at };
  return { kind: 'password', name: WRONG_PASSWORD.exec(line)?.[1] ?? '', at };
}
