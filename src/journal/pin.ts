/**
 * A run belongs to the engine it began on. Engines of one machine may share their id, and one that was
 * set up anew may answer at the old address: so an engine is known by its id and by where it keeps its data.
 */
import type { Engine, EngineInfo } from '../engine/types.ts';
import { Trouble } from '../trouble.ts';
import type { JournalLine, PinnedImage } from './events.ts';

/** The engine that a run was last on; null where it never came to one. */
export function pinnedEngine(events: readonly JournalLine[]): EngineInfo | null {
  return pinOf(events)?.engine ?? null;
}

/** The image that a run was last pinned to; null where it never came to one. */
export function pinnedImage(events: readonly JournalLine[]): PinnedImage | null {
  const pin = events.findLast((event) => event.type === 'image-pinned');
  return pin?.type === 'image-pinned' ? pin.image : null;
}

/** Whether this is another engine than the run's. */
export function isOther(events: readonly JournalLine[], { info, root }: Engine): boolean {
  const pin = pinOf(events);
  if (!pin) return false;
  return pin.engine.id !== info.id || (pin.root !== undefined && pin.root !== root);
}

/** Whether another one answers at the very address of the run's. */
export function isReplaced(events: readonly JournalLine[], engine: Engine): boolean {
  return isOther(events, engine) && pinnedEngine(events)?.endpoint === engine.info.endpoint;
}

/** Trouble `engine-changed`, or `engine-replaced` where another one answers at the same address. */
export function requireSameEngine(run: string, events: readonly JournalLine[], engine: Engine): void {
  if (!isOther(events, engine)) return;
  const was = pinnedEngine(events)?.endpoint ?? '';
  const is = engine.info.endpoint;
  throw new Trouble(isReplaced(events, engine) ? 'engine-replaced' : 'engine-changed', { run, was, is });
}

function pinOf(events: readonly JournalLine[]) {
  const pin = events.findLast((event) => event.type === 'engine-pinned');
  return pin?.type === 'engine-pinned' ? pin : null;
}
