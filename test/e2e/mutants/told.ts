/** What pglab has printed of a wrong world, as a learner reads it and copies from it. */
import type { FindingKey } from '../../../src/content-keys.ts';
import { outputOf, type TestLab } from '../lab.ts';
import type { Judgement } from './row.ts';

export interface Told {
  /** Where it was printed, and the run. */
  lab: TestLab;
  run: string;
  /** The printed way on, without the line breaks of its window. */
  goOn: string;
  /** Cuts a piece out of it; an error where it is not there. */
  cut(pattern: RegExp): string;
  /** The words of such a piece, for a command of one's own. */
  words(pattern: RegExp): string[];
  /** Cuts a command out of it and pastes it into a shell. Returns what it printed. */
  paste(pattern: RegExp): Promise<string>;
}

/** Asks pglab once more, in words, and takes what it prints for this finding. */
export async function toldOf(lab: TestLab, asked: string[], of: FindingKey, seen: Judgement): Promise<Told> {
  const { stdout } = await lab.pglab(...asked, '--lang', 'en');
  const findings = seen.steps.flatMap(({ checks }) =>
    checks.flatMap(({ outcome, finding }) => (outcome === 'met' ? [] : [finding])),
  );
  const goOn = waysOnIn(stdout)[findings.indexOf(of)];
  if (goOn === undefined) throw new Error(`no way on for ${of}:\n${stdout}`);
  const cut = (pattern: RegExp): string => {
    const piece = pattern.exec(goOn)?.[0];
    if (piece === undefined) throw new Error(`no ${pattern} in: ${goOn}`);
    return piece;
  };
  return {
    lab,
    run: asked[asked.indexOf('--run') + 1] as string,
    goOn,
    cut,
    words: (pattern) => cut(pattern).split(' ').map(withoutQuotes),
    paste: (pattern) => outputOf('bash', ['-c', cut(pattern)], lab.env),
  };
}

function withoutQuotes(word: string): string {
  return word.replace(/^'(.*)'$/, '$1').replaceAll("='*'", '=*');
}

/** Of each check that is not met, in order. A cause that several share is told with the first of them. */
function waysOnIn(text: string): string[] {
  const blocks = text.split(/^[✗?] /m).slice(1);
  const toldOnce: string[] = [];
  for (const block of blocks) {
    const lines = block.split('\n');
    const from = lines.findIndex((line) => /^ {2}go on {2,}/.test(line));
    const until = lines.findIndex((line, at) => at > from && !/^ {6,}\S/.test(line));
    const goOn = lines
      .slice(from, until < 0 ? undefined : until)
      .map((line) => line.replace(/^ {2}(go on)? +/, ''));
    // A learner copies what stands between the marks.
    const words = goOn.join(' ').replaceAll('`', '');
    toldOnce.push(from < 0 ? (toldOnce.at(-1) ?? '') : words);
  }
  return toldOnce;
}
