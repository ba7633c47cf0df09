/** A command before it runs: as the article has it, and as it runs here. */
import { additionsTo } from '../lab/additions.ts';
import { fillOpen, type StepText } from '../lab/content.ts';
import type { Command } from '../lab/model.ts';
import { openWords } from '../lab/open-words.ts';
import { shownLine } from '../lab/shown.ts';
import type { Values } from '../values.ts';
import { padded, widthOf, wrap } from '../wrap.ts';
import type { Drawing } from './drawing.ts';
import { withCode } from './markdown.ts';

type Place = Pick<Drawing, 'screen' | 'content' | 'lab'>;

/** What was explained of a step so far: each reason is told once. */
export type Explained = Set<string>;

/** The article's command, the one that runs here, and why they differ. A command of ours alone is told when it runs. */
export function drawBeside(
  { screen, content, lab, interactive }: Place & Pick<Drawing, 'interactive'>,
  text: StepText,
  command: Command,
  values: Values,
  explained: Explained,
): void {
  if (command.article === null) return;
  const typed = interactive && command.terminal !== undefined;
  const words = openWords(lab, command);
  const here = shownLine(command, values, lab.settings.service, { typed, words });
  const labels = (['article', 'here'] as const).map((key) => content.say('messages', key));
  const column = Math.max(...labels.map(widthOf)) + 4;
  // What may be copied is one line, however narrow the window.
  const row = (label: string, command: string) => {
    for (const [at, line] of command.split('\n').entries())
      screen.line(`${screen.paint('dim', padded(at === 0 ? `  ${label}` : '', column))}${line}`);
  };
  screen.line();
  row(labels[0] as string, command.article);
  if (here === command.article) return;
  row(labels[1] as string, here);
  for (const reason of reasonsFor(screen, text, command, here, explained))
    for (const line of wrap(fillOpen(reason, content.named(values)), screen.columns - column))
      screen.line(' '.repeat(column) + withCode(screen, line));
}

/**
 * A command that runs now, `here` as it is shown; before it, why it does, where the article does not have it. `text`: of
 * its step, null where that is not told.
 */
export function drawStarted(
  { screen, content }: Place,
  text: StepText | null,
  explained: Explained,
  { command, here, values }: { command: Command | undefined; here: string; values: Values },
): void {
  if (text && command?.article === null)
    for (const reason of reasonsFor(screen, text, command, here, explained))
      for (const [at, line] of wrap(fillOpen(reason, content.named(values)), screen.columns - 2).entries())
        screen.line((at === 0 ? '' : '  ') + withCode(screen, line));
  screen.line(screen.paint('bold', `$ ${here}`));
}

function* reasonsFor(
  screen: Place['screen'],
  text: StepText,
  command: Command,
  here: string,
  explained: Explained,
): Generator<string> {
  for (const { fragment, reason } of additionsTo(command, here, text, explained))
    yield fragment === null ? `+ ${reason}` : `+ ${screen.paint('green', fragment)}  ${reason}`;
}
