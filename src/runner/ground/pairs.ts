/** Which container could be meant by which name of the world, and how well each fits. */
import type { Container } from '../../engine/types.ts';
import type { Recognition } from '../../lab/model.ts';
import { FITS_BELOW, FITS_WELL_BELOW, FOREIGN_FROM, misfit, type Surroundings } from '../../world/fit.ts';
import type { RunContext } from './context.ts';
import { type Whose, whoseIs } from './whose.ts';

export interface Wanted {
  name: string;
  recognition: Recognition;
  /** Containers that were there before the learner began the step; null: it was not begun by hand. */
  before: ReadonlySet<string> | null;
}

export interface Pair {
  wanted: Wanted;
  container: Container;
  misfit: number;
  whose: Whose;
}

/** The learner's own goes before what may be anybody's, however well that fits. */
const RANK: Readonly<Record<Whose, number>> = { said: 0, 'made-in-run': 1, 'there-before': 2 };

/** All that could be meant, the best first; of equals what was adopted before, then the newest. */
export function pairsOf(
  context: RunContext,
  wanted: readonly Wanted[],
  candidates: readonly Container[],
  around: Surroundings,
): Pair[] {
  const adoptions = context.world.adoptions();
  const pairs = wanted.flatMap((each) =>
    candidates.flatMap((container) => {
      const whose = whoseIs(context, container.id);
      const distance = misfit(each.recognition, container, around);
      return mayBeMeant(each, container.id, whose, distance)
        ? [{ wanted: each, container, misfit: distance, whose }]
        : [];
    }),
  );
  const isAdopted = ({ wanted: { name }, container }: Pair) => adoptions.get(name) === container.id;
  return pairs.sort(
    (a, b) =>
      RANK[a.whose] - RANK[b.whose] ||
      a.misfit - b.misfit ||
      Number(isAdopted(b)) - Number(isAdopted(a)) ||
      wanted.indexOf(a.wanted) - wanted.indexOf(b.wanted) ||
      (a.container.created < b.container.created ? 1 : -1),
  );
}

function mayBeMeant({ before }: Wanted, id: string, whose: Whose, distance: number): boolean {
  // Who has not begun the step may have things of other kinds: they are no try at it.
  if (before === null || whose === 'said') return distance < FOREIGN_FROM;
  if (!before.has(id)) return true;
  // Made in this run and before the step was begun by hand, after its text was read: only what is just as asked.
  return whose === 'made-in-run' && distance < FITS_WELL_BELOW;
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
