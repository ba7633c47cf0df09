/** The output of a command as it is shown: the lines that matter pointed out, long stretches folded. */
import { withoutLast } from '../grammar.ts';
import { leftOutBy } from '../kept-output.ts';
import type { Command } from '../lab/model.ts';
import { shortId } from '../values.ts';
import { visible } from '../visible.ts';

/** As many lines are always shown; of longer output only those that matter. */
const SHORT = 14;

/** A line as a terminal would show it, and the key of the remark beside it; or how many lines stand folded here. */
export type OutputLine = { text: string; remark: string | null } | { folded: number };

/** What of the run is pointed out in a list. */
interface Marked {
  /** Ids of its containers that publish no port. */
  unpublished: ReadonlySet<string>;
  /** The volume that its container of this name had last; null: none is known. */
  volumeOf: (name: string) => string | null;
}

/** Empty where nothing was printed. */
export function outputLines(command: Command | undefined, output: string, marked: Marked): OutputLine[] {
  const lines = withoutLast(output, '\n').split('\n');
  if (lines.length === 1 && lines[0] === '') return [];
  const isLong = lines.length > SHORT;
  const shown: OutputLine[] = [];
  const fold = (count: number) => {
    const last = shown.at(-1);
    if (last && 'folded' in last) last.folded += count;
    else shown.push({ folded: count });
  };
  for (const [at, line] of lines.entries()) {
    const leftOut = leftOutBy(line);
    const remark = remarkOf(command, line, marked);
    if (leftOut !== null) fold(leftOut);
    else if (isLong && remark === null && at > 0 && at < lines.length - 1) fold(1);
    // Other codes and marks in it are what others wrote.
    else shown.push({ text: visible(line.replace(/\r$/, '').replaceAll('\t', '    ')), remark });
  }
  return shown;
}

function remarkOf(
  command: Command | undefined,
  line: string,
  { unpublished, volumeOf }: Marked,
): string | null {
  const found = Object.entries(command?.lookAt ?? {}).find(([, pattern]) => {
    if (pattern instanceof RegExp) return pattern.test(line);
    if ('volumeOf' in pattern) {
      const volume = volumeOf(pattern.volumeOf);
      return volume !== null && line.includes(volume);
    }
    return pattern.unpublished.test(line) && [...unpublished].some((id) => line.startsWith(shortId(id)));
  });
  return found?.[0] ?? null;
}
