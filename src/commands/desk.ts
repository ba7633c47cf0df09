/** What every verb starts from: settings, the lab's names, its prose, a screen. Loads nothing heavy. */

import { statSync } from 'node:fs';
import { currentRun, earlierCurrentRun, journalFile } from '../home.ts';
import { labOf, requireSameLab } from '../journal/lab-of-run.ts';
import { type Reading, readJournal } from '../journal/read.ts';
import { Content } from '../lab/content.ts';
import { type LabFolders, labFolders, stemOf, stepFiles } from '../lab/find.ts';
import { defaultLab } from '../package-root.ts';
import { verbsOfFormat, wantsOutcomes } from '../report/formats.ts';
import { openScreen, type Screen, wantsColour } from '../terminal/screen.ts';
import { Usage } from '../trouble.ts';
import type { Settings } from './settings.ts';

export interface Desk {
  settings: Settings;
  folders: LabFolders;
  content: Content;
  screen: Screen;
  /** Step ids in order, and the file stem (`03-detached-run`) of each. */
  steps: string[];
  stem: (step: string) => string;
  /** The run that was asked for or is current; null where there is none yet. */
  run: string | null;
  /** Its journal. Reading it is trouble `lab-differs` where the run that was named is another lab's. */
  readonly reading: Reading;
}

/** `judges`: whether the verb has outcomes to give, for formats that carry nothing else. */
export function openDesk(settings: Settings, { verb, judges }: { verb: string; judges: boolean }): Desk {
  refuseFormatOfOthers(settings, verb);
  if (!judges) refuseOutcomesOnly(settings, verb);
  const folders = labFolders(settings.lab);
  const files = stepFiles(folders);
  const stems = new Map(files.map(({ id, file }) => [id, stemOf(file)]));
  const { run, reading } = foundRun(settings, folders.id);
  return {
    settings: { ...settings, lastUrl: reading.standing.pin?.engine.endpoint ?? null },
    folders,
    content: new Content(settings.language, folders.content),
    screen: openScreen({
      colour: wantsColour(process.env, settings.colour),
      quiet: settings.format !== 'text',
    }),
    steps: files.map(({ id }) => id),
    stem: (step) => stems.get(step) ?? step,
    run,
    get reading() {
      requireSameLab(run ?? '', folders.id, reading.standing);
      return reading;
    },
  };
}

/** Wrong usage where the format has room for outcomes alone, and the verb has none. */
export function refuseOutcomesOnly({ format }: Settings, verb: string): void {
  if (wantsOutcomes(format)) throw new Usage('format-judges', { format, verb });
}

/** Wrong usage where only other verbs write the format. */
function refuseFormatOfOthers({ format }: Settings, verb: string): void {
  const verbs = verbsOfFormat(format);
  if (verbs?.includes(verb) === false)
    throw new Usage('format-of-others', { format, verb, verbs: verbs.join(', ') });
}

/**
 * The run as it stands at each call: its journal is read again where it has changed, and where another run has become the
 * current one it is that. Trouble `lab-differs` as with `reading`.
 */
export function followRun({ settings, folders, run, reading }: Desk): () => Pick<Desk, 'run' | 'reading'> {
  const markOf = (each: string | null) =>
    `${currentRun(settings.home, folders.id)} ${each === null ? '' : changeOf(journalFile(settings.home, each))}`;
  // What was written since it was read, or is while it is, is read again at the next call.
  let known = { run, reading, mark: '' };
  return () => {
    const mark = markOf(known.run);
    if (mark === known.mark) return known;
    const found = foundRun(settings, folders.id);
    requireSameLab(found.run ?? '', folders.id, found.reading.standing);
    known = { ...found, mark: found.run === known.run ? mark : '' };
    return known;
  };
}

/** Another text after each change of a file. */
function changeOf(file: string): string {
  const told = statSync(file, { throwIfNoEntry: false });
  return told ? `${told.ino} ${told.size} ${told.mtimeMs}` : '';
}

/** The run that was named, else this lab's current one; where there is none, an empty journal. */
function foundRun({ run, home }: Settings, lab: string): { run: string | null; reading: Reading } {
  const read = (each: string) => ({ run: each, reading: readJournal(journalFile(home, each)) });
  if (run !== null) return read(run);
  const current = currentRun(home, lab);
  const found = current === null ? null : read(current);
  // A run that was reset may have been begun anew in another lab.
  if (found && (labOf(found.reading.standing) ?? lab) === lab) return found;
  const earlier = earlierCurrentRun(home);
  const old = earlier === null ? null : read(earlier);
  if (old && (labOf(old.reading.standing) ?? defaultLab()) === lab) return old;
  return { run: null, reading: readJournal('') };
}

/**
 * The step that is named: by its id, its number from 1, or the beginning of one id alone.
 *
 * @throws Usage `unknown-step`, with the nearest id; `ambiguous-step` where several ids begin like that.
 * @example checkedStep({ steps: ['image', 'port-mapping'] }, 'port') // 'port-mapping', as '2' is
 */
export function checkedStep({ steps }: Pick<Desk, 'steps'>, name: string): string {
  if (steps.includes(name)) return name;
  const numbered = /^\d{1,3}$/.test(name) ? steps[Number(name) - 1] : undefined;
  if (numbered !== undefined) return numbered;
  const [only, ...more] = name === '' ? [] : steps.filter((step) => step.startsWith(name));
  if (only === undefined) throw misspelt('unknown-step', name, steps);
  if (more.length > 0) throw new Usage('ambiguous-step', { word: name, known: [only, ...more].join(', ') });
  return only;
}

/** Wrong usage where nothing is near, and where something is. */
const MISSPELT = {
  'unknown-step': 'unknown-step-near',
  'unknown-verb': 'unknown-verb-near',
} as const;

/** Wrong usage that names what there is, and what was probably meant. */
export function misspelt(code: keyof typeof MISSPELT, word: string, known: readonly string[]): Usage {
  const ranked = known.map((candidate) => ({ candidate, distance: edits(word, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  const isNear = best !== undefined && best.distance <= Math.max(2, word.length / 3);
  const values = { word, known: known.join(', ') };
  return isNear ? new Usage(MISSPELT[code], { ...values, nearest: best.candidate }) : new Usage(code, values);
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, swap);
    }
    row = next;
  }
  return row[b.length] as number;
}
