/** Takes away what a plan names, and proves that nothing of it is left. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
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
  record: (event: JournalEvent) => void,
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
    await removeAll(engine, items, atOnce, outcome, record);
    const wasSettled = isSettled;
    // Asked before the next look: what has ended by now has made all that it will.
    isSettled = !(await Promise.all(orphans.map((still) => still()))).includes(true);
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
  record: (event: JournalEvent) => void,
): Promise<void> {
  outcome.failed = [];
  /** Names of the volumes that the containers have left; null: not known, and each is asked for. */
  let left: ReadonlySet<string> | null = null;
  const remove = async (item: PlanItem): Promise<void> => {
    try {
      if (item.kind === 'container') await engine.removeContainer(item.id);
      else if (item.kind === 'volume') await (left?.has(item.id) !== false && engine.removeVolume(item.id));
      else if (item.kind === 'network') await engine.removeNetwork(item.id);
      else await rm(item.id, { recursive: true, force: true });
    } catch (error) {
      const why = error instanceof Trouble ? String(error.values.why ?? error.code) : messageOf(error);
      outcome.failed.push({ item, why });
      return;
    }
    outcome.removed.push(item);
    if (item.kind !== 'folder')
      record({ type: 'removed', kind: item.kind, name: item.worldName, id: item.id });
  };
  const isContainer = ({ kind }: PlanItem) => kind === 'container';
  await eachOf(items.filter(isContainer), atOnce, remove);
  // Most went with their containers: one question is quicker than a removal of each.
  if (items.some(isContainer) && items.some(({ kind }) => kind === 'volume'))
    left = await volumesLeft(engine);
  await eachOf(
    items.filter((item) => !isContainer(item)),
    atOnce,
    remove,
  );
}

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
