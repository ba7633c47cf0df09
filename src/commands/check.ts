import { nextStep, progressOf } from '../journal/standing.ts';
import { checkSteps } from '../runner/hand/check-steps.ts';
import { watchSteps } from '../runner/hand/watch.ts';
import { Usage } from '../trouble.ts';
import { adoptable } from './adoptable.ts';
import { checkedStep, type Desk } from './desk.ts';
import { sayIfNew } from './new-run.ts';
import { tellingSilence } from './telling-silence.ts';
import { walking } from './walking.ts';

/**
 * Judges the steps that were named, all of them, or the current one; runs nothing. With `watch` it goes
 * on until they are met.
 */
export async function check(
  desk: Desk,
  names: string[],
  { adopt, all, watch }: { adopt: string | undefined; all: boolean; watch: boolean },
): Promise<number> {
  if (watch && desk.settings.format !== 'text')
    throw new Usage('watch-is-text', { option: '--watch', format: desk.settings.format });
  if (names.length > 0 && all) throw new Usage('steps-and-all');
  const current = nextStep(progressOf(desk.steps, desk.reading.standing))?.id ?? desk.steps.at(-1);
  const wanted = names.length > 0 ? names.map((name) => checkedStep(desk, name)) : [current];
  sayIfNew(desk, { begins: true });
  return walking(desk, {
    looksOnly: true,
    looksOn: !watch,
    adopt: adoptable(adopt),
    choose: ({ lab }) => (all ? [...lab.steps] : lab.steps.filter(({ id }) => wanted.includes(id))),
    act: watch ? (context, of) => tellingSilence(context, watchSteps(context, of)) : checkSteps,
  });
}
