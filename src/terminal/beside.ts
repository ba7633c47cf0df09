/** A command before it runs: as the article has it, and as it runs here. */
import { fillOpen, type StepText } from '../lab/content.ts';
import type { Command } from '../lab/model.ts';
import { shownLine } from '../lab/shown.ts';
import { hasAdditions, templateOf } from '../lab/template.ts';
import type { Values } from '../values.ts';
import { padded, widthOf, wrap } from '../wrap.ts';
import type { Drawing } from './drawing.ts';

/** The article's command, the one that runs here, and why they differ: each reason once a step. */
export function drawBeside(
  { screen, content, lab }: Pick<Drawing, 'screen' | 'content' | 'lab'>,
  text: StepText,
  command: Command,
  values: Values,
  explained: Set<string>,
): void {
  if (command.article === null) return;
  const here = shownLine(command, values, lab.settings.service);
  const labels = (['article', 'here'] as const).map((key) => content.say('messages', key));
  const column = Math.max(...labels.map(widthOf)) + 4;
  const row = (label: string, text: string) => {
    const lines = wrap(text, screen.columns - column);
    for (const [at, line] of lines.entries()) {
      screen.line(`${screen.paint('dim', padded(at === 0 ? `  ${label}` : '', column))}${line}`);
    }
  };
  screen.line();
  row(labels[0] as string, command.article);
  if (here === command.article) return;
  row(labels[1] as string, here);
  for (const [fragment, reason] of text.added) {
    const isLabels = fragment === 'labels' && hasAdditions(templateOf(command.run));
    const isAdded = isLabels || (here.includes(fragment) && !command.article.includes(fragment));
    if (!isAdded || explained.has(fragment)) continue;
    explained.add(fragment);
    const mark = isLabels ? '+' : `+ ${screen.paint('green', fragment)} `;
    row('', `${mark} ${fillOpen(reason, values)}`);
  }
}
