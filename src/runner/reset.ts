/**
 * Takes away what a run made, and proves that nothing of it is left. Ours is what carries this run's
 * and this home's labels, plus the anonymous volumes that the journal saw in this run's containers.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/types.ts';
import { messageOf } from '../trouble.ts';
import type { JournalEvent, JournalLine } from './events.ts';
import { LABEL, type Owner, ownerFilter } from './world.ts';

export interface PlanItem {
  kind: 'container' | 'volume' | 'network';
  id: string;
  name: string;
  /** The world's name, from the label; empty for what only the journal knows. */
  worldName: string;
  why: 'labelled' | 'journaled';
}

export interface ResetOutcome {
  removed: PlanItem[];
  failed: { item: PlanItem; why: string }[];
  /** What is labelled as ours after all that: the proof, and empty unless something failed. */
  left: PlanItem[];
}

export async function planReset(
  engine: Engine,
  owner: Owner,
  events: readonly JournalLine[],
): Promise<PlanItem[]> {
  const filter = ownerFilter(owner);
  const [containers, labelled, all, networks] = await Promise.all([
    engine.containers(filter),
    engine.volumes(filter),
    engine.volumes(),
    engine.networks(filter),
  ]);
  const journaled = new Set(
    events.flatMap((event) => (event.type === 'made' && event.volume !== null ? [event.volume] : [])),
  );
  const known = new Set(labelled.map(({ name }) => name));
  const unlabelled = all.filter(
    ({ name, anonymous }) => anonymous && journaled.has(name) && !known.has(name),
  );
  return [
    ...containers.map(({ id, name, labels }) => ({
      kind: 'container' as const,
      id,
      name,
      worldName: labels[LABEL.name] ?? '',
      why: 'labelled' as const,
    })),
    ...labelled.map(({ name, labels }) => ({
      kind: 'volume' as const,
      id: name,
      name,
      worldName: labels[LABEL.name] ?? '',
      why: 'labelled' as const,
    })),
    ...unlabelled.map(({ name }) => ({
      kind: 'volume' as const,
      id: name,
      name,
      worldName: '',
      why: 'journaled' as const,
    })),
    ...networks.map(({ id, name }) => ({
      kind: 'network' as const,
      id,
      name,
      worldName: '',
      why: 'labelled' as const,
    })),
  ];
}

/** Containers first (with their anonymous volumes), all at once; then volumes and networks. */
export async function carryOut(
  engine: Engine,
  owner: Owner,
  plan: readonly PlanItem[],
  record: (event: JournalEvent) => void,
): Promise<ResetOutcome> {
  const outcome: ResetOutcome = { removed: [], failed: [], left: [] };
  const remove = async (item: PlanItem) => {
    try {
      if (item.kind === 'container') await engine.removeContainer(item.id);
      else if (item.kind === 'volume') await engine.removeVolume(item.id);
      else await engine.removeNetwork(item.id);
      outcome.removed.push(item);
      record({ type: 'removed', kind: item.kind, name: item.worldName, id: item.id });
    } catch (error) {
      outcome.failed.push({ item, why: messageOf(error) });
    }
  };
  await Promise.all(plan.filter(({ kind }) => kind === 'container').map(remove));
  await Promise.all(plan.filter(({ kind }) => kind !== 'container').map(remove));
  outcome.left = (await planReset(engine, owner, [])).filter(
    (item) => !outcome.failed.some((failure) => failure.item.id === item.id),
  );
  return outcome;
}

/** Files that steps kept outside their containers. */
export async function removeFiles(runFolder: string): Promise<void> {
  await rm(join(runFolder, 'files'), { recursive: true, force: true });
}
