/** Whether a server has its volume for itself: nothing keeps Docker from starting two on one. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { majorOf } from '../postgres/login.ts';
import { startsServer } from '../postgres/setup-log.ts';
import { shortId } from '../values.ts';
import { type OfContainer, onRunning } from './on-running.ts';

/**
 * The verdict that another server runs on a volume of this container: each is process 1 of its own, takes the other's
 * lock file for a leftover of itself, and both write. Null: it has its volumes for itself.
 */
async function sharesVolume(
  look: Look,
  name: string,
  container: Container,
): Promise<Verdict<'volume-shared'> | null> {
  for (const { type, source } of container.mounts) {
    if (type !== 'volume') continue;
    const others = (await look.engine.usersOf(source)).filter((id) => id !== container.id);
    for (const other of await Promise.all(others.map((id) => look.engine.container(id)))) {
      if (other === null || other.status !== 'running' || !isServer(other)) continue;
      const values = { name, short: shortId(container.id), other: shortId(other.id), volume: source };
      return notMet('volume-shared', values, `docker container ps --filter volume=${source}`);
    }
  }
  return null;
}

function isServer({ env, command }: Container): boolean {
  return majorOf(env) !== null && startsServer(command);
}

/** As `onRunning`; what two servers have written into one volume is not judged. */
export function onVolumeOfItsOwn<F extends Parameters<typeof notMet>[0]>(
  name: string,
  judge: OfContainer<F>,
) {
  return onRunning<F | 'volume-shared'>(
    name,
    async (look, container) => (await sharesVolume(look, name, container)) ?? judge(look, container),
  );
}
