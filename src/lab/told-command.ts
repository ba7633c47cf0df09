/** Which command of a step a line of a journal tells of: when it was written, the lab may have had other commands. */
import type { Command, Step } from './model.ts';
import { isAddition } from './parsed-line.ts';
import { templateOf } from './template.ts';

/**
 * The command at the same index, if the line could have come of it or there is no line; else the first command of which
 * the line could have come.
 */
export function toldCommand(
  steps: readonly Step[],
  told: { step: string; index: number; ran?: string },
): Command | undefined {
  const step = steps.find(({ id }) => id === told.step);
  const inPlace = step?.commands[told.index];
  const { ran } = told;
  if (ran === undefined || (inPlace && isLineOf(inPlace, ran))) return inPlace;
  return step?.commands.find((command) => isLineOf(command, ran));
}

/** Whether this line can be what became of a command: all that it says beside its placeholders, in its order. */
export function isLineOf({ run, terminal }: Pick<Command, 'run' | 'terminal'>, line: string): boolean {
  return [run, terminal ?? run].some((each) => {
    const texts: string[] = [''];
    for (const piece of templateOf(each).pieces) {
      if (typeof piece === 'string') texts[texts.length - 1] += piece;
      else texts.push('');
      // Where nothing is added, there is no gap either.
      if (typeof piece === 'object' && isAddition(piece.name))
        texts.splice(-2, 1, String(texts.at(-2)).trimEnd());
    }
    return hasInOrder(line, texts);
  });
}

/** The line begins with the first text, ends with the last, and has the others between them, one after another. */
function hasInOrder(line: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return line === first;
  if (!line.startsWith(first) || !line.endsWith(last)) return false;
  const end = line.length - last.length;
  let at = first.length;
  for (const text of others) {
    const found = line.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return at <= end;
}
