/**
 * Takes away what runs made, and proves that nothing of it is left. Ours is what carries our labels,
 * plus the anonymous volumes that a journal saw in our containers; what the learner made and we
 * adopted goes only when they say so.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, LabelFilter } from '../engine/types.ts';
import type { Lab } from '../lab/model.ts';
import { isAnonymous } from '../lab/volumes.ts';
import { messageOf, Trouble } from '../trouble.ts';
import type { JournalEvent, JournalLine } from './events.ts';
import { orphansOf } from './takeback.ts';
import { LABEL, type Owner } from './world.ts';

const LOOK_EVERY_MS = 50;

export interface PlanItem {
  kind: 'container' | 'volume' | 'network' | 'folder';
  /** The engine's id; a folder's path. */
  id: string;
  name: string;
  run: string;
  /** The world's name, from the label or the journal; empty where neither knows. */
  worldName: string;
  why: 'labelled' | 'journaled' | 'adopted' | 'files';
  /** Bytes: what a container wrote, what a volume holds. Null: not asked, or not told. */
  size: number | null;
}

export interface ResetOutcome {
  removed: PlanItem[];
  failed: { item: PlanItem; why: string }[];
  /** What is labelled as ours after all that: the proof, and empty unless something failed. */
  left: PlanItem[];
}

/** What a reset is about. */
export interface Scope {
  /** Labels that all of it carries: this run's and this home's, or a home's alone. */
  labels: LabelFilter;
  /** The runs that are ours to reset now: nobody else writes them. */
  runs: readonly Owner[];
  /** Journals of these runs, for volumes without a label and for what was adopted. */
  events: readonly JournalLine[];
  /** Only what these steps made, under these names; null: all. */
  steps: ReadonlySet<string> | null;
  names: ReadonlySet<string> | null;
  /** Where these runs' steps kept files outside of containers. */
  folders: readonly { run: string; path: string }[];
  adopted: boolean;
  /** Runs that somebody is working in: nothing of theirs is touched. */
  spared: ReadonlySet<string>;
}

/** Steps and those that build on them: that need a name which one of them makes, and so on. */
export function withDependents(lab: Lab, ids: readonly string[]): string[] {
  const chosen = new Set(ids);
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size;
    const made = lab.steps.flatMap(({ id, world = {} }) => (chosen.has(id) ? Object.keys(world) : []));
    for (const { id, needs = [] } of lab.steps) if (needs.some((name) => made.includes(name))) chosen.add(id);
  }
  return lab.steps.flatMap(({ id }) => (chosen.has(id) ? [id] : []));
}

export async function planReset(engine: Engine, scope: Scope): Promise<PlanItem[]> {
  const { labels, steps, spared } = scope;
  const [containers, volumes, networks] = await Promise.all([
    engine.containers(labels),
    engine.volumes(labels),
    engine.networks(labels),
  ]);
  const isMeant = (labelled: Record<string, string>) =>
    (!steps || steps.has(labelled[LABEL.step] ?? '')) && !spared.has(labelled[LABEL.run] ?? '');
  const item = (kind: PlanItem['kind'], id: string, name: string, labelled: Record<string, string>) => ({
    kind,
    id,
    name,
    run: labelled[LABEL.run] ?? '',
    worldName: labelled[LABEL.name] ?? '',
    why: 'labelled' as const,
    size: null,
  });
  const labelled = [
    ...containers.map((each) => ({
      ...item('container', each.id, each.name, each.labels),
      labels: each.labels,
    })),
    ...volumes.map((each) => ({ ...item('volume', each.name, each.name, each.labels), labels: each.labels })),
    ...networks.map((each) => ({ ...item('network', each.id, each.name, each.labels), labels: each.labels })),
  ]
    .filter((each) => isMeant(each.labels))
    .map(({ labels: _, ...each }) => each);
  const known = new Set(labelled.map(({ id }) => id));
  const unlabelled = await withoutLabel(engine, scope);
  return [...labelled, ...unlabelled.filter(({ id }) => !known.has(id)), ...foldersOf(scope)];
}

function foldersOf({ folders }: Scope): PlanItem[] {
  const there = folders.filter(({ path }) => existsSync(path));
  const told = { kind: 'folder', worldName: '', why: 'files', size: null } as const;
  return there.map(({ run, path }) => ({ ...told, id: path, name: path, run }));
}

/** Whether no other step keeps files there: then they go with these. */
export function ownFiles(lab: Lab, ids: readonly string[]): boolean {
  const users = lab.steps.filter(({ commands }) => commands.some(({ run }) => run.includes('{{folder}}')));
  return users.length > 0 && users.every(({ id }) => ids.includes(id));
}

/** What only the journals know of: anonymous volumes of ours, and what was adopted if that is meant. */
async function withoutLabel(engine: Engine, { events, steps, names, adopted }: Scope): Promise<PlanItem[]> {
  if (steps !== null && !adopted) return [];
  const there = new Set((await engine.volumes()).map(({ name }) => name));
  const items: PlanItem[] = [];
  for (const event of events) {
    const isMade = event.type === 'made' && event.volume !== null && steps === null;
    const isAdopted = adopted && event.type === 'adopted' && isStillMeant(events, event, names);
    if (!isMade && !isAdopted) continue;
    const told = { name: event.name, run: '', worldName: event.name, size: null };
    const volume = event.volume;
    if (volume !== null && there.has(volume)) {
      const why = isMade ? ('journaled' as const) : ('adopted' as const);
      // A named volume of ours carries a label; what has neither is not ours.
      if (isAdopted || isAnonymous(volume)) {
        items.push({ ...told, kind: 'volume', id: volume, name: volume, why });
      }
    }
    if (isAdopted && event.kind === 'container') {
      const container = await engine.container(event.id);
      if (container)
        items.push({ ...told, kind: 'container', id: event.id, name: container.name, why: 'adopted' });
    }
  }
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** The last adoption of its name, of something that fitted: what only came near may be anything. */
function isStillMeant(
  events: readonly JournalLine[],
  event: Extract<JournalLine, { type: 'adopted' }>,
  names: ReadonlySet<string> | null,
): boolean {
  if (event.near || (names !== null && !names.has(event.name))) return false;
  const last = events.findLast(
    (each) => each.type === 'adopted' && each.kind === event.kind && each.name === event.name,
  );
  return last === event;
}

/** The plan with sizes, as far as the engine tells. Takes the engine a while: it measures folders. */
export async function measured(engine: Engine, plan: readonly PlanItem[]): Promise<PlanItem[]> {
  const sizes = await engine.sizes();
  return plan.map((item) => ({ ...item, size: sizes.get(item.id) ?? null }));
}

/**
 * Containers first (with their anonymous volumes), all at once; then what they used. What a killed pglab
 * still had under way may come into being meanwhile: it is waited for, and goes as well.
 */
export async function carryOut(
  engine: Engine,
  scope: Scope,
  plan: readonly PlanItem[],
  record: (event: JournalEvent) => void,
): Promise<ResetOutcome> {
  const outcome: ResetOutcome = { removed: [], failed: [], left: [] };
  const later = { ...scope, events: [], adopted: false };
  const planned = new Set(plan.map(({ id }) => id));
  const orphans = scope.runs.map((owner) => orphansOf(owner));
  /** A run that somebody began meanwhile is none of what was meant. */
  const isMeant = ({ id, run }: PlanItem) => planned.has(id) || scope.runs.some((owner) => owner.run === run);
  const isNew = ({ id }: PlanItem) => outcome.failed.every(({ item }) => item.id !== id);
  let isSettled = false;
  for (let items: readonly PlanItem[] = plan; ; ) {
    await removeAll(engine, items, outcome, record);
    const wasSettled = isSettled;
    // Asked before the next look: what has ended by now has made all that it will.
    isSettled = !orphans.some((still) => still());
    items = (await planReset(engine, later)).filter((item) => isMeant(item) && isNew(item));
    if (wasSettled || (isSettled && items.length === 0)) {
      outcome.left = [...items];
      return outcome;
    }
    if (!isSettled) await delay(LOOK_EVERY_MS);
  }
}

async function removeAll(
  engine: Engine,
  items: readonly PlanItem[],
  outcome: ResetOutcome,
  record: (event: JournalEvent) => void,
): Promise<void> {
  const remove = async (item: PlanItem) => {
    try {
      if (item.kind === 'container') await engine.removeContainer(item.id);
      else if (item.kind === 'volume') await engine.removeVolume(item.id);
      else if (item.kind === 'network') await engine.removeNetwork(item.id);
      else await rm(item.id, { recursive: true });
    } catch (error) {
      const why = error instanceof Trouble ? String(error.values.why ?? error.code) : messageOf(error);
      outcome.failed.push({ item, why });
      return;
    }
    outcome.removed.push(item);
    if (item.kind !== 'folder')
      record({ type: 'removed', kind: item.kind, name: item.worldName, id: item.id });
  };
  await Promise.all(items.filter(({ kind }) => kind === 'container').map(remove));
  await Promise.all(items.filter(({ kind }) => kind !== 'container').map(remove));
}
