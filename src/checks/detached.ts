import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet, unknown } from '../lab/verdict.ts';
import { shortId } from '../values.ts';
import { attachmentOf } from './evidence.ts';
import { onRunning } from './on-running.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/**
 * The container runs in the background: nobody was attached when it was last started: by -d, `docker start`, `up -d`.
 * Says `id`, 64 hex digits, and `short`, the first 12. The engine remembers its last events (Docker: 256):
 * `attach-forgotten` (unknown) where the start is no longer among them.
 * Finds `attach-forgotten`, `not-detached`, and what `NOT_RUNNING` names.
 *
 *     checks: [detached('quiet')]
 */
export function detached(name: string, id = 'detached'): Check {
  return defineCheck({
    id,
    kind: 'detached',
    says: ['id', 'short'],
    finds: [...NOT_RUNNING, 'attach-forgotten', 'not-detached'],
    judge: onRunning(name, async (look, container) => {
      const values = { name, id: container.id, short: shortId(container.id) };
      const evidence = attachmentOf(container, '{{.Id}} {{.Config.AttachStdout}}');
      const wasAttached = await look.engine.wasAttached(container, 'last-start');
      // What the engine no longer remembers is told by how the container was made, where it tells of that.
      const isAttached = wasAttached ?? (container.attachable === false ? false : null);
      if (isAttached === null) return unknown('attach-forgotten', values, evidence);
      return isAttached ? notMet('not-detached', values, evidence) : met(values, evidence);
    }),
  });
}
