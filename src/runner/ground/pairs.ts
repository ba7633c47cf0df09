/** Which container could be meant by which name of the world, and how well each fits. */
import type { Container } from '../../engine/types.ts';
import { type Aspect, FITS_BELOW, FITS_WELL_BELOW, misfits, type Surroundings } from '../../world/fit.ts';
import type { RunContext } from './context.ts';
import { isAnothers, mayBeMeant, type Wanted } from './meant.ts';
import { type Whose, whoseIs } from './whose.ts';

export interface Pair {
  wanted: Wanted;
  container: Container;
  misfit: number;
  misfits: Readonly<Record<Aspect, number>>;
  whose: Whose;
}

/** The learner's own goes before what may be anybody's, however well that fits. */
const RANK: Readonly<Record<Whose, number>> = { said: 0, 'made-in-run': 1, 'there-before': 2 };

/**
 * All that could be meant, what fits best now first: what is as asked before what is only near, what runs before what
 * does not, and of equals the newest, unless it was there already when another was taken.
 */
export function pairsOf(
  context: RunContext,
  wanted: readonly Wanted[],
  candidates: readonly Container[],
  around: Surroundings,
): Pair[] {
  const pairs = wanted.flatMap((each) =>
    candidates.flatMap((container) => {
      const whose = whoseIs(context, container.id);
      const parts = misfits(each.recognition, container, around);
      const distance = Object.values(parts).reduce((sum, weight) => sum + weight, 0);
      const mayBe = mayBeMeant(context, each, container, { whose, distance, isUp: parts.state === 0 });
      return mayBe && !(distance >= FITS_BELOW && isAnothers(context, each.name, container.id))
        ? [{ wanted: each, container, misfit: distance, misfits: parts, whose }]
        : [];
    }),
  );
  return pairs.sort(inOrder(context, wanted, pairs));
}

/** What goes before what, by all that could be meant. */
function inOrder(context: RunContext, wanted: readonly Wanted[], pairs: readonly Pair[]) {
  const adoptions = context.world.adoptions();
  const holders = new Map(
    pairs.flatMap(({ wanted: { name, holds }, container }) =>
      container.id === holds ? [[name, container] as const] : [],
    ),
  );
  /** 0: it takes the place of the one that another step made; 1: it is that one, or there is none; 2: any other. */
  const place = ({ wanted: { name, holds }, container, misfit, misfits: { state } }: Pair) => {
    const holder = holders.get(name);
    if (!holder || container.id === holds) return 1;
    const isBetter = state === 0 && misfit < FITS_BELOW && holder.status !== 'running';
    return isBetter && container.created > holder.created ? 0 : 2;
  };
  const stays = ({ wanted: { name, keeps }, container: { id } }: Pair) =>
    adoptions.get(name) === id && keeps === id;
  const isPassedOver = ({ wanted: { name }, container }: Pair) => {
    const taken = context.journal.standing.things.last(name, { type: 'adopted', kind: 'container' });
    return taken?.type === 'adopted' && taken.beside?.includes(container.id) === true;
  };
  return (a: Pair, b: Pair) =>
    RANK[a.whose] - RANK[b.whose] ||
    place(a) - place(b) ||
    Number(stays(b)) - Number(stays(a)) ||
    Number(isOtherwise(a)) - Number(isOtherwise(b)) ||
    a.misfits.state - b.misfits.state ||
    a.misfit - b.misfit ||
    Number(isPassedOver(a)) - Number(isPassedOver(b)) ||
    wanted.indexOf(a.wanted) - wanted.indexOf(b.wanted) ||
    (a.container.created < b.container.created ? 1 : -1);
}

/** Made in another way than asked, whatever has become of it. */
function isOtherwise({ misfit, misfits: { state } }: Pair): boolean {
  return misfit - state >= FITS_BELOW;
}

/** Why a newer one is not taken for this name; null where that needs no word. */
export type WhyNot = Aspect | 'kept';

/** The newest of those that the learner made since, and that were not taken for this name, with the reason. */
export function newerThan(chosen: Pair, pairs: readonly Pair[]): { pair: Pair; why: WhyNot } | null {
  const { wanted, container, whose } = chosen;
  const newer = pairs.find(
    (each) =>
      each.wanted === wanted &&
      each.whose === whose &&
      wanted.before?.has(each.container.id) === false &&
      each.container.created > container.created &&
      // Made a moment ago, it may be about to start.
      (each.container.status !== 'created' || each.container.error !== ''),
  );
  if (!newer) return null;
  const aspects = Object.keys(newer.misfits) as Aspect[];
  const worse = aspects.filter((aspect) => newer.misfits[aspect] > chosen.misfits[aspect]);
  const [worst] = worse.sort((a, b) => newer.misfits[b] - newer.misfits[a]);
  return { pair: newer, why: worst ?? 'kept' };
}

/** One container a name, one name a container. */
export function bestOf(pairs: readonly Pair[]): Pair[] {
  const chosen: Pair[] = [];
  for (const pair of pairs) {
    const isFree = chosen.every(
      ({ wanted, container }) => wanted !== pair.wanted && container.id !== pair.container.id,
    );
    if (isFree) chosen.push(pair);
  }
  return chosen;
}

/**
 * Whether a match only comes near. Before a step is begun by hand, only an exact one is beyond doubt, or one that was
 * named.
 */
export function isNear({ wanted, whose, misfit: distance }: Pair): boolean {
  const isTry = wanted.before !== null || whose === 'said';
  return distance >= (isTry ? FITS_BELOW : FITS_WELL_BELOW);
}
