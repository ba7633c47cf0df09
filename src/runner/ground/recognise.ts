/**
 * Finds, for the names of the world, what the learner made by hand. It carries no label of ours, so
 * it is recognised by what the step says of it; what is recognised is journaled as adopted.
 */
import type { Container } from '../../engine/types.ts';
import { isNamedVolume } from '../../engine/volumes.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Recognition, Step } from '../../lab/model.ts';
import { dataTargetOf } from '../../lab/service.ts';
import { LABEL } from '../../names.ts';
import { shortId, type Values } from '../../values.ts';
import { FITS_BELOW, FITS_WELL_BELOW, FOREIGN_FROM, misfit, type Surroundings } from '../../world/fit.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from './context.ts';
import { withOldData } from './old-data.ts';
import { valuesOf } from './run-values.ts';

interface Wanted {
  name: string;
  recognition: Recognition;
  /** Containers that were there before the learner began the step; null: it was not begun by hand. */
  before: ReadonlySet<string> | null;
}

interface Pair {
  wanted: Wanted;
  container: Container;
  misfit: number;
}

/** Adopts what fits the names of these steps best, and says so. */
export async function* recognise(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  const seen = await context.world.snapshot();
  const wanted = wantedNames(context, steps, seen);
  if (wanted.length === 0) return;
  const names = new Set(wanted.map(({ name }) => name));
  const adoptions = context.world.adoptions();
  const taken = new Set([...adoptions].flatMap(([name, id]) => (names.has(name) ? [] : [id])));
  const candidates = await candidatesFor(context, taken);
  if (candidates.length === 0) return;
  const around = await surroundings(context, wanted, candidates, valuesOf(context, seen));
  const pairs = pairsOf(wanted, candidates, around, adoptions);
  const chosen = bestOf(pairs);
  for (const pair of chosen) yield* adopt(context, pair, pairs, chosen);
  yield* adoptVolumes(context, steps, chosen);
}

/** What carries no run's label, and does not go by another name already; the newest first. */
async function candidatesFor({ engine }: RunContext, taken: ReadonlySet<string>): Promise<Container[]> {
  const listed = (await engine.listed()).filter(({ id, labels }) => !(LABEL.run in labels) && !taken.has(id));
  const found = await Promise.all(listed.map(({ id }) => engine.container(id)));
  return found.filter((container) => container !== null);
}

/** The names of these steps, and of what they need, under which nothing of ours is there. */
function wantedNames(context: RunContext, steps: readonly Step[], seen: Snapshot): Wanted[] {
  const { lab, world } = context;
  const own = steps.flatMap((step) => Object.keys(step.world ?? {}));
  const needed = steps.flatMap(({ needs = [] }) => needs);
  const wanted: Wanted[] = [];
  for (const name of new Set([...own, ...needed])) {
    const step = lab.steps.find((each) => each.world?.[name]);
    const recognition = step?.world?.[name];
    if (!step || !recognition || recognition.kind === 'volume') continue;
    if (seen.ours(name) || (!seen.listed(name) && isSettled(context, step, name))) continue;
    const { after } = recognition;
    if (after !== undefined && (seen.listed(after) || world.formerId(after) === null)) continue;
    wanted.push({ name, recognition, before: beforeByHand(context, step) });
  }
  return wanted;
}

/** Its container was there and is rightly gone: the step is finished, or what it was for was seen. */
function isSettled({ journal, world }: RunContext, step: Step, name: string): boolean {
  const goes = step.passing || step.commands.some(({ removes }) => removes === name);
  if (!goes || world.formerId(name) === null) return false;
  const { standing } = journal;
  if (standing.isFinished(step.id)) return true;
  const removal = step.commands.findIndex(({ removes }) => removes === name);
  if (removal < 0) return false;
  const shown = step.commands.slice(0, removal).flatMap(({ proves = [] }) => proves);
  const { everMet } = standing.step(step.id);
  return shown.every((id) => everMet.has(id));
}

/** What was there before the learner began the step; null where they did not begin it. */
function beforeByHand({ journal }: RunContext, step: Step): ReadonlySet<string> | null {
  const byHand = journal.standing.step(step.id).attempt?.started.byHand;
  return byHand ? new Set(byHand.before) : null;
}

async function surroundings(
  context: RunContext,
  wanted: readonly Wanted[],
  candidates: readonly Container[],
  values: Values,
): Promise<Surroundings> {
  const { engine, world, image, lab } = context;
  const { service } = lab.settings;
  const volumes = new Set(
    lab.steps.flatMap((step) =>
      Object.entries(step.world ?? {}).flatMap(([name, { kind }]) => (kind === 'volume' ? [name] : [])),
    ),
  );
  const known = new Map<string, string | null>();
  for (const { recognition } of wanted) {
    const name = recognition.mounts;
    if (name !== undefined)
      known.set(name, volumes.has(name) ? await world.volume(name) : world.formerVolume(name));
  }
  const around: Surroundings = {
    image: { id: image.id, major: image.postgresMajor },
    service,
    target: dataTargetOf(image, service),
    values,
    foundData: () => null,
    volumeOf: (name) => known.get(name) ?? null,
    volumes,
  };
  const old = await withOldData(engine, wanted, candidates, around);
  return { ...around, foundData: ({ id }) => (old.has(id) ? 'old' : 'new') };
}

/** All that could be meant, the best first; of equals what was adopted before, then the newest. */
function pairsOf(
  wanted: readonly Wanted[],
  candidates: readonly Container[],
  around: Surroundings,
  adoptions: ReadonlyMap<string, string>,
): Pair[] {
  const pairs = wanted.flatMap((each) =>
    candidates.flatMap((container) => {
      if (each.before?.has(container.id)) return [];
      const distance = misfit(each.recognition, container, around);
      // Whoever has not begun the step may have things of other kinds: they are no try at it.
      if (each.before === null && distance >= FOREIGN_FROM) return [];
      return [{ wanted: each, container, misfit: distance }];
    }),
  );
  const isAdopted = ({ wanted: { name }, container }: Pair) => adoptions.get(name) === container.id;
  return pairs.sort(
    (a, b) =>
      a.misfit - b.misfit ||
      Number(isAdopted(b)) - Number(isAdopted(a)) ||
      wanted.indexOf(a.wanted) - wanted.indexOf(b.wanted) ||
      (a.container.created < b.container.created ? 1 : -1),
  );
}

/** One container a name, one name a container. */
function bestOf(pairs: readonly Pair[]): Pair[] {
  const chosen: Pair[] = [];
  for (const pair of pairs) {
    const isFree = chosen.every(
      ({ wanted, container }) => wanted !== pair.wanted && container.id !== pair.container.id,
    );
    if (isFree) chosen.push(pair);
  }
  return chosen;
}

async function* adopt(
  context: RunContext,
  pair: Pair,
  pairs: readonly Pair[],
  chosen: readonly Pair[],
): AsyncGenerator<LabEvent> {
  const { name } = pair.wanted;
  if (context.world.adoptions().get(name) === pair.container.id) return;
  const isElsewhere = (id: string) => chosen.some((other) => other !== pair && other.container.id === id);
  const rivals = pairs.filter(
    (other) =>
      other.wanted === pair.wanted &&
      other !== pair &&
      other.misfit === pair.misfit &&
      !isElsewhere(other.container.id),
  );
  const choices = [pair, ...rivals].map(({ container }) => container);
  // Before a step is begun, only what is just as asked is taken for a try at it without a doubt.
  const near = pair.misfit >= (pair.wanted.before === null ? FITS_WELL_BELOW : FITS_BELOW);
  const isOne = near || rivals.length === 0;
  const asked = isOne ? null : await context.ask.which(name, choices);
  const container = choices[asked ?? 0] as Container;
  const volume = container.mounts.find((mount) => mount.type === 'volume' && !isNamedVolume(mount));
  const told = { name, id: container.id, volume: volume?.source ?? null };
  yield { type: 'adopted', kind: 'container', ...told, ...(near ? { near } : {}) };
  const note = near ? 'adopted-near' : isOne || asked !== null ? 'adopted' : 'adopted-newest';
  const others = rivals.map((rival) => rival.container.name).join(', ');
  const values = { name, short: shortId(container.id), container: container.name, others };
  yield { type: 'noted', step: null, note, values };
}

/** A volume goes by the name that the first container which mounts one gives it. */
async function* adoptVolumes(
  context: RunContext,
  steps: readonly Step[],
  chosen: readonly Pair[],
): AsyncGenerator<LabEvent> {
  const volumes = steps.flatMap((step) =>
    Object.entries(step.world ?? {}).flatMap(([name, { kind }]) => (kind === 'volume' ? [name] : [])),
  );
  for (const name of volumes) {
    const mounting = chosen.filter(({ wanted }) => wanted.recognition.mounts === name);
    const [first] = mounting.sort(
      (a, b) => namesInOrder(steps, a.wanted.name) - namesInOrder(steps, b.wanted.name),
    );
    const named = first?.container.mounts.filter(isNamedVolume) ?? [];
    const target = context.image.volumeTargets[0];
    const mount = named.find((each) => each.target === target) ?? named[0];
    const known = await context.world.volume(name);
    if (!first || !mount || mount.source === known) continue;
    // The one that a later container mounts is compared with the first one's, not taken for it.
    const isLater = first.wanted.recognition.data === 'old' && known !== null;
    if (isLater) continue;
    const near = mount.target !== target;
    const told = { name, id: mount.source, volume: mount.source };
    yield { type: 'adopted', kind: 'volume', ...told, ...(near ? { near } : {}) };
  }
}

function namesInOrder(steps: readonly Step[], name: string): number {
  return steps.flatMap((step) => Object.keys(step.world ?? {})).indexOf(name);
}
