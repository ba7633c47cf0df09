/**
 * Finds, for the names of the world, what the learner made by hand. It carries no label of ours, so
 * it is recognised by what the step says of it; what is recognised is journaled as adopted.
 */

import type { Container } from '../../engine/types.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { dataTargetOf } from '../../lab/service.ts';
import { LABEL } from '../../names.ts';
import { shortId, type Values } from '../../values.ts';
import type { Surroundings } from '../../world/fit.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import { NO_GUESTS } from '../../world/world.ts';
import { adopt } from './adopting.ts';
import type { RunContext } from './context.ts';
import { tooOld, type Wanted } from './meant.ts';
import { mountedFor } from './mounted.ts';
import { fitsNothing, notNew, notTaken } from './not-taken.ts';
import { withOldData } from './old-data.ts';
import { bestOf, isNear, type Pair, pairsOf } from './pairs.ts';
import { valuesOf } from './run-values.ts';
import { settledPairs } from './settled-pairs.ts';
import { takenByOthers, whoseIs } from './whose.ts';

/**
 * Adopts what fits the names of these steps best, and says so. What was there before the run is judged where
 * nothing of the learner's is, and not adopted. `said`: only what the learner named as theirs.
 */
export async function* recognise(
  context: RunContext,
  steps: readonly Step[],
  which: 'all' | 'said' | 'settled' = 'all',
): AsyncGenerator<LabEvent> {
  yield* recognised(context, steps, which);
  yield* fitsNothing(context);
}

async function* recognised(
  context: RunContext,
  steps: readonly Step[],
  which: 'all' | 'said' | 'settled',
): AsyncGenerator<LabEvent> {
  context.world.judgeToo(NO_GUESTS);
  const seen = await context.world.snapshot();
  const wanted = wantedNames(context, steps, seen);
  if (wanted.length === 0) return;
  const names = new Set(wanted.map(({ name }) => name));
  const adoptions = context.world.adoptions();
  const taken = new Set([...adoptions].flatMap(([name, id]) => (names.has(name) ? [] : [id])));
  const all = await candidatesFor(context, wanted, taken);
  for (const { id, created } of all) context.created.set(id, created);
  const candidates = which === 'said' ? all.filter(({ id }) => context.said.has(id)) : all;
  if (candidates.length === 0) return;
  const around = await surroundings(context, wanted, candidates, valuesOf(context, seen));
  const found = pairsOf(context, wanted, candidates, around);
  const pairs = which === 'settled' ? await settledPairs(context, wanted, candidates, found) : found;
  const chosen = bestOf(pairs);
  const theirs: Pair[] = [];
  const guests: Pair[] = [];
  for (const pair of chosen) {
    const isAdopted = yield* adopt(context, pair, pairs, chosen);
    (isAdopted ? theirs : guests).push(pair);
  }
  yield* notTaken(context, chosen, pairs);
  const open = wanted.filter((each) => chosen.every((pair) => pair.wanted !== each));
  const untaken = candidates.filter(({ id }) => chosen.every(({ container }) => container.id !== id));
  for (const each of open) yield* notNew(context, each, tooOld(context, each, untaken, around));
  const volumes = await mountedFor(context, steps, theirs);
  for (const { name, source, near } of volumes) {
    const how = context.said.has(source) ? ('said' as const) : null;
    const told = { name, id: source, volume: source, ...(near && { near }), ...(how && { how }) };
    yield { type: 'adopted', kind: 'volume', ...told };
  }
  // On an engine that many share there is always something that comes near.
  const fitting = guests.filter((pair) => !isNear(pair));
  const mounted = await mountedFor(context, steps, fitting.length > 0 ? fitting : guests);
  context.world.judgeToo({
    containers: new Map(guests.map(({ wanted: { name }, container }) => [name, container.id])),
    volumes: new Map(mounted.map(({ name, source }) => [name, source])),
  });
}

/** What carries no run's label, and goes by no other name already, of this run or another; the newest first. */
async function candidatesFor(
  context: RunContext,
  wanted: readonly Wanted[],
  taken: ReadonlySet<string>,
): Promise<Container[]> {
  const { engine, said } = context;
  const mayBeMeant = (id: string) =>
    whoseIs(context, id) !== 'there-before' || wanted.some(({ before }) => !before?.has(id));
  const free = (await engine.listed()).filter(
    ({ id, labels }) => !(LABEL.run in labels) && !taken.has(id) && mayBeMeant(id),
  );
  const own = new Set(context.world.adoptions().values());
  const isNew = ({ id }: { id: string }) => !own.has(id) && whoseIs(context, id) === 'made-in-run';
  const others = takenByOthers(context, free.filter(isNew));
  const listed = free.filter(({ id }) => said.has(id) || !others.has(id));
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
    const former = after === undefined ? null : world.formerId(after);
    if (after !== undefined && (seen.listed(after) || former === null)) continue;
    const isNeeded = !own.includes(name);
    const last = world.formerId(name);
    wanted.push({
      name,
      recognition,
      before: beforeByHand(context, step),
      keeps: keptFor(context, step, name),
      holds: isNeeded && !world.isNear(name) ? (seen.adopted(name)?.id ?? null) : null,
      isNeededAgain: isNeeded && last !== null && !world.isNear(name),
      after: former === null ? null : (context.created.get(former) ?? null),
    });
  }
  return wanted;
}

/** Its container was there and is rightly gone: the step is finished, or what it was for was seen. */
function isSettled({ journal, world }: RunContext, step: Step, name: string): boolean {
  const goes = step.passing || step.commands.some(({ removes }) => removes === name);
  // What only came near is no reason to take nothing more for it.
  if (!goes || world.formerId(name) === null || world.isNear(name)) return false;
  const { standing } = journal;
  if (standing.isFinished(step.id)) return true;
  const removal = step.commands.findIndex(({ removes }) => removes === name);
  if (removal < 0) return false;
  const shown = step.commands.slice(0, removal).flatMap(({ proves = [] }) => proves);
  const { everMet, verdicts } = standing.step(step.id);
  // What is shown by another of them has nothing to do with this one's end.
  const own = shown.filter((id) => verdicts.get(id)?.values.name === name);
  return own.length > 0 && own.every((id) => everMet.has(id));
}

/** The container with which something was shown that a newer one has not: it stays what it is. */
function keptFor({ journal, world }: RunContext, step: Step, name: string): string | null {
  const { witnessed } = journal.standing.step(step.id);
  const id = world.adoptions().get(name);
  const shown = step.commands.flatMap(({ proves = [] }) =>
    proves.flatMap((check) => witnessed.get(check) ?? []),
  );
  const isWithIt = shown.some(
    ({ outcome, values }) => outcome === 'met' && values.name === name && values.short === shortId(id ?? ''),
  );
  return id !== undefined && isWithIt ? id : null;
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
