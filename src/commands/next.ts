import { nextStep, progressOf, type Standing } from '../journal/standing.ts';
import { byHand } from '../runner/hand/byhand.ts';
import { walk } from '../runner/walk/walk.ts';
import { Usage } from '../trouble.ts';
import { adoptable } from './adoptable.ts';
import type { Desk } from './desk.ts';
import { walking } from './walking.ts';

/** The next step that is not finished: runs it, or watches the learner do it. */
export async function next(
  desk: Desk,
  options: { adopt: string | undefined; byHand: boolean },
): Promise<number> {
  const { format } = desk.settings;
  if (options.byHand && format !== 'text') throw new Usage('watch-is-text', { option: '--by-hand', format });
  const upcoming = (standing: Standing) => nextStep(progressOf(desk.steps, standing));
  if (!upcoming(desk.reading.standing) && desk.settings.format === 'text') {
    const { changesSince, showChanges } = await import('./where.ts');
    showChanges(desk, await changesSince(desk));
    desk.screen.line(desk.content.say('messages', 'all-done'));
    return 0;
  }
  return walking(desk, {
    // Somebody may have finished it since it was read.
    choose: ({ lab, journal }) => lab.steps.filter(({ id }) => id === upcoming(journal.standing)?.id),
    adopt: adoptable(options.adopt),
    act: options.byHand ? byHand : walk,
  });
}
