/**
 * A killed pglab may leave a `docker` behind that is about to make something: what is removed could come
 * back a moment later. So such processes, known by our labels on their command line, are waited for.
 */

import { LABEL } from '../names.ts';
import { processesWith } from '../running-processes.ts';
import { Trouble } from '../trouble.ts';
import type { Owner } from './world.ts';

/** How long a left-over `docker` may take to end, from when it is first waited for. */
const WITHIN_MS = 30_000;
/** The client of Docker, or the shell that is about to become it. */
const CLIENT = /^(docker|podman|bash|sh)$/;

/**
 * Asks again and again whether such a process still runs. Trouble `orphan-stays` where one does not come to
 * its end: whatever is done now, it could undo.
 */
export function orphansOf(
  { run, home }: Owner,
  of: { name?: string; step?: string },
): () => Promise<boolean> {
  let deadline = 0;
  const marks = [`${LABEL.run}=${run}`, `${LABEL.home}=${home}`];
  if (of.name !== undefined) marks.push(`${LABEL.name}=${of.name}`);
  if (of.step !== undefined) marks.push(`${LABEL.step}=${of.step}`);
  return async () => {
    const [pid] = await processesWith(marks, CLIENT);
    if (pid === undefined) return false;
    deadline ||= performance.now() + WITHIN_MS;
    if (performance.now() > deadline) throw new Trouble('orphan-stays', { pid, run });
    return true;
  };
}
