import { randomBytes } from 'node:crypto';
import { fillOpen, placeholdersOf } from '../lab/content.ts';
import { loadLab } from '../lab/load.ts';
import type { Values } from '../lab/model.ts';
import { emptyResult } from '../report/result.ts';
import { nextStep, progressOf } from '../runner/progress.ts';
import { prose } from '../terminal/markdown.ts';
import { shownLine } from '../terminal/render.ts';
import { padded, widthOf } from '../terminal/wrap.ts';
import { checkedStep, type Desk } from './desk.ts';
import { printed } from './printed.ts';

/** A step's prose and commands, running none of them. */
export async function show(desk: Desk, name: string | undefined): Promise<number> {
  const { steps, reading, content, screen, stem, run } = desk;
  const current = nextStep(progressOf(steps, reading.events))?.id ?? (steps.at(-1) as string);
  const id = name === undefined ? current : checkedStep(desk, name);
  const lab = await loadLab(desk.folders);
  const step = lab.steps.find((each) => each.id === id) as (typeof lab.steps)[number];
  const values: Values = {
    ...openValues(desk, lab.settings.image),
    ...lab.settings.ports,
    ...knownValues(desk),
  };
  const text = content.step(stem(id));
  const commands = step.commands
    .filter(({ only }) => only !== 'remote')
    .map((command) => ({ article: command.article, here: shownLine(command, values) }));
  const shown = {
    id,
    title: text.title,
    intro: fillOpen(text.intro, values),
    goal: fillOpen(text.goal, values),
    commands,
  };
  return printed(desk, emptyResult(desk.folders.id, run), { show: shown }, () => {
    const write = (markdown: string) => {
      for (const line of prose(screen, fillOpen(markdown, values))) screen.line(line);
    };
    const head = content.say('messages', 'step-head', {
      number: steps.indexOf(id) + 1,
      of: steps.length,
      title: text.title,
    });
    screen.line(screen.paint('bold', head));
    screen.line(screen.paint('dim', '─'.repeat(screen.columns)));
    write(text.intro);
    screen.line();
    screen.line(screen.paint('bold', content.say('messages', 'goal')));
    write(text.goal);
    screen.line();
    if (commands.some(({ here }) => here.includes('-e POSTGRES_PASSWORD'))) {
      screen.line(`export POSTGRES_PASSWORD=${randomBytes(12).toString('hex')}`);
    }
    const labels = [content.say('messages', 'article'), content.say('messages', 'here')] as const;
    const column = Math.max(...labels.map(widthOf)) + 2;
    for (const { article, here } of commands) {
      if (article !== null) screen.line(screen.paint('dim', padded(labels[0], column)) + article);
      screen.line(screen.paint('dim', padded(labels[1], column)) + screen.paint('bold', here));
    }
    screen.line();
    const told = `${text.explanation}${text.thenAndNow}`;
    if (placeholdersOf(told).some((name) => values[name] === undefined)) {
      write(content.say('messages', 'after-the-run'));
      return;
    }
    write(text.explanation);
    screen.line();
    screen.line(screen.paint('bold', content.say('messages', 'then-and-now')));
    write(text.thenAndNow);
  });
}

/** What this run already knows of ids, ports and versions. */
function knownValues({ reading }: Desk): Values {
  const values: Values = {};
  for (const event of reading.events) {
    if (event.type === 'chosen') values[event.name] = event.value;
    if (event.type === 'step-ended') Object.assign(values, event.values);
  }
  return values;
}

function openValues({ settings, run }: Desk, image: string | null): Values {
  return {
    image: settings.image ?? image ?? '…',
    host: '127.0.0.1',
    closed: 5432,
    ...(run === null ? {} : { run }),
  };
}
