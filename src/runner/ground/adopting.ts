/** Says what is taken for which name, and writes down what is the learner's own. */
import type { Container } from '../../engine/types.ts';
import { isNamedVolume } from '../../engine/volumes.ts';
import type { LabEvent } from '../../journal/events.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from './context.ts';
import { unnamedVolumeOf } from './mounted.ts';
import { isNear, type Pair } from './pairs.ts';

/** Yields what is said of a match, and returns whether the container may be used under the name, or only judged. */
export async function* adopt(
  context: RunContext,
  pair: Pair,
  pairs: readonly Pair[],
  chosen: readonly Pair[],
): AsyncGenerator<LabEvent, boolean> {
  if (pair.whose === 'there-before') return yield* guest(context, pair);
  const { name } = pair.wanted;
  const adoptedBefore = context.world.adoptions().get(name);
  const isKnown = adoptedBefore === pair.container.id;
  if (isKnown) {
    if (unsaidVolumes(context, pair).length > 0) yield adoption(context, pair);
    return true;
  }
  const rivals = rivalsOf(pair, pairs, chosen);
  const choices = [pair, ...rivals];
  const near = isNear(pair);
  const isOne = near || rivals.length === 0;
  const asked = isOne
    ? null
    : await context.ask.which(
        name,
        choices.map(({ container }) => container),
      );
  const taken = choices[asked ?? 0] as Pair;
  const passedOver = choices.filter((choice) => choice !== taken).map(({ container }) => container.id);
  yield { ...adoption(context, taken), ...(passedOver.length > 0 ? { beside: passedOver } : {}) };
  // `docker run -e NAME` of a shell that has no such name gives none: a second refusal was meant for something else.
  if (pair.wanted.recognition.password === 'none' && adoptedBefore && !near) {
    const seen = context.lab.settings.service?.container.misspeltPassword(taken.container.env) ?? null;
    const note = seen === null ? 'refused-again' : 'refused-misspelt';
    yield { type: 'noted', step: null, note, values: { ...named(taken), ...(seen !== null && { seen }) } };
    return true;
  }
  const note = near ? 'adopted-near' : isOne || asked !== null ? 'adopted' : 'adopted-newest';
  const others = rivals.map((rival) => rival.container.name).join(', ');
  yield { type: 'noted', step: null, note, values: { ...named(taken), others } };
  return true;
}

/** Others that fit the name as well as this one does, and were chosen for no other. */
function rivalsOf(pair: Pair, pairs: readonly Pair[], chosen: readonly Pair[]): Pair[] {
  const isElsewhere = (id: string) => chosen.some((other) => other !== pair && other.container.id === id);
  return pairs.filter(
    (other) =>
      other.wanted === pair.wanted &&
      other !== pair &&
      other.whose === pair.whose &&
      other.misfit === pair.misfit &&
      !isElsewhere(other.container.id),
  );
}

function adoption(context: RunContext, pair: Pair): Extract<LabEvent, { type: 'adopted' }> {
  const { wanted, container, whose } = pair;
  const volume = unnamedVolumeOf(context, container);
  const volumes = saidVolumes(context, container);
  return {
    ...{ type: 'adopted', kind: 'container', name: wanted.name },
    ...{ id: container.id, volume: volume?.source ?? null },
    ...(isNear(pair) ? { near: true } : {}),
    ...(whose === 'there-before' ? {} : { how: whose }),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}

function named({ wanted: { name }, container }: Pair) {
  return { name, id: container.id, short: shortId(container.id), container: container.name };
}

/** What was there before: the learner is asked, once a run; else, and where they say no, it is judged and told of. */
async function* guest(context: RunContext, pair: Pair): AsyncGenerator<LabEvent, boolean> {
  const { wanted, container } = pair;
  const { told, ask, journal } = context;
  if (told.has(container.id)) return false;
  told.add(container.id);
  const isNew = !journal.standing.saidBefore.has(container.id);
  const isTheirs = isNew ? await ask.isTheirs(wanted.name, container) : null;
  if (isTheirs) {
    yield adoption(context, { ...pair, whose: 'said' });
    yield { type: 'noted', step: null, note: 'adopted', values: named(pair) };
    return true;
  }
  yield { type: 'noted', step: null, note: 'there-before', values: named(pair) };
  return false;
}

function saidVolumes({ said }: RunContext, { mounts }: Container): string[] {
  return mounts.filter(isNamedVolume).flatMap(({ source }) => (said.has(source) ? [source] : []));
}

/** Named volumes of what is adopted already, of which the learner says only now that they are theirs. */
function unsaidVolumes(context: RunContext, { wanted, container }: Pair): string[] {
  const last = context.journal.standing.things.last(wanted.name, { type: 'adopted', kind: 'container' });
  const known = last?.type === 'adopted' ? (last.volumes ?? []) : [];
  return saidVolumes(context, container).filter((name) => !known.includes(name));
}
