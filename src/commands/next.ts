import { nextStep, progressOf } from '../runner/progress.ts';
import { walk } from '../runner/walk.ts';
import type { Desk } from './desk.ts';
import { walking } from './walking.ts';

/** Runs the next step that is not finished. */
export async function next(desk: Desk): Promise<number> {
  const upcoming = nextStep(progressOf(desk.steps, desk.reading.events));
  if (!upcoming && desk.settings.format === 'text') {
    desk.screen.line(desk.content.say('messages', 'all-done'));
    return 0;
  }
  return walking(desk, {
    choose: ({ lab }) => lab.steps.filter(({ id }) => id === upcoming?.id),
    act: (context, steps) => walk(context, steps),
  });
}
