import { emptyResult } from '../report/result.ts';
import { nextStep, progressOf } from '../runner/progress.ts';
import type { Desk } from './desk.ts';
import { finishedOf } from './list.ts';
import { printed } from './printed.ts';

/** Where am I, and what is next: three lines, from the journal alone. */
export async function where(desk: Desk): Promise<number> {
  const { steps, reading, content, screen, stem, run } = desk;
  const progress = progressOf(steps, reading.events);
  const upcoming = nextStep(progress);
  const finished = finishedOf(progress);
  const extra = {
    where: {
      finished,
      of: steps.length,
      next: upcoming?.id ?? null,
      interrupted: upcoming?.interrupted ?? false,
    },
  };
  return printed(desk, emptyResult(desk.folders.id, run), extra, () => {
    screen.line(
      run === null
        ? content.say('messages', 'where-nowhere', { of: steps.length })
        : content.say('messages', 'where', { run, finished, of: steps.length }),
    );
    if (!upcoming) {
      screen.line(content.say('messages', 'all-done'));
      return;
    }
    const number = steps.indexOf(upcoming.id) + 1;
    const key = upcoming.interrupted ? 'where-interrupted' : 'where-next';
    screen.line(
      content.say('messages', key, { number, title: content.title(stem(upcoming.id)), step: upcoming.id }),
    );
    screen.line(content.say('messages', 'where-how'));
  });
}
