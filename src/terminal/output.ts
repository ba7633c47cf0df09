/** The real output of a command, with the lines that matter pointed out and long stretches folded. */
import type { StepText } from '../lab/content.ts';
import type { Command } from '../lab/model.ts';
import { outputLines } from '../report/output-lines.ts';
import { clipped, widthOf, wrap } from '../wrap.ts';
import type { Drawing } from './drawing.ts';
import type { Screen } from './screen.ts';

export function drawOutput(
  {
    screen,
    content,
    unpublished,
    volumeOf,
  }: Pick<Drawing, 'screen' | 'content' | 'unpublished' | 'volumeOf'>,
  command: Command | undefined,
  text: StepText | null,
  output: string,
): void {
  const lines = outputLines(command, output, { unpublished: unpublished(), volumeOf });
  const isLong = lines.some((line) => 'folded' in line);
  for (const line of lines) {
    if ('folded' in line)
      screen.line(
        screen.paint('dim', `  ⋮ ${content.say('messages', 'more-lines', { count: line.folded })}`),
      );
    else {
      const remark = line.remark === null ? null : (text?.look.get(line.remark) ?? null);
      drawLine(screen, line.text, remark, isLong);
    }
  }
}

/** Rows that a line takes at most, where it is shown whole. */
const MOST_ROWS = 8;

/**
 * A row of a table loses the room between its columns, and goes on below where it is still too wide; any other line,
 * such as an error, is whole: it may be copied.
 */
function fitted(line: string, columns: number): string[] {
  const whole = clipped(line, MOST_ROWS * columns);
  // A line of a log has one such gap, behind its level.
  const gaps = whole.match(/(?<=\S) {2,}(?=\S)/g)?.length ?? 0;
  if (widthOf(whole) <= columns || gaps < 2) return [whole];
  const close = whole.replace(/(?<=\S) {2,}/g, '  ');
  const [first = '', ...rest] = wrap(close, columns);
  return rest.length === 0
    ? [first]
    : [first, ...wrap(close.slice(first.length).trim(), columns - 2).map((row) => `  ${row}`)];
}

/**
 * The remark stands beside the line where there is room, else below it. Of long output (`isLong`), which is no table, a
 * line without one is cut to fit.
 */
function drawLine(screen: Screen, shown: string, remark: string | null, isLong: boolean): void {
  if (remark === null) {
    const rows = isLong ? [clipped(shown, screen.columns)] : fitted(shown, screen.columns);
    for (const row of rows) screen.line(row);
    return;
  }
  const mark = `◀ ${remark}`;
  if (widthOf(shown) + 2 + widthOf(mark) <= screen.columns) {
    screen.line(`${shown}  ${screen.paint('cyan', mark)}`);
    return;
  }
  // A line that matters is shown whole.
  for (const row of fitted(shown, screen.columns)) screen.line(row);
  for (const [at, part] of wrap(remark, screen.columns - 4).entries()) {
    screen.line(`  ${screen.paint('cyan', `${at === 0 ? '▲' : ' '} ${part}`)}`);
  }
}
