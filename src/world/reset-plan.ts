/**
 * What a reset is about to take away, and why it is ours. Ours is what carries our labels,
 * plus the anonymous volumes that a journal saw in our containers; what the learner made and we
 * adopted goes only when they say so.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engine/types.ts';
import { isAnonymous } from '../engine/volumes.ts';
import type { Lab } from '../lab/model.ts';
import { templateOf } from '../lab/template.ts';
import { isHomeId, isSlug, LABEL } from '../names.ts';
import { Trouble } from '../trouble.ts';
import { adoptedThings } from './adopted-things.ts';
import type { PlanItem, Scope } from './reset-scope.ts';
import { isOfLab } from './world.ts';

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
  const [containers, volumes, networks, unlabelled] = await Promise.all([
    engine.listed(labels),
    engine.volumes(labels),
    engine.networks(labels),
    withoutLabel(engine, scope),
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
    .map((each) => ofThisLab(each, scope))
    .map(({ labels: _, ...each }) => each);
  const known = new Set(labelled.map(({ id }) => id));
  return [...labelled, ...unlabelled.filter(({ id }) => !known.has(id)), ...foldersOf(scope)];
}

/** Trouble `lab-differs` where another lab made a thing of this run: its journal is gone, and cannot tell. */
function ofThisLab<T extends { run: string; labels: Record<string, string> }>(thing: T, { lab }: Scope): T {
  const was = thing.labels[LABEL.lab] ?? '';
  if (lab === null || isOfLab(thing.labels, lab) || !isSlug(was)) return thing;
  throw new Trouble('lab-differs', { run: thing.run, was, is: lab });
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
    // Anybody may write a label: one that does not fit our grammar is never shown, and never part of a command.
    return isHomeId(home) && isSlug(run) ? [{ kind, home, run }] : [];
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
  const users = lab.steps.filter(({ commands }) =>
    commands.some(({ run }) => templateOf(run).names.has('folder')),
  );
  return users.length > 0 && users.every(({ id }) => ids.includes(id));
}

/** What only the journals know of: anonymous volumes of ours, and what was adopted if that is meant. */
async function withoutLabel(engine: Engine, scope: Scope): Promise<PlanItem[]> {
  const { standings, names, adopted } = scope;
  const made = standings.flatMap(({ things }) => things.all.filter(({ type }) => type === 'made'));
  // A named volume of ours carries a label; what has neither is not ours.
  const mayBeThere = made.filter(
    ({ name, volume }) => volume !== null && isAnonymous(volume) && (names === null || names.has(name)),
  );
  const all = mayBeThere.length > 0 ? await engine.volumes() : [];
  const there = new Set(all.map(({ name }) => name));
  const anonymous = mayBeThere.flatMap(({ name, volume }): PlanItem[] => {
    if (volume === null || !there.has(volume)) return [];
    const what = { kind: 'volume', id: volume, name: volume, why: 'journaled' } as const;
    return [{ ...what, worldName: name, run: '', size: null }];
  });
  const theirs = adopted ? (await adoptedThings(engine, scope)).goes : [];
  return [...new Map([...anonymous, ...theirs].map((item) => [item.id, item])).values()];
}

/** What a reset leaves alone. */
export interface Kept {
  /** The learner's own, of this run: `reset --adopted` takes it. */
  byHand: PlanItem[];
  /** It was there before, only came near, or somebody else uses it. */
  others: PlanItem[];
}

/** What the learner made or named, is there, and is in no plan: what a reset leaves alone, and says so. */
export async function keptOf(engine: Engine, scope: Scope, plan: readonly PlanItem[]): Promise<Kept> {
  const { goes, stays } = await adoptedThings(engine, scope);
  const planned = new Set(plan.map(({ id }) => id));
  const isLeft = ({ id }: PlanItem) => !planned.has(id);
  return { byHand: goes.filter(isLeft), others: stays.filter(isLeft) };
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
