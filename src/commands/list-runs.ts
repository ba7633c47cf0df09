/** `list --all-runs`: who is where on this engine. */
import type { Engine } from '../engine/types.ts';
import { journalFile, openHome, runsOf } from '../home.ts';
import { labOf } from '../journal/lab-of-run.ts';
import { isOther } from '../journal/pin.ts';
import { readJournal } from '../journal/read.ts';
import { finishedOf, nextStep, progressOf, type Standing } from '../journal/standing.ts';
import { bundledLabs, stepFiles } from '../lab/find.ts';
import { emptyResult } from '../report/result.ts';
import { Trouble } from '../trouble.ts';
import { padded, widthOf } from '../wrap.ts';
import { type Desk, refuseOutcomesOnly } from './desk.ts';
import { printed } from './printed.ts';
import { engineFor } from './reach-engine.ts';

/** A run of this home, by its journal. */
interface OwnRun {
  run: string;
  lab: string | null;
  finished: number;
  /** How many steps its lab has; null where that lab is not known here. */
  of: number | null;
  next: string | null;
  /** It is on another engine than this one. */
  elsewhere: boolean;
  /** Why its journal cannot be read. */
  trouble: Trouble | null;
}

/** A run that labels on the engine tell of, and no journal of this home. */
interface LabelledRun {
  run: string;
  home: string;
  containers: number;
  volumes: number;
}

/** This home's runs, and what else labels on the engine tell of; where no engine answers, the journals alone. */
export async function listRuns(desk: Desk): Promise<number> {
  const { settings, run } = desk;
  refuseOutcomesOnly(settings, 'list --all-runs');
  const engine = await engineFor(settings).catch((error) => {
    if (error instanceof Trouble) return null;
    throw error;
  });
  const stepsOf = stepsOfLabs(desk);
  const own = runsOf(settings.home).map((id) => ownRun(desk, id, engine, stepsOf));
  const others = engine === null ? [] : await labelledRuns(desk, engine, own);
  const told = own.map((row) => ({ ...row, trouble: row.trouble?.code ?? null }));
  return printed(desk, emptyResult(desk.folders.id, run), { list: [...told, ...others] }, () =>
    show(desk, own, others),
  );
}

function ownRun(
  { settings, folders }: Desk,
  run: string,
  engine: Engine | null,
  stepsOf: ReadonlyMap<string, readonly string[]>,
): OwnRun {
  const standing = standingOfRun(settings.home, run);
  if (standing instanceof Trouble)
    return { run, lab: null, finished: 0, of: null, next: null, elsewhere: false, trouble: standing };
  const lab = labOf(standing) ?? folders.id;
  const known = stepsOf.get(lab) ?? null;
  // Of a lab that is elsewhere, the steps that its journal tells of are all that is known.
  const progress = progressOf(known ?? [...standing.steps.keys()], standing);
  return {
    ...{ run, lab, finished: finishedOf(progress), of: known?.length ?? null },
    next: known && (nextStep(progress)?.id ?? null),
    elsewhere: engine !== null && isOther(standing, engine),
    trouble: null,
  };
}

function show(desk: Desk, own: readonly OwnRun[], others: readonly LabelledRun[]): void {
  const { content, screen, run } = desk;
  if (own.length === 0) screen.line(content.say('messages', 'no-runs'));
  const widest = Math.max(0, ...[...own, ...others].map((row) => widthOf(row.run)));
  for (const row of own) {
    const here = row.run === run ? '❯' : ' ';
    screen.line(`${here} ${padded(row.run, widest)}  ${standingIn(desk, row)}`);
  }
  if (others.length > 0) screen.line(screen.paint('dim', content.say('messages', 'list-other-home')));
  for (const { run: id, home, containers, volumes } of others) {
    const things = content.say('messages', 'list-things', { containers, volumes });
    screen.line(`  ${padded(id, widest)}  ${home}  ${things}`);
  }
}

function standingIn({ content, folders }: Desk, row: OwnRun): string {
  if (row.trouble) return `?  ${content.say('troubles', row.trouble.code, row.trouble.values, 'message')}`;
  const lab = row.lab === folders.id ? '' : `  ${row.lab}`;
  const where = row.elsewhere ? `  ${content.say('messages', 'list-elsewhere')}` : '';
  if (row.of === null) {
    const values = { lab: row.lab ?? '?', finished: row.finished };
    return `${content.say('messages', 'list-unknown-lab', values)}${where}`;
  }
  return `${row.finished}/${row.of}  ${row.next ?? '✓'}${lab}${where}`;
}

/** The steps of each lab that is known here, by its id: of this one and of those that came with pglab. */
function stepsOfLabs({ folders, steps }: Desk): Map<string, readonly string[]> {
  const bundled = bundledLabs().map((lab) => [lab.id, stepFiles(lab).map(({ id }) => id)] as const);
  return new Map([...bundled, [folders.id, steps]]);
}

/** How a run stands, or why its journal cannot be read: the other runs are listed all the same. */
function standingOfRun(home: string, run: string): Standing | Trouble {
  try {
    return readJournal(journalFile(home, run)).standing;
  } catch (error) {
    if (error instanceof Trouble) return error;
    throw error;
  }
}

async function labelledRuns(
  { settings }: Desk,
  engine: Engine,
  own: readonly OwnRun[],
): Promise<LabelledRun[]> {
  const { labelledThings } = await import('../world/reset-plan.ts');
  const ownHome = openHome(settings.home).id;
  const found = new Map<string, LabelledRun>();
  for (const { kind, home, run } of await labelledThings(engine)) {
    if (home === ownHome && own.some((row) => row.run === run)) continue;
    const row = found.get(`${home} ${run}`) ?? { run, home, containers: 0, volumes: 0 };
    if (kind === 'container') row.containers += 1;
    if (kind === 'volume') row.volumes += 1;
    found.set(`${home} ${run}`, row);
  }
  return [...found.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
}
