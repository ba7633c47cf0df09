/** The real output of a command, with the lines that matter pointed out and long stretches folded. */
import { withoutLast } from '../grammar.ts';
import { leftOutBy } from '../kept-output.ts';
import type { StepText } from '../lab/content.ts';
import type { Command } from '../lab/model.ts';
import { shortId } from '../values.ts';
import { visible } from '../visible.ts';
import { clipped, widthOf, wrap } from '../wrap.ts';
import type { Drawing } from './drawing.ts';
import type { Screen } from './screen.ts';

/** As many lines are always shown; of longer output only those that matter. */
const SHORT = 14;

export function drawOutput(
  { screen, content, unpublished }: Pick<Drawing, 'screen' | 'content' | 'unpublished'>,
  command: Command | undefined,
  text: StepText | null,
  output: string,
): void {
  const lines = withoutLast(output, '\n').split('\n');
  if (lines.length === 1 && lines[0] === '') return;
  const isLong = lines.length > SHORT;
  let folded = 0;
  const flush = () => {
    if (folded > 0)
      screen.line(screen.paint('dim', `  ⋮ ${content.say('messages', 'more-lines', { count: folded })}`));
    folded = 0;
  };
  for (const [at, line] of lines.entries()) {
    const leftOut = leftOutBy(line);
    if (leftOut !== null) {
      folded += leftOut;
      continue;
    }
    const key = remarkOf(command, line, unpublished);
    if (isLong && key === null && at > 0 && at < lines.length - 1) {
      folded += 1;
      continue;
    }
    flush();
    drawLine(screen, line, key === null ? null : (text?.look.get(key) ?? null));
  }
  flush();
}

function remarkOf(
  command: Command | undefined,
  line: string,
  unpublished: Drawing['unpublished'],
): string | null {
  const found = Object.entries(command?.lookAt ?? {}).find(([, pattern]) => {
    if (pattern instanceof RegExp) return pattern.test(line);
    return pattern.unpublished.test(line) && [...unpublished()].some((id) => line.startsWith(shortId(id)));
  });
  return found?.[0] ?? null;
}

/** The remark stands beside the line where there is room, else below it. Others are cut to fit. */
function drawLine(screen: Screen, line: string, remark: string | null): void {
  // As a terminal would show it: other codes and marks in it are what others wrote.
  const shown = visible(line.replace(/\r$/, '').replaceAll('\t', '    '));
  if (remark === null) {
    screen.line(clipped(shown, screen.columns));
    return;
  }
  const mark = `◀ ${remark}`;
  if (widthOf(shown) + 2 + widthOf(mark) <= screen.columns) {
    screen.line(`${shown}  ${screen.paint('cyan', mark)}`);
    return;
  }
  // A line that matters is shown whole.
  for (const part of wrap(shown, screen.columns)) screen.line(part);
  for (const [at, part] of wrap(remark, screen.columns - 4).entries()) {
    screen.line(`  ${screen.paint('cyan', `${at === 0 ? '▲' : ' '} ${part}`)}`);
  }
}
