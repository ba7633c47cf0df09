import type { Engine } from '../engine/types.ts';
import { journalFile, openHome, runsOf } from '../home.ts';
import { labOf } from '../journal/lab-of-run.ts';
import { isOther } from '../journal/pin.ts';
import { readJournal } from '../journal/read.ts';
import { nextStep, progressOf, type Standing, type StepProgress } from '../journal/standing.ts';
import { bundledLabs, stepFiles } from '../lab/find.ts';
import { wantsOutcomes } from '../report/formats.ts';
import { emptyResult } from '../report/result.ts';
import { padded, widthOf } from '../terminal/wrap.ts';
import { Trouble } from '../trouble.ts';
import { type Desk, refuseOutcomesOnly } from './desk.ts';
import { printed } from './printed.ts';

const MARKS = { met: '✓', 'not-met': '✗', unknown: '?', skipped: '–' } as const;

/** The steps with their outcome, from the journal alone: nothing heavy is loaded. */
export async function list(desk: Desk, { allRuns }: { allRuns: boolean }): Promise<number> {
  return allRuns ? listRuns(desk) : listSteps(desk);
}

async function listSteps(desk: Desk): Promise<number> {
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
        `${here} ${number} ${screen.paint(style, mark)} ${padded(row.id, ids)}  ${row.title}${row.reason === null ? '' : `  (${row.reason})`}`,
      );
    }
  });
}

/**
 * Who is where: this home's runs by their journals, and what else the labels on this engine tell of. Where
 * no engine answers, the journals alone.
 */
async function listRuns(desk: Desk): Promise<number> {
  const { settings, content, screen, run, folders } = desk;
  refuseOutcomesOnly(settings, 'list --all-runs');
  const { engineFor } = await import('./stage.ts');
  const engine = await engineFor(settings).catch((error) => {
    if (error instanceof Trouble) return null;
    throw error;
  });
  const stepsOf = stepsOfLabs(desk);
  const rows = runsOf(settings.home).map((id) => {
    const standing = standingOfRun(settings.home, id);
    if (standing instanceof Trouble)
      return {
        run: id,
        ...{ lab: null, finished: 0, of: null, next: null, elsewhere: false },
        trouble: standing,
      };
    const lab = labOf(standing) ?? folders.id;
    const known = stepsOf.get(lab) ?? null;
    // Of a lab that is elsewhere, the steps that its journal tells of are all that is known.
    const progress = progressOf(known ?? [...standing.steps.keys()], standing);
    return {
      run: id,
      lab,
      finished: finishedOf(progress),
      of: known?.length ?? null,
      next: known && (nextStep(progress)?.id ?? null),
      elsewhere: engine !== null && isOther(standing, engine),
      trouble: null,
    };
  });
  const told = rows.map((row) => ({ ...row, trouble: row.trouble?.code ?? null }));
  const known = rows.map(({ run: id }) => id);
  const others = engine === null ? [] : await runsByLabel(desk, engine, known);
  return printed(desk, emptyResult(desk.folders.id, run), { list: [...told, ...others] }, () => {
    if (rows.length === 0) screen.line(content.say('messages', 'no-runs'));
    const widest = Math.max(0, ...[...rows, ...others].map((row) => widthOf(row.run)));
    for (const row of rows) {
      const here = row.run === run ? '❯' : ' ';
      if (row.trouble) {
        const { code, values } = row.trouble;
        const why = content.say('troubles', code, values, 'message');
        screen.line(`${here} ${padded(row.run, widest)}  ?  ${why}`);
        continue;
      }
      const lab = row.lab === folders.id ? '' : `  ${row.lab}`;
      const where = row.elsewhere ? `  ${content.say('messages', 'list-elsewhere')}` : '';
      screen.line(
        `${here} ${padded(row.run, widest)}  ${row.finished}/${row.of ?? '?'}  ${row.next ?? (row.of === null ? '?' : '✓')}${lab}${where}`,
      );
    }
    if (others.length > 0) screen.line(screen.paint('dim', content.say('messages', 'list-other-home')));
    for (const { run: id, home, containers, volumes } of others) {
      screen.line(
        `  ${padded(id, widest)}  ${home}  ${content.say('messages', 'list-things', { containers, volumes })}`,
      );
    }
  });
}

/** The steps of each lab that is known here, by its id: of this one and of those that came with pglab. */
function stepsOfLabs({ folders, steps }: Desk): Map<string, readonly string[]> {
  const bundled = bundledLabs().map((lab) => [lab.id, stepFiles(lab).map(({ id }) => id)] as const);
  return new Map([...bundled, [folders.id, steps]]);
}

/** One that cannot be read is no reason to say nothing of the others. */
function standingOfRun(home: string, run: string): Standing | Trouble {
  try {
    return readJournal(journalFile(home, run)).standing;
  } catch (error) {
    if (error instanceof Trouble) return error;
    throw error;
  }
}

/** Runs of other homes, and of this one where no journal tells of them. */
async function runsByLabel({ settings }: Desk, engine: Engine, known: readonly string[]) {
  const { labelledThings } = await import('../world/reset-plan.ts');
  const own = openHome(settings.home).id;
  const found = new Map<string, { run: string; home: string; containers: number; volumes: number }>();
  for (const { kind, home, run } of await labelledThings(engine)) {
    if (home === own && known.includes(run)) continue;
    const row = found.get(`${home} ${run}`) ?? { run, home, containers: 0, volumes: 0 };
    if (kind === 'container') row.containers += 1;
    if (kind === 'volume') row.volumes += 1;
    found.set(`${home} ${run}`, row);
  }
  return [...found.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
}

export function finishedOf(progress: readonly StepProgress[]): number {
  return progress.filter(({ outcome }) => outcome === 'met' || outcome === 'skipped').length;
}
