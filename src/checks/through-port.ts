/** A query through a published port, as the learner would make it. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Answer, Target } from '../lab/service.ts';
import { loginOf, passwordOf } from '../postgres/login.ts';

/** Where it goes and how it gets in: by the container's password, else the learner's own. */
export function targetOf(
  look: Look,
  container: Container,
  port: number,
  password = givenPassword(look, container),
): Target {
  const { md5 } = look.trust(container);
  return { host: look.host, port, ...loginOf(container.env), ...(password ? { password, md5 } : {}) };
}

/** The learner's own password, which only a server that was made in this run gets. */
function ownPassword(look: Look, container: Container): string | null {
  return look.trust(container).isOfRun ? look.learnersPassword : null;
}

function givenPassword(look: Look, container: Container): string | null {
  return passwordOf(container.env) ?? ownPassword(look, container);
}

/**
 * A query with the container's password, and where that is refused with the learner's own: a volume may
 * remember another one than its container was given. With the password that was offered last.
 */
export async function queryThrough(
  look: Look,
  container: Container,
  port: number,
  sql: string,
): Promise<{ answer: Answer; password: string | null }> {
  const given = givenPassword(look, container);
  const answer = await look.query(targetOf(look, container, port, given), sql);
  const isRefused = !answer.ok && answer.cause === '28P01';
  const own = ownPassword(look, container);
  if (!isRefused || own === null || own === given) return { answer, password: given };
  return { answer: await look.query(targetOf(look, container, port, own), sql), password: own };
}
