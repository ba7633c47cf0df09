/** Why a server did not answer its own psql, inside its container. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Answer } from '../lab/service.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { SERVER_PORT } from '../postgres/login.ts';
import { listeningPort } from '../postgres/said-in-log.ts';
import { shortId, type Values } from '../values.ts';
import { logsOf } from './evidence.ts';
import { isComingUp } from './set-up.ts';

export const SILENT_INSIDE = [
  'password-inside',
  'still-initialising',
  'too-many-connections',
  'access-rule-refuses',
  'server-on-another-port',
  'no-answer-inside',
] as const;

/** Causes of a server that nobody reaches, or that sends everybody away until it is up. */
const NOT_UP = /^(ENOENT|ECONNREFUSED|closed|57P03)$/;

/**
 * The verdict on a server that is not there yet, asks even its own psql for a password, or has something else wrong.
 * `again` asks once more the way that it was asked: one that has come up since then was only asked too early.
 */
export async function silentInside(
  look: Look,
  container: Container,
  values: Values,
  cause: string,
  evidence = logsOf(container),
  again: () => Promise<Answer> = () => look.inside(container, 'select 1'),
): Promise<Verdict<(typeof SILENT_INSIDE)[number]>> {
  const told = { ...values, short: shortId(container.id), cause, inside: 'scram' };
  if (cause === 'no-password' || cause === '28P01') return notMet('password-inside', told, evidence);
  if (cause === '53300') return notMet('too-many-connections', told, evidence);
  if (cause === '57P03' || (await isComingUp(look, container)))
    return notMet('still-initialising', told, logsOf(container));
  const seen = listeningPort(await look.engine.logs(container.id));
  if (seen !== null && seen !== SERVER_PORT) {
    return notMet('server-on-another-port', { ...told, seen, inside: SERVER_PORT }, logsOf(container));
  }
  if (NOT_UP.test(cause) && isUp(await again())) return notMet('still-initialising', told, logsOf(container));
  return notMet(cause === '28000' ? 'access-rule-refuses' : 'no-answer-inside', told, evidence);
}

function isUp(answer: Answer): boolean {
  return answer.ok || !NOT_UP.test(answer.cause);
}
