/** Commands that somebody is to type, each after a `$`, and what is to be put into them. */
import { fillOpen } from '../lab/content.ts';
import type { Command } from '../lab/model.ts';
import { openWords, toldWords } from '../lab/open-words.ts';
import { passwordLine, shownLine } from '../lab/shown.ts';
import type { Values } from '../values.ts';
import { wrap } from '../wrap.ts';
import type { Drawing } from './drawing.ts';

/** `inside`: what is typed in a program that a command opens; null where nothing is. */
export function drawToType(
  { screen, content, lab, interactive: typed }: Drawing,
  commands: readonly Command[],
  values: Values,
  inside: string | null,
): void {
  const { service } = lab.settings;
  // A name of the learner's own: the run's is pglab's.
  const theirs = { ...values, owner: 'mine' };
  const lines = commands.map((command) =>
    shownLine(command, theirs, service, { typed, words: openWords(lab, command) }),
  );
  const password = passwordLine(commands, service);
  for (const line of password === null ? lines : [password, ...lines])
    screen.line(screen.paint('bold', `$ ${line}`));
  const remark = (mark: string, text: string) => {
    for (const [at, line] of wrap(text, screen.columns - 2).entries())
      screen.line(`${at === 0 ? mark : ' '} ${line}`);
  };
  for (const told of toldWords(content, lab, commands, lines)) remark('·', told);
  if (inside !== null && commands.some(({ terminal }) => typed && terminal))
    remark('+', fillOpen(inside, theirs));
}
