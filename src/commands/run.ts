import { isOpen } from '../journal/step-standing.ts';
import { walk } from '../runner/walk/walk.ts';
import { Usage } from '../trouble.ts';
import { adoptable } from './adoptable.ts';
import { checkedStep, type Desk } from './desk.ts';
import { walking } from './walking.ts';

/**
 * Runs the steps that were named, or with `all` those that are still to be done. It stops at a step that is not
 * met, unless `keepGoing`.
 */
export async function run(
  desk: Desk,
  names: string[],
  { adopt, all, keepGoing }: { adopt: string | undefined; all: boolean; keepGoing: boolean },
): Promise<number> {
  if (names.length === 0 && !all) throw new Usage('no-step', { verb: 'run' });
  if (names.length > 0 && all) throw new Usage('steps-and-all');
  const wanted = names.map((name) => checkedStep(desk, name));
  return walking(desk, {
    adopt: adoptable(adopt),
    choose: ({ lab, journal }) =>
      all
        ? lab.steps.filter(({ id }) => isOpen(journal.standing.step(id)))
        : lab.steps.filter(({ id }) => wanted.includes(id)),
    act: (context, steps) => walk(context, steps, { keepGoing }),
  });
}
