/** Which of the learner's containers found data when they first started, by their logs. */
import type { Container, Engine } from '../../engine/types.ts';
import type { Recognition } from '../../lab/model.ts';
import { Trouble } from '../../trouble.ts';
import { FOREIGN_FROM, misfit, type Surroundings } from '../../world/fit.ts';

/** The ids of those that found data. No log is read of a container that cannot be meant or serves something else. */
export async function withOldData(
  engine: Engine,
  wanted: readonly { recognition: Recognition }[],
  candidates: readonly Container[],
  around: Surroundings,
): Promise<Set<string>> {
  const { service } = around;
  const asking = wanted.filter(({ recognition }) => recognition.data !== undefined);
  if (!service) return new Set();
  const fitting = candidates.filter((container) =>
    asking.some((each) => misfit(each.recognition, container, around) < FOREIGN_FROM),
  );
  const old = await Promise.all(
    fitting.map(async ({ id }) => {
      // A log that cannot be read (--log-driver none) says nothing.
      const log = await engine.logs(id, { only: 'head' }).catch(unlessGone);
      return service.log.foundData(log) ? [id] : [];
    }),
  );
  return new Set(old.flat());
}

/** A log that cannot be read says nothing; that the engine is gone is told. */
export function unlessGone(error: unknown): string {
  if (error instanceof Trouble && error.code === 'engine-unreachable') throw error;
  return '';
}
