/**
 * Takes away what runs made, and proves that nothing of it is left. Ours is what carries our labels,
 * plus the anonymous volumes that a journal saw in our containers; what the learner made and we
 * adopted goes only when they say so.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, LabelFilter } from '../engine/types.ts';
import type { Lab } from '../lab/model.ts';
import { isAnonymous } from '../lab/volumes.ts';
import { messageOf, Trouble } from '../trouble.ts';
import type { JournalEvent, JournalLine } from './events.ts';
import { isHomeId, isRunId } from './home.ts';
import { orphansOf } from './takeback.ts';
import { LABEL, type Owner } from './world.ts';

const LOOK_EVERY_MS = 50;
/** What an engine on two cores still removes as quickly as it can; with hundreds at once it loses track. */
const AT_ONCE = 20;

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
  /** Whether it is a run that somebody works in, or that was begun meanwhile: nothing of it is touched. */
  isSpared: (run: string) => boolean;
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
  const { labels, steps, isSpared } = scope;
  const [containers, volumes, networks] = await Promise.all([
    engine.listed(labels),
    engine.volumes(labels),
    engine.networks(labels),
  ]);
  const isMeant = (labelled: Record<string, string>) =>
    (!steps || steps.has(labelled[LABEL.step] ?? '')) && !isSpared(labelled[LABEL.run] ?? '');
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

export interface LabelledThing {
  kind: 'container' | 'volume' | 'network';
  home: string;
  run: string;
}

/** Everything on the engine that carries the labels of a home and a run, as pglab writes them. */
export async function labelledThings(engine: Engine): Promise<LabelledThing[]> {
  const anyHome = { [LABEL.home]: null };
  const [containers, volumes, networks] = await Promise.all([
    engine.listed(anyHome),
    engine.volumes(anyHome),
    engine.networks(anyHome),
  ]);
  const told = (kind: LabelledThing['kind'], { labels }: { labels: Record<string, string> }) => {
    const [home = '', run = ''] = [labels[LABEL.home], labels[LABEL.run]];
    // Anybody may write a label: what is none of ours in form is never shown, nor part of a command.
    return isHomeId(home) && isRunId(run) ? [{ kind, home, run }] : [];
  };
  return [
    ...containers.flatMap((each) => told('container', each)),
    ...volumes.flatMap((each) => told('volume', each)),
    ...networks.flatMap((each) => told('network', each)),
  ];
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
  // An engine before 23 measures for one at a time, and refuses the others: then it is not told.
  const sizes = await engine.sizes().catch((error): Map<string, number> => {
    if (error instanceof Trouble) return new Map();
    throw error;
  });
  return plan.map((item) => ({
    ...item,
    size: item.kind === 'folder' ? sizeOfFolder(item.id) : (sizes.get(item.id) ?? null),
  }));
}

/** Null where it cannot be read: a container may have made what only root may see. */
function sizeOfFolder(path: string): number | null {
  try {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  } catch {
    return null;
  }
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
  const later = { ...scope, events: [], adopted: false };
  const planned = new Set(plan.map(({ id }) => id));
  // What another step has under way is none of a step's reset.
  const steps = scope.steps === null ? [{}] : [...scope.steps].map((step) => ({ step }));
  const orphans = scope.runs.flatMap((owner) => steps.map((of) => orphansOf(owner, of)));
  /** A run that somebody began meanwhile is none of what was meant. */
  const isMeant = ({ id, run }: PlanItem) => planned.has(id) || scope.runs.some((owner) => owner.run === run);
  let isSettled = false;
  for (let items = plan, atOnce = AT_ONCE; ; atOnce = 1) {
    await removeAll(engine, items, atOnce, outcome, record);
    const wasSettled = isSettled;
    // Asked before the next look: what has ended by now has made all that it will.
    isSettled = !orphans.some((still) => still());
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

/** All of it, so many at a time; what failed is what failed this time. */
async function removeAll(
  engine: Engine,
  items: readonly PlanItem[],
  atOnce: number,
  outcome: ResetOutcome,
  record: (event: JournalEvent) => void,
): Promise<void> {
  outcome.failed = [];
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
    outcome.removed.push(item);
    if (item.kind !== 'folder')
      record({ type: 'removed', kind: item.kind, name: item.worldName, id: item.id });
  };
  const isContainer = ({ kind }: PlanItem) => kind === 'container';
  await eachOf(items.filter(isContainer), atOnce, remove);
  await eachOf(
    items.filter((item) => !isContainer(item)),
    atOnce,
    remove,
  );
}

async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
