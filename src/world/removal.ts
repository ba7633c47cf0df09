/** Takes away what a plan names, and proves that nothing of it is left. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { Engine } from '../engine/types.ts';
import type { JournalEvent } from '../journal/events.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { orphansOf } from './orphans.ts';
import { planReset } from './reset-plan.ts';
import type { PlanItem, Scope } from './reset-scope.ts';

const LOOK_EVERY_MS = 50;
/** How many removals at once: an engine on two cores gets no quicker with more, and loses track of hundreds. */
const AT_ONCE = 20;

export interface ResetOutcome {
  removed: PlanItem[];
  failed: { item: PlanItem; why: string }[];
  /** What is labelled as ours after all that: the proof, and empty unless something failed. */
  left: PlanItem[];
}

/**
 * Containers first (with their anonymous volumes), many at once; then what they used. What a killed pglab
 * still had under way may come into being meanwhile: it is waited for, and goes as well.
 */
export async function carryOut(
  engine: Engine,
  scope: Scope,
  plan: readonly PlanItem[],
  record: (events: readonly JournalEvent[]) => void,
): Promise<ResetOutcome> {
  const outcome: ResetOutcome = { removed: [], failed: [], left: [] };
  const later = { ...scope, standings: [], adopted: false };
  const planned = new Set(plan.map(({ id }) => id));
  // A reset of steps does not wait for what another step has under way.
  const steps = scope.steps === null ? [{}] : [...scope.steps].map((step) => ({ step }));
  const orphans = scope.runs.flatMap((owner) => steps.map((of) => orphansOf(owner, of)));
  /** A run that somebody began meanwhile was not meant. */
  const isMeant = ({ id, run }: PlanItem) => planned.has(id) || scope.runs.some((owner) => owner.run === run);
  let isSettled = false;
  for (let items = plan, atOnce = AT_ONCE; ; atOnce = 1) {
    // Asked before the next look: what has ended by now has made all that it will. It takes no longer than the engine.
    const underWay = turn().then(() => Promise.all(orphans.map((still) => still())));
    underWay.catch(() => {});
    await removeAll(engine, items, atOnce, outcome, record);
    const wasSettled = isSettled;
    isSettled = !(await underWay).includes(true);
    // A failure is final only when nothing is under way: until then a volume is in use by a container that
    // docker is about to make; and a busy engine, told of an end too late, does better one at a time.
    const failed = outcome.failed.map(({ item }) => item);
    const others = (await planReset(engine, later)).filter(
      (item) => isMeant(item) && failed.every(({ id }) => id !== item.id),
    );
    items = [...failed, ...others];
    if (wasSettled || (isSettled && items.length === 0)) {
      outcome.left = others;
      return outcome;
    }
    if (!isSettled) await delay(LOOK_EVERY_MS);
  }
}

/** Removes all of it, `AT_ONCE` at a time; `failed` is what failed this time. */
async function removeAll(
  engine: Engine,
  items: readonly PlanItem[],
  atOnce: number,
  outcome: ResetOutcome,
  record: (events: readonly JournalEvent[]) => void,
): Promise<void> {
  outcome.failed = [];
  const gone = (removed: readonly PlanItem[]) => {
    outcome.removed.push(...removed);
    record(removed.flatMap(eventOf));
  };
  const remove = async (item: PlanItem): Promise<void> => {
    try {
      if (item.kind === 'container') await engine.removeContainer(item.id);
      else if (item.kind === 'volume') await engine.removeVolume(item.id);
      else if (item.kind === 'network') await engine.removeNetwork(item.id);
      else await rm(item.id, { recursive: true, force: true });
    } catch (error) {
      const why = error instanceof Trouble ? String(error.values.why ?? error.code) : messageOf(error);
      outcome.failed.push({ item, why });
      return;
    }
    gone([item]);
  };
  const isContainer = ({ kind }: PlanItem) => kind === 'container';
  await eachOf(items.filter(isContainer), atOnce, remove);
  // Most went with their containers: one question is quicker than a removal of each.
  const asked = items.some(isContainer) && items.some(({ kind }) => kind === 'volume');
  const left = asked ? await volumesLeft(engine) : null;
  const wentAlong = ({ kind, id }: PlanItem) => kind === 'volume' && left?.has(id) === false;
  gone(items.filter(wentAlong));
  await eachOf(
    items.filter((item) => !isContainer(item) && !wentAlong(item)),
    atOnce,
    remove,
  );
}

function eventOf({ kind, worldName, id }: PlanItem): JournalEvent[] {
  return kind === 'folder' ? [] : [{ type: 'removed', kind, name: worldName, id }];
}

/** Names of the volumes that are there; null where the engine does not tell, and each is asked for. */
async function volumesLeft(engine: Engine): Promise<ReadonlySet<string> | null> {
  try {
    return new Set((await engine.volumes()).map(({ name }) => name));
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}

async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
