/** Reads lines of a journal back through every consumer: the renderer, the watch view, the reports. */
import type { JournalLine } from '../src/journal/events.ts';
import { standingOf } from '../src/journal/standing.ts';
import { Content } from '../src/lab/content.ts';
import { labFolders, stepFiles } from '../src/lab/find.ts';
import type { Language } from '../src/lab/languages.ts';
import { loadLab } from '../src/lab/load.ts';
import type { Lab } from '../src/lab/model.ts';
import { formatted } from '../src/report/formats.ts';
import { Gatherer } from '../src/report/result.ts';
import { ProgressLine } from '../src/terminal/progress-line.ts';
import { Renderer } from '../src/terminal/render.ts';
import { openScreen, type Screen } from '../src/terminal/screen.ts';
import { WatchView } from '../src/terminal/watching.ts';
import { painted } from '../src/visible.ts';
import { clipped } from '../src/wrap.ts';
import { drawn } from './drawn.ts';

export interface Stage {
  lab: Lab;
  content: Content;
  stem: (step: string) => string;
}

/** The terminal of the process that told these lines. */
export interface Terminal {
  columns: number;
  colour: boolean;
  /** Somebody sits there: rows that are drawn over are told as well, each picture of them once. */
  live?: boolean;
}

export interface Replayed {
  /** What stays on the screen. */
  screen: string;
  json: string;
  junit: string;
  tap: string;
}

export async function openStage(language: Language = 'en'): Promise<Stage> {
  const folders = labFolders(null);
  const stems = new Map(stepFiles(folders).map(({ id, file }) => [id, file.replace(/\.\w+$/, '')]));
  const lab = await loadLab(folders);
  const content = new Content(language, folders.content);
  content.know(lab);
  return {
    ...{ lab, content },
    stem: (step) => stems.get(step) ?? step,
  };
}

/** `before`: what the journal held already when the process that told the others began. */
export function replayed(
  { lab, content, stem }: Stage,
  lines: readonly JournalLine[],
  { columns, colour, live = false }: Terminal,
  before: readonly JournalLine[] = [],
): Replayed {
  const { screen, text } = recorder({ columns, colour, live });
  const standing = standingOf(before);
  const run = lines[0]?.run ?? '';
  const unpublished = () => standing.things.unpublished();
  const volumeOf = (name: string) => standing.things.last(name)?.volume ?? null;
  // The step that this process was at last.
  const last = lines.findLast(({ type }) =>
    /^(step-started|step-resumed|checking|watching|step-ended|checked)$/.test(type),
  );
  const drawing = {
    ...{ lab, content, screen, run, stem, unpublished, volumeOf, interactive: live },
    standing: () => standing,
    goesOn: (step: string) => last !== undefined && 'step' in last && last.step !== step,
  };
  const gatherer = new Gatherer(lab, run, content, stem);
  const consumers = [
    gatherer,
    new ProgressLine(screen, content),
    new Renderer(drawing),
    new WatchView(drawing),
  ];
  for (const line of lines) {
    standing.take(line);
    for (const consumer of consumers) consumer.take(line);
  }
  const toldAs = (format: 'json' | 'junit' | 'tap') => formatted(format, gatherer.result);
  return { screen: text(), json: toldAs('json'), junit: toldAs('junit'), tap: toldAs('tap') };
}

/** Before a row that was drawn over later. */
const DRAWN_OVER = '┆ ';

function recorder({ columns, colour, live }: Required<Terminal>): { screen: Screen; text: () => string } {
  const lines: string[] = [];
  let rows: readonly string[] = [];
  const screen = { ...openScreen({ colour, quiet: true }), columns };
  // As the screen that it stands for does.
  screen.line = (text = '') => lines.push(`${painted(text, { colour })}\n`);
  screen.aside = () => {};
  if (live) {
    screen.isLive = true;
    screen.live = (next) => {
      // As wide as the mark leaves it; a row is cut at the end of the window.
      const shown = next.map((row) => clipped(painted(row, { colour }), columns - 1));
      if (shown.join('\n') !== rows.join('\n')) lines.push(...shown.map((row) => `${DRAWN_OVER}${row}\n`));
      rows = shown;
    };
  }
  screen.transient = () => {};
  return { screen, text: () => lines.join('') };
}

/** A password is made up anew each time that it is shown. */
export function masked(screen: string): string {
  return screen.replace(/(export POSTGRES_PASSWORD="\$\{POSTGRES_PASSWORD:-)[0-9a-f]+/g, '$1…');
}

/** Events that by nature show nothing, and why. */
const SHOWS_NOTHING: Readonly<Partial<Record<JournalLine['type'], string>>> = {
  'run-started': 'it names the lab and the versions, which are told where they differ',
  chosen: 'a note tells of a port that is not the one that was asked for',
  adopted: 'a note beside it tells of it',
  removed: 'the output of the command tells of it',
  watched: 'the verdict that is judged from it tells what was seen',
  mode: 'it is for the next call',
};

/** The steps whose explanation has a map. */
const DRAW = /^(port-mapping|three-connections|two-versions|disposable|volume-persistence)$/;

/** An event that another one of the same process puts in the shade before anything is drawn of it. */
function isShaded(line: JournalLine, later: readonly JournalLine[]): boolean {
  if (line.type === 'step-started') return line.byHand !== undefined;
  // It is for resets; only where a list follows it tells beside which line a remark may stand.
  if (line.type === 'made') return true;
  // Of the steps that draw a part of the map, where they are explained.
  if (line.type === 'seen')
    return !(DRAW.test(line.step) && later[0]?.type === 'step-ended' && later[0].outcome === 'met');
  if (line.type !== 'judged') return false;
  return later.some(
    (each) => each.type === 'judged' && each.step === line.step && each.check.id === line.check.id,
  );
}

/**
 * Sentences about events that could be dropped, or changed in any of their values, and `isSame` would not see
 * it: that must be those alone that show nothing. Also where one of those shows something after all.
 */
export function changesUnseen(
  lines: readonly JournalLine[],
  isSame: (lines: readonly JournalLine[]) => boolean,
): string[] {
  const isSeen = (some: readonly JournalLine[]) => {
    try {
      return !isSame(some);
    } catch {
      return true;
    }
  };
  if (isSeen(lines)) return ['as it is, it does not give the same'];
  const tried = drawn([...lines.entries()], ([at, { type }]) => `${at} ${type}`);
  return tried.flatMap(([at, line]) => {
    const [dropped = [], ...altered] = changedAt(lines, at);
    const isOpener = /^(step-started|step-resumed|checking|watching)$/.test(line.type);
    // What opens a step shows its head; its values show only where the prose has a place for them.
    const shows =
      isSeen(dropped) &&
      (isOpener || line.type in SHOWS_NOTHING || altered.length === 0 || altered.some(isSeen));
    const told = `line ${at} of ${lines.length}: ${JSON.stringify(line)}`;
    if (line.type in SHOWS_NOTHING) return shows ? [`it shows something after all, ${told}`] : [];
    return shows || isShaded(line, lines.slice(at + 1)) ? [] : [`it may be changed unseen, ${told}`];
  });
}

/** Drops the line at each place in turn, and changes each value in it: what the consumers make of that. */
function* changedAt(lines: readonly JournalLine[], at: number): Generator<JournalLine[]> {
  yield lines.toSpliced(at, 1);
  const line = lines[at] as JournalLine;
  for (const [key, value] of Object.entries(line)) {
    if (/^(v|seq|at|participant|run|lab|type|step)$/.test(key)) continue;
    for (const other of changed(value))
      yield lines.toSpliced(at, 1, { ...line, [key]: other } as JournalLine);
  }
}

/** The value with one leaf of it otherwise, for each leaf. */
function* changed(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield OTHER_WORDS[value] ?? `${value}~`;
  else if (typeof value === 'number') yield value + 1;
  else if (typeof value === 'boolean') yield !value;
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      for (const other of changed(each))
        yield Array.isArray(value) ? value.toSpliced(Number(key), 1, other) : { ...value, [key]: other };
    }
  }
}

const OTHER_WORDS: Readonly<Record<string, string>> = { met: 'not-met', 'not-met': 'met', unknown: 'met' };
