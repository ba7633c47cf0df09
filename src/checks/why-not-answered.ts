/** Why a query through a published port came to nothing. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { loginOf, passwordOf, SERVER_PORT } from '../postgres/login.ts';
import { shortId } from '../values.ts';
import { logsOf, portsOf, psqlLine } from './evidence.ts';
import { listenerOn } from './listener.ts';
import { foundOldData, isInitialising } from './set-up.ts';

const NOT_READY = ['still-initialising', 'listens-inside-only', 'port-open-not-ready'] as const;

const REFUSED = [
  'wrong-user',
  'missing-database',
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
  'no-answer',
] as const;

/** `cause` is the answer's. */
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
      const bindings = container.bindings.filter(({ hostPort }) => hostPort === port);
      const isHere = bindings.some(({ hostIp }) => hostIp === '0.0.0.0' || hostIp === look.host);
      const told = { ...values, seen: bindings[0]?.hostIp ?? '', host: port, inside: SERVER_PORT };
      return notMet(isHere ? 'nobody-listens' : 'only-one-address', told, portsOf(container));
    }
    case 'closed':
    case 'ECONNRESET':
    case '57P03':
      return notMet(await whyNotReady(look, container), values, logsOf(container));
    case '28P01':
    case '28000':
    case '3D000':
    case 'no-password': {
      const finding = await whyRefused(look, container, cause);
      const who = finding === 'another-server' ? await listenerOn(look, port) : '';
      return notMet(finding, { ...values, who }, evidence);
    }
    default:
      return notMet('no-answer', values, evidence);
  }
}

/** The port is open, and all who knock are sent away before they could say who they are. */
async function whyNotReady(look: Look, container: Container): Promise<(typeof NOT_READY)[number]> {
  if (await isInitialising(look, container)) return 'still-initialising';
  const inside = await look.inside(container, 'show listen_addresses');
  const isDeaf = inside.ok && !/\*|0\.0\.0\.0/.test(inside.rows[0]?.[0] ?? '');
  return isDeaf ? 'listens-inside-only' : 'port-open-not-ready';
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
  if (!inside.ok && inside.cause === '28000') return 'wrong-user';
  if (!inside.ok && inside.cause === '3D000') return 'missing-database';
  const hasPassword = passwordOf(container.env) !== null;
  // What the container itself takes, and the port does not, was not refused by the container.
  if (hasPassword && (await look.atOwnAddress(container, 'select 1')).ok) return 'another-server';
  if (cause === 'no-password') return 'password-not-given';
  return hasPassword && (await foundOldData(look, container)) ? 'old-password-counts' : 'wrong-password';
}
