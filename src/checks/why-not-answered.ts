/** Why a query through a published port came to nothing. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { NO_WAY } from '../lab/service.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { TELLING_METHODS } from '../postgres/access-rules.ts';
import { knowsMd5Only, loginOf, majorOf, passwordOf, SERVER_PORT } from '../postgres/login.ts';
import { isBrokenSetUp } from '../postgres/setup-log.ts';
import { refusalOf } from '../postgres/sqlstate.ts';
import { Trouble } from '../trouble.ts';
import { shortId, type Values } from '../values.ts';
import { insideLine, logsOf, passwordLine, portsOf, psqlLine } from './evidence.ts';
import { listenerOn } from './listener.ts';
import { otherServerPort } from './on-published.ts';
import { foundOldData, isComingUp } from './set-up.ts';

const NOT_READY = [
  'still-initialising',
  'server-on-another-port',
  'listens-inside-only',
  'port-open-not-ready',
] as const;

/** Findings of a server that asks for the password in a way that tells it, and does not get it. */
const ASKED_FOR = ['asked-in-clear', 'asked-by-md5'] as const;

const REFUSED = [
  'wrong-user',
  'missing-database',
  'access-rule-refuses',
  'set-up-cut-off',
  'another-server',
  'password-not-given',
  'old-password-counts',
  'wrong-password',
] as const;

/** Every check that asks through a published port may name each of them. */
export const NOT_ANSWERED = [
  'nobody-listens',
  'only-one-address',
  ...NOT_READY,
  ...REFUSED,
  ...ASKED_FOR,
  'too-many-connections',
  'no-answer',
] as const;

/** The verdict on a query that was not answered, for this `cause` of the answer's. */
export async function whyNotAnswered(
  look: Look,
  container: Container,
  port: number,
  cause: string,
): Promise<Verdict<(typeof NOT_ANSWERED)[number]>> {
  const login = loginOf(container.env);
  const short = shortId(container.id);
  const values = { name: container.name, short, port, cause, error: cause, ...login };
  const evidence = psqlLine(look, container, port, 'select 1');
  switch (cause) {
    case 'ECONNREFUSED': {
      if (await isDeaf(look, container))
        return notMet('listens-inside-only', { ...values, inside: SERVER_PORT }, logsOf(container));
      await requireReached(look, container, port, cause);
      return onlyElsewhere(look, container, port) ?? notMet('nobody-listens', values, portsOf(container));
    }
    case 'closed':
    case 'ECONNRESET':
    case '57P03':
      return whyNotReady(look, container, { ...values, inside: SERVER_PORT });
    case '28P01':
    case '28000':
    case '3D000':
    case 'no-password': {
      const finding = await whyRefused(look, container, cause);
      const who = finding === 'another-server' ? await listenerOn(look, port) : '';
      return notMet(finding, { ...values, who }, evidence);
    }
    case 'asked-for-cleartext':
    case 'asked-for-md5':
      return whyAskedFor(look, container, { ...values, inside: SERVER_PORT }, cause);
    case '53300':
      return notMet('too-many-connections', values, evidence);
    default:
      await requireReached(look, container, port, cause);
      return notMet('no-answer', values, evidence);
  }
}

/** The verdict that a port is published at another address than the one where it is asked; null: it is not so. */
export function onlyElsewhere(
  look: Look,
  container: Container,
  port: number,
): Verdict<'only-one-address'> | null {
  const bindings = container.bindings.filter(({ hostPort }) => hostPort === port);
  if (bindings.some(({ hostIp }) => hostIp === '0.0.0.0' || hostIp === look.host)) return null;
  const values = { name: container.name, short: shortId(container.id), host: port, inside: SERVER_PORT };
  return notMet('only-one-address', { ...values, seen: bindings[0]?.hostIp ?? '' }, portsOf(container));
}

/**
 * Trouble where the server is up, and only the way to it is not open from here: `port-dropped`, `port-elsewhere`. Whether
 * anybody listens on this machine is seen, where the engine is known to be on it.
 */
async function requireReached(look: Look, container: Container, port: number, cause: string): Promise<void> {
  const isRefused = cause === 'ECONNREFUSED';
  if (!NO_WAY.test(cause) || (isRefused && look.proven)) return;
  // Bound to one address of that machine, it is refused at the others.
  const bound = container.bindings.filter(({ hostPort }) => hostPort === port);
  if (isRefused && !bound.some(({ hostIp }) => hostIp === '0.0.0.0' || hostIp === look.host)) return;
  const inside = await look.inside(container, 'select 1', { host: '127.0.0.1' });
  // Where it neither answers nor refuses inside, the fault is its own.
  if (!inside.ok && refusalOf(inside.cause) === null) return;
  const values = { short: shortId(container.id), host: look.host, port, cause };
  throw new Trouble(isRefused ? 'port-elsewhere' : 'port-dropped', values);
}

/** The port is open, and all who knock are sent away before they could say who they are. */
async function whyNotReady(
  look: Look,
  container: Container,
  values: Values,
): Promise<Verdict<(typeof NOT_READY)[number]>> {
  const evidence = logsOf(container);
  if (await isComingUp(look, container)) return notMet('still-initialising', values, evidence);
  const seen = await otherServerPort(look, container);
  if (seen !== null) return notMet('server-on-another-port', { ...values, seen }, evidence);
  return notMet(
    (await isDeaf(look, container)) ? 'listens-inside-only' : 'port-open-not-ready',
    values,
    evidence,
  );
}

/** The server answers inside, and listens to nobody outside of its container. */
async function isDeaf(look: Look, container: Container): Promise<boolean> {
  const inside = await look.inside(container, 'show listen_addresses');
  return inside.ok && !/\*|0\.0\.0\.0/.test(inside.rows[0]?.[0] ?? '');
}

/** Who asks for the password in such a way: this container's server by its own rules, or another server. */
async function whyAskedFor(
  look: Look,
  container: Container,
  values: Values,
  cause: 'asked-for-cleartext' | 'asked-for-md5',
): Promise<Verdict<(typeof ASKED_FOR)[number] | 'another-server'>> {
  const way = cause === 'asked-for-md5' ? 'md5' : 'cleartext';
  const rules = await look.inside(container, TELLING_METHODS[way]);
  const methods = rules.ok ? (rules.rows[0]?.[0] ?? '') : '?';
  if (methods === '') {
    const who = await listenerOn(look, Number(values.port));
    return notMet('another-server', { ...values, who }, portsOf(container));
  }
  const finding = way === 'md5' ? 'asked-by-md5' : 'asked-in-clear';
  const evidence = insideLine(container, 'table pg_hba_file_rules');
  // What 13 and before stored for MD5 is no SCRAM secret: by that rule nobody would get in.
  const better = knowsMd5Only(majorOf(container.env) ?? 0) ? 'md5' : 'scram-sha-256';
  const told = { ...values, methods, better, again: passwordLine(container) };
  return notMet(finding, told, evidence);
}

/**
 * A server let nobody in as this user. What it says outside is kept vague on purpose; inside, where
 * everybody is trusted, it says which of user, database and password is wrong.
 */
async function whyRefused(
  look: Look,
  container: Container,
  cause: string,
): Promise<(typeof REFUSED)[number]> {
  const inside = await look.inside(container, 'select 1');
  if (isBrokenSetUp(await look.engine.logs(container.id))) return 'set-up-cut-off';
  if (!inside.ok && inside.cause === '28000') {
    return /pg_hba\.conf/.test(inside.message) ? 'access-rule-refuses' : 'wrong-user';
  }
  if (!inside.ok && inside.cause === '3D000') return 'missing-database';
  const hasPassword = passwordOf(container.env) !== null;
  // What the container itself takes, and the port does not, was not refused by the container.
  if (hasPassword && (await look.atOwnAddress(container, 'select 1')).ok) return 'another-server';
  // Who is known inside, and refused outside before a password was asked for, is refused by a rule.
  if (cause === '28000') return 'access-rule-refuses';
  if (cause === 'no-password') return 'password-not-given';
  return hasPassword && (await foundOldData(look, container)) ? 'old-password-counts' : 'wrong-password';
}
