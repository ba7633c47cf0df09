import { nextStep, progressOf } from '../journal/standing.ts';
import { inBrackets } from '../lab/languages.ts';
import { MARKS } from '../outcome.ts';
import { wantsOutcomes } from '../report/formats.ts';
import { emptyResult } from '../report/result.ts';
import { padded, wrap } from '../wrap.ts';
import type { Desk } from './desk.ts';
import { earlierPass } from './earlier-pass.ts';
import { sayIfNew } from './new-run.ts';
import { printed } from './printed.ts';
import { sayUnderWay, underWay } from './under-way.ts';

/** The steps with their outcome, from the journal alone: nothing heavy is loaded. */
export async function list(desk: Desk, { allRuns }: { allRuns: boolean }): Promise<number> {
  return allRuns ? (await import('./list-runs.ts')).listRuns(desk) : listSteps(desk);
}

async function listSteps(desk: Desk): Promise<number> {
  sayIfNew(desk, { begins: false });
  const { steps, reading, content, screen, stem, run, settings, folders } = desk;
  if (wantsOutcomes(settings.format)) {
    const { recordedResult } = await import('../report/recorded.ts');
    const of = { lab: folders.id, run, steps };
    return printed(desk, recordedResult(of, reading.standing, content, stem), {}, () => {});
  }
  const progress = progressOf(steps, reading.standing);
  const rows = progress.map((step) => ({ ...step, title: content.title(stem(step.id)) }));
  return printed(desk, { ...emptyResult(desk.folders.id, run) }, { list: rows }, () => {
    const upcoming = nextStep(progress)?.id;
    const ids = Math.max(...rows.map(({ id }) => id.length));
    for (const [at, row] of rows.entries()) {
      const number = String(at + 1).padStart(2);
      const here = row.id === upcoming ? '❯' : ' ';
      const mark = row.outcome ? MARKS[row.outcome] : ' ';
      const style = row.outcome === 'met' ? 'green' : row.outcome === 'not-met' ? 'red' : 'yellow';
      screen.line(
        `${here} ${number} ${screen.paint(style, mark)} ${padded(row.id, ids)}  ${row.title}${row.reason === null ? '' : inBrackets(content.language, row.reason)}`,
      );
    }
    sayUnderWay(desk, underWay(desk));
    const earlier = progress.some(({ outcome }) => outcome === 'met') ? null : earlierPass(desk, steps);
    const isMet = (id: string) => earlier?.isFinished(id) ?? false;
    const below = earlier
      ? content.say('messages', 'list-earlier', { finished: steps.filter(isMet).length, of: steps.length })
      : progress.some(({ outcome }) => outcome === 'met')
        ? content.say('messages', 'way-back')
        : null;
    if (below === null) return;
    screen.line();
    for (const line of wrap(below, screen.columns)) screen.line(screen.paint('dim', line));
  });
}
