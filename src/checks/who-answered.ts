/** A query through a published port that only the server in this container may answer. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { SERVER_MARK, SYSTEM_ID } from '../postgres/server-mark.ts';
import { shortId, type Values } from '../values.ts';
import { psqlLine } from './evidence.ts';
import { listenerOn } from './listener.ts';
import { SILENT_INSIDE, silentInside } from './silent-inside.ts';
import { queryThrough } from './through-port.ts';
import { NOT_ANSWERED, onlyElsewhere, whyNotAnswered } from './why-not-answered.ts';

/** Every check that asks the container's own server through its port may name each of them. */
export const NOT_FROM_HERE = [...NOT_ANSWERED, ...SILENT_INSIDE] as const;

type FromHere =
  | { verdict: Verdict<(typeof NOT_FROM_HERE)[number]> }
  | { row: string[]; systemId: string; password: string | null; verdict?: undefined };

/**
 * Asks for these columns through the port, and proves that this container's server answered: its mark is the same
 * through the port and inside, and no other server has it. Without that proof there is a verdict, which has `name`,
 * `short` and `port`. `password`: the one that was offered last.
 */
export async function askedThrough(
  look: Look,
  { name, container, port }: { name: string; container: Container; port: number },
  columns: string,
): Promise<FromHere> {
  const [{ answer, password }, inside] = await Promise.all([
    queryThrough(look, container, port, `select ${columns}, ${SERVER_MARK}`),
    look.serverMark(container),
  ]);
  if (!answer.ok) return { verdict: await whyNotAnswered(look, container, port, answer.cause) };
  const values: Values = { name, short: shortId(container.id), port };
  if (!inside.ok) return { verdict: await silentInside(look, container, values, inside.cause) };
  const [row = []] = answer.rows;
  const mark = inside.rows[0] ?? [];
  const systemId = row.at(-mark.length) ?? '';
  if (mark.length > 0 && row.slice(-mark.length).join() === mark.join()) {
    // By a relay of the learner's its server may answer at an address where it is not published.
    const elsewhere = look.local && onlyElsewhere(look, container, port);
    if (elsewhere) return { verdict: elsewhere };
    return { row: row.slice(0, -mark.length), systemId, password };
  }
  const told = { ...values, systemId, who: await listenerOn(look, port) };
  return { verdict: notMet('another-server', told, psqlLine(look, container, port, SYSTEM_ID)) };
}
