import { runsOf } from '../home.ts';
import { Content } from '../lab/content.ts';
import { bundledLabs, labFolders, stemOf, stepFiles } from '../lab/find.ts';
import { LANGUAGES } from '../lab/languages.ts';
import { FORMATS } from '../report/formats.ts';
import { emptyResult } from '../report/result.ts';
import { Trouble, Usage } from '../trouble.ts';
import { type Candidate, completionOf, type Known } from './candidates.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';
import { SCRIPTS } from './shell-scripts.ts';
import { COMMON_OPTIONS, type Verb } from './verb.ts';

const SHELLS = Object.keys(SCRIPTS);

/**
 * `pglab completion bash|zsh|fish` prints the script that a shell reads at its start. The script asks
 * `pglab completion words -- WORD… TYPED` each time: a candidate a line, with what it is behind a tab; a line
 * `:files` where names of files may stand as well. `root`: the table of verbs.
 */
export function completion(desk: Desk, [shell = '', ...words]: readonly string[], root: Verb): number {
  if (shell === 'words') {
    for (const line of linesFor(desk, words, root)) process.stdout.write(`${line}\n`);
    return 0;
  }
  if (words.length > 0) throw new Usage('too-many-words', { what: 'completion' });
  if (shell === '') throw new Usage('no-verb', { verbs: SHELLS.join(', ') });
  const script = SCRIPTS[shell];
  if (script === undefined) throw new Usage('unknown-shell', { word: shell, known: SHELLS.join(', ') });
  return printed(desk, emptyResult(desk.folders.id, null), { completion: { shell, script } }, () => {
    process.stdout.write(script);
  });
}

function linesFor(desk: Desk, words: readonly string[], root: Verb): string[] {
  const before = words.slice(0, -1);
  const found = completionOf(root, COMMON_OPTIONS, before, words.at(-1) ?? '', knownAt(desk, before));
  const lines = found.candidates.map(({ word, about }) => (about === '' ? word : `${word}\t${about}`));
  return found.files ? [...lines, ':files'] : lines;
}

function knownAt(desk: Desk, before: readonly string[]): Known {
  const named = (words: readonly string[]): Candidate[] => words.map((word) => ({ word, about: '' }));
  return {
    say: (key) => desk.content.say('messages', key),
    steps: () => stepsOf(desk, before),
    runs: () => named(runsOf(desk.settings.home)),
    labs: () => named(bundledLabs().map(({ id }) => id)),
    formats: FORMATS,
    languages: LANGUAGES,
    shells: SHELLS,
  };
}

/** The steps of the lab that the line names, with their titles; none where there is no such lab. */
function stepsOf({ settings, folders, content }: Desk, before: readonly string[]): Candidate[] {
  const at = before.lastIndexOf('--lab');
  const inOne = before.findLast((word) => word.startsWith('--lab='))?.slice('--lab='.length);
  const asked = at < 0 ? inOne : before.slice(at + 1).find((word) => word !== '=');
  try {
    const meant = asked === undefined ? folders : labFolders(asked);
    const words = asked === undefined ? content : new Content(settings.language, meant.content);
    return stepFiles(meant).map(({ id, file }) => ({ word: id, about: words.title(stemOf(file)) }));
  } catch (error) {
    if (error instanceof Trouble) return [];
    throw error;
  }
}
