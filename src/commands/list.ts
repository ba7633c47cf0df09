import { emptyResult } from '../report/result.ts';
import { journalFile, runsOf } from '../runner/home.ts';
import { readJournal } from '../runner/journal.ts';
import { nextStep, progressOf, type StepProgress } from '../runner/progress.ts';
import { padded, widthOf } from '../terminal/wrap.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';

const MARKS = { met: '✓', 'not-met': '✗', unknown: '?', skipped: '–' } as const;

/** The steps with their outcome, from the journal alone: nothing heavy is loaded. */
export async function list(desk: Desk, { allRuns }: { allRuns: boolean }): Promise<number> {
  return allRuns ? listRuns(desk) : listSteps(desk);
}

function listSteps(desk: Desk): number {
  const { steps, reading, content, screen, stem, run } = desk;
  const progress = progressOf(steps, reading.events);
  const rows = progress.map((step) => ({ ...step, title: content.title(stem(step.id)) }));
  return printed(desk, { ...emptyResult(desk.folders.id, run) }, { list: rows }, () => {
    const upcoming = nextStep(progress)?.id;
    const ids = Math.max(...rows.map(({ id }) => id.length));
    for (const [at, row] of rows.entries()) {
      const number = String(at + 1).padStart(2);
      const here = row.id === upcoming ? '❯' : ' ';
      const mark = row.outcome ? MARKS[row.outcome] : ' ';
      const style = row.outcome === 'met' ? 'green' : row.outcome === 'not-met' ? 'red' : 'yellow';
      screen.line(`${here} ${number} ${screen.paint(style, mark)} ${padded(row.id, ids)}  ${row.title}`);
    }
  });
}

function listRuns(desk: Desk): number {
  const { settings, steps, content, screen, run } = desk;
  const rows = runsOf(settings.home).map((id) => {
    const progress = progressOf(steps, readJournal(journalFile(settings.home, id)).events);
    return {
      run: id,
      finished: finishedOf(progress),
      of: steps.length,
      next: nextStep(progress)?.id ?? null,
    };
  });
  return printed(desk, { ...emptyResult(desk.folders.id, run) }, { list: rows }, () => {
    if (rows.length === 0) screen.line(content.say('messages', 'no-runs'));
    const widest = Math.max(0, ...rows.map((row) => widthOf(row.run)));
    for (const row of rows) {
      const here = row.run === run ? '❯' : ' ';
      screen.line(`${here} ${padded(row.run, widest)}  ${row.finished}/${row.of}  ${row.next ?? '✓'}`);
    }
  });
}

export function finishedOf(progress: readonly StepProgress[]): number {
  return progress.filter(({ outcome }) => outcome === 'met' || outcome === 'skipped').length;
}
