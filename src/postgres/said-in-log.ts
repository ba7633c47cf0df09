/** What a server's log says of those who came to it, and of where it listens. */
import type { Refused } from '../lab/service.ts';

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
  // Anybody may write a log: a number that is no port is none.
  return port === undefined || Number(port) > 65_535 ? null : Number(port);
}

/** Who was refused last; null: nobody. */
export function lastRefused(log: string): Refused | null {
  const line = log.split('\n').findLast((each) => UNKNOWN.test(each) || WRONG_PASSWORD.test(each));
  return line === undefined ? null : refusedBy(line);
}

/** All who were refused, each once: the detail of a refusal says the same of it with another word. */
export function allRefused(log: string): Refused[] {
  const found: Refused[] = [];
  for (const line of log.split('\n')) {
    const refused = refusedBy(line);
    if (refused === null) continue;
    if (IS_DETAIL.test(line)) found.pop();
    found.push(refused);
  }
  return found;
}

const IS_DETAIL = /DETAIL: {2}/;

function refusedBy(line: string): Refused | null {
  const at = TIME.exec(line)?.[1] ?? '';
  const [, database, unknown] = UNKNOWN.exec(line) ?? [];
  if (unknown !== undefined) return { kind: database ? 'database' : 'role', name: unknown, at };
  const user = WRONG_PASSWORD.exec(line)?.[1];
  return user === undefined ? null : { kind: 'password', name: user, at };
}

/** The rule by which a server kept somebody out. Its file is named from 16 on. */
const KEPT_OUT =
  /(?:DETAIL: {2}|^\t)Connection matched (?:pg_hba\.conf|file "[^"\n]{1,400}") line (\d{1,7}): "([^\n]{1,300})"/gm;

/** The line of pg_hba.conf by which somebody was kept out last, and what it says; null: the log tells of none. */
export function keptOutBy(log: string): { line: number; rule: string } | null {
  const last = [...log.matchAll(KEPT_OUT)].at(-1);
  return last ? { line: Number(last[1]), rule: String(last[2]).trim().replaceAll(/\s+/g, ' ') } : null;
}

const CAME = /\[(\d{1,9})\] LOG: {2}connection received: host=(\S{1,100})/;
/** Of 14 and later; who is let in without being asked anything is told from 17 on. */
const LET_IN =
  /\[(\d{1,9})\] LOG: {2}connection authenticated: \S[^\n]{0,200} method=[\w-]{1,40} \([^\n]{1,400}:(\d{1,7})\)$/;

/**
 * The line of pg_hba.conf that let somebody in last, over the socket or from elsewhere; null where the log does not
 * tell: by default a server does not write of connections.
 */
export function letInBy(log: string, way: 'socket' | 'network'): number | null {
  const ways = new Map<string, typeof way>();
  let found: number | null = null;
  for (const line of log.split('\n')) {
    const [, came, host] = CAME.exec(line) ?? [];
    if (came !== undefined) ways.set(came, host === '[local]' ? 'socket' : 'network');
    const [, pid = '', at] = LET_IN.exec(line) ?? [];
    if (at !== undefined && ways.get(pid) === way) found = Number(at);
  }
  return found;
}
