/** How far a container's server has come, and whether its data is older than the container, by its log. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { SYSTEM_ID } from '../postgres/server-mark.ts';
import {
  foundDataFirst,
  hasBegunSetUp,
  hasEndedSetUp,
  hasSkippedSetUp,
  isServerStarting,
  startsServer,
} from '../postgres/setup-log.ts';

/** The second in which initdb made the data: the upper half of its mark. */
export const DATA_MADE = `select (${SYSTEM_ID}) >> 32`;

/**
 * Whether the data is older than the container: the image said so at its first start, and the mark of the data, whose
 * upper half is the second in which it was made, is no later than the container. A log may have lost its
 * beginning, and a container that was only started again says the same of its own data.
 */
export async function foundOldData(look: Look, container: Container): Promise<boolean> {
  if (!foundDataFirst(await look.engine.logs(container.id, { only: 'head' }))) return false;
  const made = await look.ask(container, DATA_MADE);
  return !made.ok || Number(made.rows[0]?.[0]) * 1000 <= Date.parse(container.created);
}

/** Whether this container made its data itself, by its log: what is in it came from no other container. */
export async function madeItsData(look: Look, { id }: Container): Promise<boolean> {
  const log = await look.engine.logs(id, { only: 'head' });
  return hasBegunSetUp(log) && !foundDataFirst(log);
}

/**
 * Whether a server is on its way: the first set-up is begun, by its own words or by what the image was told to run, and
 * not complete; or the server for all has not said yet that it is ready.
 */
export async function isComingUp(look: Look, container: Container): Promise<boolean> {
  const log = await look.engine.logs(container.id);
  if (hasEndedSetUp(log) || hasSkippedSetUp(log)) return isServerStarting(log);
  return hasBegunSetUp(log) || startsServer(container.command);
}
