/**
 * `npm run golden`: takes the journals in this folder from real runs, with what those left on the screen.
 * `npm run golden -- --redraw` only draws the screens anew, from the journals that are there: for when the
 * prose has changed. Needs an engine with postgres:17, and the built program.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalLine } from '../../src/journal/events.ts';
import { lineOf, type Written } from '../../src/journal/line.ts';
import { readJournal } from '../../src/journal/read.ts';
import { CLI, ended, openLab, type TestLab } from '../e2e/lab.ts';
import { Learner } from '../e2e/learner.ts';
import { openTerminal } from '../e2e/pty.ts';
import { masked, openStage, replayed, type Terminal } from '../replay.ts';

const PIPE: Terminal = { columns: 80, colour: false };

/** Beside each journal: the terminal of the run, and at which line each process began whose screen is kept. */
interface Golden extends Terminal {
  starts: number[];
}

/** What one process told, and what the journal held before it. */
export interface Part {
  before: JournalLine[];
  lines: JournalLine[];
}

/** Windows in which what is done by hand, and what `next` runs, is kept as well, in both languages. */
const WINDOWS = [100, 60, 40];
const SEEN_IN_WINDOWS = ['by-hand', 'keys', 'run', 'check'];

export interface Pictured {
  file: string;
  text: string;
}

/** Each window's picture of this journal. */
export async function inWindows(name: string): Promise<Pictured[]> {
  if (!SEEN_IN_WINDOWS.includes(name)) return [];
  const { parts } = readGolden(name);
  const stages = await Promise.all(
    (['en', 'zh'] as const).map(async (language) => ({ language, stage: await openStage(language) })),
  );
  return stages.flatMap(({ language, stage }) =>
    WINDOWS.map((columns) => {
      const terminal = { columns, colour: false, live: true };
      const text = parts.map(({ before, lines }) => replayed(stage, lines, terminal, before).screen).join('');
      return { file: join(folderOf(name), `screen-${columns}.${language}.txt`), text: masked(text) };
    }),
  );
}

const folderOf = (name: string) => join(import.meta.dirname, name);

export function readGolden(name: string): { terminal: Terminal; parts: Part[]; screen: string } {
  const { starts, ...terminal } = JSON.parse(
    readFileSync(join(folderOf(name), 'run.json'), 'utf8'),
  ) as Golden;
  const { events } = readJournal(join(folderOf(name), 'journal.jsonl'), name);
  const screen = readFileSync(join(folderOf(name), 'screen.txt'), 'utf8');
  const parts = starts.map((from, at) => ({
    before: events.slice(0, from),
    lines: events.slice(from, starts[at + 1]),
  }));
  return { terminal, parts, screen };
}

export const goldenNames = () =>
  readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((each) =>
    existsSync(join(import.meta.dirname, each.name, 'journal.jsonl')) ? [each.name] : [],
  );

/** Where the run took place is nobody's business, and no proof of anything. */
function keep(lab: TestLab, name: string, stdout: string, golden: Golden): void {
  const raw = readFileSync(join(lab.home, 'runs', name, 'journal.jsonl'), 'utf8');
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  const clean = (text: string) =>
    text.replaceAll(lab.home, '/home/learner/pglab').replaceAll(host, 'unix:///var/run/docker.sock');
  const lines = raw
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { sum: _, ...told } = JSON.parse(clean(line));
      const root = told.root === undefined ? {} : { root: '/var/lib/docker' };
      return lineOf({ ...told, ...root, participant: 'learner' } as Written);
    });
  mkdirSync(folderOf(name), { recursive: true });
  writeFileSync(join(folderOf(name), 'journal.jsonl'), `${lines.join('\n')}\n`);
  writeFileSync(join(folderOf(name), 'screen.txt'), masked(clean(stdout)));
  writeFileSync(join(folderOf(name), 'run.json'), `${JSON.stringify(golden)}\n`);
}

async function capture(): Promise<void> {
  const lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6580' });
  const { lab: steps } = await openStage();
  const pglab = async (run: string, ...args: string[]) =>
    (await lab.pglab(...args, '--yes', '--lang', 'en', '--run', run)).stdout;
  const reset = (run: string) => pglab(run, 'reset');
  const count = (run: string) => readJournal(join(lab.home, 'runs', run, 'journal.jsonl')).events.length;

  keep(lab, 'run', await pglab('run', 'run', 'image', 'port-mapping'), { ...PIPE, starts: [0] });
  await reset('run');
  keep(lab, 'check', await pglab('check', 'check', 'image', 'port-mapping'), { ...PIPE, starts: [0] });

  const args = ['run', 'detached-run', '--yes', '--lang', 'en', '--run', 'killed'];
  const hook = join(import.meta.dirname, '../e2e/kill-at.mjs');
  const killed = await ended(process.execPath, ['--import', hook, CLI, ...args], {
    ...lab.env,
    KILLED_AT: join(lab.home, 'killed-at'),
    KILL_BY: 'type',
    KILL_ONLY: 'made',
  });
  const starts = [0, count('killed')];
  const resumed = await pglab('killed', 'run', 'detached-run');
  keep(lab, 'killed', killed.stdout + resumed, { ...PIPE, starts });
  await reset('killed');

  const one = { ...steps, steps: steps.steps.filter(({ id }) => id === 'image' || id === 'foreground-run') };
  let said = '';
  const hands = new Learner(lab);
  const begins: number[] = [];
  await hands.walk(one, 'by-hand', async (_, act) => {
    begins.push(count('by-hand'));
    said += (await act()).stdout;
  });
  keep(lab, 'by-hand', said, { ...PIPE, starts: begins });
  await hands.remove();

  await captureKeys(lab, pglab, count);
  await reset('keys');
  await redraw('keys');
  for (const name of SEEN_IN_WINDOWS) await drawWindows(name);
  await lab.end();
}

/** A step by hand, with the keys for hint and command. */
async function captureKeys(
  lab: TestLab,
  pglab: (run: string, ...args: string[]) => Promise<string>,
  count: (run: string) => number,
): Promise<void> {
  await pglab('keys', 'run', 'image', 'foreground-run');
  const since = count('keys');
  const session = openTerminal(lab, ['next', '--by-hand', '--lang', 'en', '--run', 'keys']);
  await session.sees(/published\s+port/);
  session.types('\r');
  await session.sees(/0 of 4 · h hint/);
  session.types('h');
  await session.sees(/Hint 1 of 3/);
  session.types('s');
  await session.sees(/\$ docker run -d -e POSTGRES_PASSWORD/);
  const theirs = await lab.docker('run', '-d', '-e', 'POSTGRES_PASSWORD=theirs', 'postgres:17');
  await session.sees(/Then and now/);
  await session.ends();
  await lab.docker('rm', '-fv', theirs);
  // What a question leaves on the screen is the prompt's: the replay is kept, and read over.
  keep(lab, 'keys', '', { columns: 100, colour: true, starts: [since] });
}

async function redraw(...names: string[]): Promise<void> {
  const stage = await openStage();
  for (const name of names) {
    const { terminal, parts } = readGolden(name);
    const screens = parts.map(({ before, lines }) => replayed(stage, lines, terminal, before).screen);
    writeFileSync(join(folderOf(name), 'screen.txt'), masked(screens.join('')));
    await drawWindows(name);
  }
}

async function drawWindows(name: string): Promise<void> {
  for (const { file, text } of await inWindows(name)) writeFileSync(file, text);
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--redraw')) await redraw(...goldenNames());
  else await capture();
}
