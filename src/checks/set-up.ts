/** How far the first set-up of a container's data has come, by its log. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { hasBegunSetUp, hasEndedSetUp, hasSkippedSetUp, startsServer } from '../postgres/setup-log.ts';

/** Its data folder was there before: the image said so at its first start, and initialised nothing. */
export async function foundOldData(look: Look, container: Container): Promise<boolean> {
  return hasSkippedSetUp(await look.engine.logs(container.id, { only: 'head' }));
}

/** The image is at its first set-up: begun, by its own words or by what it was told to run, and not complete. */
export async function isInitialising(look: Look, container: Container): Promise<boolean> {
  const log = await look.engine.logs(container.id);
  if (hasEndedSetUp(log) || hasSkippedSetUp(log)) return false;
  return hasBegunSetUp(log) || startsServer(container.command);
}
