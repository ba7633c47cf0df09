/**
 * What the journals of a home say, and what a board's log says of its seat, both read as raw text. It shares nothing with
 * what carries lines to a board, nor with what a board makes of them: it is what both are held to.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface RawLine {
  seq: number;
  type: string;
  [field: string]: unknown;
}

interface RawJournal {
  file: string;
  id: string;
  lines: RawLine[];
}

/** What of a line is told to a board, by the line's type, as README and the issue say it. */
const TOLD: Readonly<Record<string, string>> = {
  'run-started': 'begun',
  'step-started': 'step',
  'step-resumed': 'step',
  judged: 'judged',
  'step-ended': 'ended',
  checked: 'ended',
  hinted: 'hinted',
  predicted: 'predicted',
  trouble: 'trouble',
  skipped: 'left-out',
  unskipped: 'left-out',
  'steps-reset': 'again',
  'reset-ended': 'reset',
  hand: 'hand',
  proved: 'proved',
};

/** All journals of a home, live and put away, of its runs and of its seat. */
export function journalsOf(home: string): RawJournal[] {
  const runs = join(home, 'runs');
  const names = existsSync(runs) ? readdirSync(runs) : [];
  return [...names.map((name) => join(runs, name)), join(home, 'workshop')].flatMap((folder) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => /^journal.*\.jsonl$/.test(name))
      .map((name) => journalIn(join(folder, name))),
  );
}

function journalIn(file: string): RawJournal {
  const lines = linesIn(readFileSync(file, 'utf8'));
  const id = lines[0]?.journal;
  if (typeof id !== 'string') throw new Error(`${file} has no id`);
  return { file, id, lines };
}

/** Lines that are whole. */
function linesIn(text: string): RawLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** What is wrong with a seat on the board, a sentence each; and how many lines of its are there. */
export function compared(log: string, seat: number, journals: readonly RawJournal[]) {
  const ranges = linesIn(log).filter((line) => line.type === 'range' && line.seat === seat);
  const wrong: string[] = [];
  let lines = 0;
  for (const { id, file, lines: told } of journals) {
    const own = ranges.filter((range) => range.journal === id);
    const fork = Math.max(0, ...own.map((range) => range.fork as number));
    const newest = own.filter((range) => range.fork === fork);
    const found = newest.flatMap(({ lean }) => (lean as RawLine[]).map((each) => `${each.seq} ${each.type}`));
    const wanted = told.flatMap(({ seq, type }) => (type in TOLD ? [`${seq} ${TOLD[type]}`] : []));
    const last = Math.max(0, ...newest.map(({ to }) => to as number));
    const end = told.at(-1)?.seq ?? 0;
    lines += wanted.length;
    for (const each of wanted) if (!found.includes(each)) wrong.push(`seat ${seat} lacks ${each} of ${file}`);
    for (const each of found)
      if (!wanted.includes(each)) wrong.push(`seat ${seat} has ${each}, not in ${file}`);
    if (new Set(found).size !== found.length) wrong.push(`seat ${seat} has lines of ${file} twice`);
    if (last !== end) wrong.push(`seat ${seat} has ${file} to ${last} of ${end}`);
  }
  const known = new Set(journals.map(({ id }) => id));
  for (const { journal } of ranges)
    if (!known.has(journal as string))
      wrong.push(`seat ${seat} has ${journal}, which is no journal of its home`);
  return { wrong, lines };
}

/** Of the run that is walked now: steps that are met, and the one that was begun last. */
export function walkOf(home: string, run: string): { met: string[]; at: string | null } {
  const { lines } = journalIn(join(home, 'runs', run, 'journal.jsonl'));
  const outcomes = new Map<unknown, unknown>();
  for (const { type, step, outcome } of lines) if (type === 'step-ended') outcomes.set(step, outcome);
  const met = [...outcomes].flatMap(([step, outcome]) => (outcome === 'met' ? [String(step)] : []));
  const at = lines.findLast(({ type }) => type === 'step-started' || type === 'step-resumed')?.step;
  return { met, at: at === undefined ? null : String(at) };
}
