/** The real output of a command, with the lines that matter pointed out and long stretches folded. */
import type { StepText } from '../lab/content.ts';
import type { Command } from '../lab/model.ts';
import { outputLines } from '../report/output-lines.ts';
import { clipped, widthOf, wrap } from '../wrap.ts';
import type { Drawing } from './drawing.ts';
import type { Screen } from './screen.ts';

export function drawOutput(
  { screen, content, unpublished }: Pick<Drawing, 'screen' | 'content' | 'unpublished'>,
  command: Command | undefined,
  text: StepText | null,
  output: string,
): void {
  for (const line of outputLines(command, output, unpublished())) {
    if ('folded' in line)
      screen.line(
        screen.paint('dim', `  ⋮ ${content.say('messages', 'more-lines', { count: line.folded })}`),
      );
    else drawLine(screen, line.text, line.remark === null ? null : (text?.look.get(line.remark) ?? null));
  }
}

/** The remark stands beside the line where there is room, else below it. Others are cut to fit. */
function drawLine(screen: Screen, shown: string, remark: string | null): void {
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
