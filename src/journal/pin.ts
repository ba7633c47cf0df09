/**
 * A run belongs to the engine it began on. Engines of one machine may share their id, and one that was
 * set up anew may answer at the old address: so an engine is known by its id and by where it keeps its data.
 */
import type { Engine, EngineInfo } from '../engine/types.ts';
import { Trouble } from '../trouble.ts';
import type { Standing } from './standing.ts';

/** `isBound`: what a run has made ties it to its engine; before that it may begin on any. */
type Pinned = Pick<Standing, 'pin' | 'isBound'>;

/** The engine that a run was last on; null where it never came to one. */
export function pinnedEngine({ pin, isBound }: Pinned): EngineInfo | null {
  return isBound && pin ? pin.engine : null;
}

/** Whether this is another engine than the run's. */
export function isOther({ pin, isBound }: Pinned, engine: Engine): boolean {
  return isBound && pin !== null && !isPinnedTo({ pin }, engine);
}

/** Whether the journal's last pin names this very engine. */
export function isPinnedTo({ pin }: Pick<Standing, 'pin'>, { info, root }: Engine): boolean {
  if (pin === null) return false;
  return pin.engine.id === info.id && (pin.root === undefined || pin.root === root);
}

/** Whether another one answers at the very address of the run's. */
export function isReplaced(standing: Pinned, engine: Engine): boolean {
  return isOther(standing, engine) && pinnedEngine(standing)?.endpoint === engine.info.endpoint;
}

/** Trouble `engine-changed`, or `engine-replaced` where another one answers at the same address. */
export function requireSameEngine(run: string, standing: Pinned, engine: Engine): void {
  if (!isOther(standing, engine)) return;
  const was = pinnedEngine(standing)?.endpoint ?? '';
  const is = engine.info.endpoint;
  throw new Trouble(isReplaced(standing, engine) ? 'engine-replaced' : 'engine-changed', { run, was, is });
}
