import type { LabEvent } from '../journal/events.ts';
import { nextStep, progressOf, type Standing } from '../journal/standing.ts';
import type { Step } from '../lab/model.ts';
import { allDone } from '../report/all-done.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { byHand } from '../runner/hand/byhand.ts';
import { walk } from '../runner/walk/walk.ts';
import { Usage } from '../trouble.ts';
import { wrap } from '../wrap.ts';
import { adoptable } from './adoptable.ts';
import type { Desk } from './desk.ts';
import { tellingSilence } from './telling-silence.ts';
import { walking } from './walking.ts';

/** The next step that is not finished: runs it, or watches the learner do it. */
export async function next(
  desk: Desk,
  options: { adopt: string | undefined; byHand: boolean | undefined; page: boolean },
): Promise<number> {
  const { format, interactive } = desk.settings;
  const { standing } = desk.reading;
  if (options.page) {
    if (options.byHand === false) throw new Usage('page-is-by-hand');
    const { page } = await import('./page.ts');
    return page(desk, { listen: undefined, adopt: options.adopt, draws: true });
  }
  // As the run was gone on with before, where somebody sits at the terminal.
  const isByHand = options.byHand ?? (interactive && standing.byHand);
  if (options.byHand && format !== 'text') throw new Usage('watch-is-text', { option: '--by-hand', format });
  const upcoming = (standing: Standing) => nextStep(progressOf(desk.steps, standing));
  if (!upcoming(desk.reading.standing) && desk.settings.format === 'text') {
    const { changesSince, showChanges } = await import('./where.ts');
    showChanges(desk, await changesSince(desk));
    for (const text of allDone(desk.content, desk.steps, standing))
      for (const line of wrap(text, desk.screen.columns)) desk.screen.line(line);
    return 0;
  }
  return walking(desk, {
    // Somebody may have finished it since it was read.
    choose: ({ lab, journal }) => lab.steps.filter(({ id }) => id === upcoming(journal.standing)?.id),
    adopt: adoptable(options.adopt),
    act: (context, steps) => inMode(context, steps, { isByHand, isChosen: options.byHand !== undefined }),
  });
}

/** `isChosen`: the learner said so, and the run remembers it. */
async function* inMode(
  context: RunContext,
  steps: readonly Step[],
  { isByHand, isChosen }: { isByHand: boolean; isChosen: boolean },
): AsyncGenerator<LabEvent> {
  if (isChosen && context.journal.standing.byHand !== isByHand) yield { type: 'mode', byHand: isByHand };
  yield* isByHand ? tellingSilence(context, byHand(context, steps)) : walk(context, steps);
}
