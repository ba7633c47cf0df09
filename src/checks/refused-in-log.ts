/**
 * What is remarked of a server that answers, where its log tells of somebody whom it refused: the learner asks here
 * why.
 */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Refused } from '../lab/service.ts';
import { met, type Verdict } from '../lab/verdict.ts';
import { isPasswordCut, loginOf, passwordOf, SETTINGS } from '../postgres/login.ts';
import { lastRefused } from '../postgres/said-in-log.ts';
import { shortId, type Values } from '../values.ts';
import { passwordLine } from './evidence.ts';

const NAMES = { role: 'role-missing', database: 'database-missing' } as const;

/** Met; notes `role-missing` or `database-missing`, where somebody came by a name that the server does not know. */
export async function answeredInside(
  look: Look,
  container: Container,
  values: Values,
  evidence: string,
): Promise<Verdict<never>> {
  const refused = await refusedSince(look, container);
  if (refused === null || refused.kind === 'password') return met(values, evidence);
  return met({ ...values, refused: refused.name }, evidence, NAMES[refused.kind]);
}

/**
 * As `answeredInside`, for one who comes through a port with this password; notes `password-refused` as well, and
 * `password-cut` where the server took a part of what it was given.
 */
export async function answeredThrough(
  look: Look,
  container: Container,
  password: string | null,
  values: Values,
  evidence: string,
): Promise<Verdict<never>> {
  const given = passwordOf(container.env);
  const told = {
    ...values,
    short: shortId(container.id),
    ...loginOf(container.env),
    again: passwordLine(container),
  };
  if (isPasswordCut(container.env) && password === given) {
    const from = container.env[`${SETTINGS.password}_FILE`] ?? SETTINGS.password;
    return met({ ...told, from }, evidence, 'password-cut');
  }
  const refused = await refusedSince(look, container);
  if (refused === null) return met(values, evidence);
  const seen = { ...told, refused: refused.name, at: refused.at || '?' };
  if (refused.kind !== 'password') return met(seen, evidence, NAMES[refused.kind]);
  // Where the container's own password is an old one, it was pglab that was refused.
  return given !== null && password === given
    ? met(seen, evidence, 'password-refused')
    : met(values, evidence);
}

/** Who was refused last; null: nobody, or the learner was let in after that. */
async function refusedSince(look: Look, container: Container): Promise<Refused | null> {
  const refused = lastRefused(await look.engine.logs(container.id));
  return refused !== null && look.cameAfter(container, refused.at) ? null : refused;
}
