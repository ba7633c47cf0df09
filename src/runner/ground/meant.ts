/** Which containers may be meant by a name of the world at all. */
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
  /** The container that stays this one while it is there: what the step has shown was shown with it. */
  keeps: string | null;
  /**
   * Of a name that another step makes: the container that it goes by. As long as that one is there, only one that is
   * newer, runs where it does not, and is as asked takes its place. Null: none, or a name of the step under way.
   */
  holds: string | null;
  /** Another step makes it, and there was one: what only comes near is no try at it. */
  isNeededAgain: boolean;
  /** When the one before it was created: what is older is no new one. Null: it need not be new, or nothing tells. */
  after: string | null;
}

/** Whether it was taken for another name already, as asked or nearly: what only comes near is no try at this one. */
export function isAnothers({ journal }: RunContext, name: string, id: string): boolean {
  const taken = journal.standing.tries.get(id)?.line;
  return taken !== undefined && taken.name !== name;
}

export function mayBeMeant(
  context: RunContext,
  wanted: Wanted,
  { id, created }: Container,
  { whose, distance, isUp }: { whose: Whose; distance: number; isUp: boolean },
): boolean {
  const { before, after, isNeededAgain } = wanted;
  if (isNeededAgain && whose !== 'said' && distance >= FITS_BELOW) return false;
  if (after !== null && whose !== 'said' && created <= after) return false;
  // Who has not begun the step may have things of other kinds: they are no try at it.
  if (before === null || whose === 'said') return distance < FOREIGN_FROM;
  if (!before.has(id)) return true;
  if (isToBeNew(wanted.recognition)) return false;
  if (whose !== 'made-in-run') return false;
  const isNew = !context.journal.standing.tries.has(id);
  // Made in this run and before the step was begun by hand, after its text was read: what was a try at something else
  // already must be just as asked, and up, unless it is this one's already.
  return isNew
    ? distance < FITS_BELOW
    : distance < FITS_WELL_BELOW && (isUp || context.world.adoptions().get(wanted.name) === id);
}

/**
 * Whether nothing that was there when the step was begun may go by this name: the second one of its kind, or one of
 * which nothing is asked that any other of the image has not as well.
 */
function isToBeNew({ publishes, mounts, mountsAt, image, password, after }: Recognition): boolean {
  return (
    after !== undefined || [publishes, mounts, mountsAt, image, password].every((each) => each === undefined)
  );
}

/** Those of these that would fit a name for which nothing is taken, but for not being new: they run, and are older. */
export function tooOld(
  context: RunContext,
  wanted: Wanted,
  candidates: readonly Container[],
  around: Surroundings,
): Container[] {
  const { before, after } = wanted;
  if (wanted.isNeededAgain || before === null) return [];
  return candidates.filter((container) => {
    const { id, created, status } = container;
    const isOlder = before.has(id) ? isToBeNew(wanted.recognition) : after !== null && created <= after;
    if (!isOlder || status !== 'running' || whoseIs(context, id) !== 'made-in-run') return false;
    return misfit(wanted.recognition, container, around) < FITS_WELL_BELOW;
  });
}
