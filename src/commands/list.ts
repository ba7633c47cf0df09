import { emptyResult } from '../report/result.ts';
import { journalFile, openHome, runsOf } from '../runner/home.ts';
import { readJournal } from '../runner/journal.ts';
import { nextStep, progressOf, type StepProgress } from '../runner/progress.ts';
import { LABEL } from '../runner/world.ts';
import { padded, widthOf } from '../terminal/wrap.ts';
import { Trouble } from '../trouble.ts';
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

/** Who is where: this home's runs by their journals, and what other homes have on this engine. */
async function listRuns(desk: Desk): Promise<number> {
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
  const others = await runsOfOtherHomes(desk);
  return printed(desk, emptyResult(desk.folders.id, run), { list: [...rows, ...others] }, () => {
    if (rows.length === 0) screen.line(content.say('messages', 'no-runs'));
    const widest = Math.max(0, ...[...rows, ...others].map((row) => widthOf(row.run)));
    for (const row of rows) {
      const here = row.run === run ? '❯' : ' ';
      screen.line(`${here} ${padded(row.run, widest)}  ${row.finished}/${row.of}  ${row.next ?? '✓'}`);
    }
    if (others.length > 0) screen.line(screen.paint('dim', content.say('messages', 'list-other-home')));
    for (const { run: id, home, containers } of others) {
      const count = content.say('messages', 'list-containers', { count: containers });
      screen.line(`  ${padded(id, widest)}  ${home}  ${count}`);
    }
  });
}

/** By the labels of their containers; nothing where no engine answers. */
async function runsOfOtherHomes({ settings }: Desk) {
  const { engineFor } = await import('./stage.ts');
  const engine = await engineFor(settings).catch((error) => {
    if (error instanceof Trouble) return null;
    throw error;
  });
  const own = openHome(settings.home).id;
  const found = new Map<string, { run: string; home: string; containers: number }>();
  for (const { labels } of (await engine?.containers({ [LABEL.home]: null })) ?? []) {
    const home = labels[LABEL.home] ?? '';
    const run = labels[LABEL.run] ?? '';
    const known = found.get(`${home} ${run}`) ?? { run, home, containers: 0 };
    if (home !== own) found.set(`${home} ${run}`, { ...known, containers: known.containers + 1 });
  }
  return [...found.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
}

export function finishedOf(progress: readonly StepProgress[]): number {
  return progress.filter(({ outcome }) => outcome === 'met' || outcome === 'skipped').length;
}
