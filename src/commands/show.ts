import type { MessageKey } from '../content-keys.ts';
import { hostOf, isLocal } from '../engine/endpoint.ts';
import { nextStep, progressOf, type Standing } from '../journal/standing.ts';
import { fillOpen, placeholdersOf, type StepText } from '../lab/content.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab, Step } from '../lab/model.ts';
import { closedPortOf } from '../lab/service.ts';
import { passwordLine, shownLine } from '../lab/shown.ts';
import { emptyResult } from '../report/result.ts';
import type { Values } from '../values.ts';
import { padded, widthOf, wrap } from '../wrap.ts';
import { begun } from './beginning.ts';
import { checkedStep, type Desk } from './desk.ts';
import { printed } from './printed.ts';
import { endpointOf } from './reach-engine.ts';
import type { Settings } from './settings.ts';
import { sayUnderWay, underWay } from './under-way.ts';

/** A command of a step: the article's, and the one that is typed here. */
interface Shown {
  article: string | null;
  here: string;
}

/** A step's prose and commands, running none of them. */
export async function show(desk: Desk, name: string | undefined): Promise<number> {
  const { steps, reading, content, stem, settings } = desk;
  const current = nextStep(progressOf(steps, reading.standing))?.id ?? (steps.at(-1) as string);
  const id = name === undefined ? current : checkedStep(desk, name);
  const text = content.step(stem(id));
  if (settings.format === 'text') {
    sayUnderWay(desk, underWay(desk));
    drawHead(desk, id, text);
  }
  // Before the commands stand there: what is made by them counts.
  const { run, standing } = await begun(desk);
  const lab = await loadLab(desk.folders);
  content.know(lab);
  const step = lab.steps.find((each) => each.id === id) as Step;
  const { service } = lab.settings;
  const image = settings.image ?? lab.settings.image;
  const values: Values = {
    ...(image === null ? {} : { image }),
    host: await hostOfPorts(settings),
    closed: closedPortOf(service),
    ...{ owner: 'mine', step: id },
    ...(run === null ? {} : { run }),
    ...knownValues(lab, standing),
  };
  const typed = step.commands.filter(
    ({ only }) => only !== (values.folders === 'there' ? 'local' : 'remote'),
  );
  const commands = typed.map((command) => ({
    article: command.article,
    here: shownLine(command, values, service),
  }));
  if (settings.format === 'text') {
    await draw(desk, text, { commands, password: passwordLine(typed, service) }, values);
    return 0;
  }
  const { title, intro, goal } = text;
  const shown = { id, title, intro: fillOpen(intro, values), goal: fillOpen(goal, values), commands };
  return printed(desk, emptyResult(desk.folders.id, run), { show: shown }, () => {});
}

/** Drawn before anything heavy is loaded, so that the learner sees at once where they are. */
function drawHead({ steps, content, screen }: Desk, id: string, { title }: StepText): void {
  const head = content.say('messages', 'step-head', {
    number: steps.indexOf(id) + 1,
    of: steps.length,
    title,
  });
  for (const line of wrap(head, screen.columns)) screen.line(screen.paint('bold', line));
  screen.line(screen.paint('dim', '─'.repeat(screen.columns)));
}

async function draw(
  { content, screen }: Desk,
  text: StepText,
  { commands, password }: { commands: readonly Shown[]; password: string | null },
  values: Values,
): Promise<void> {
  const { prose } = await import('../terminal/markdown.ts');
  const write = (markdown: string, heading?: MessageKey) => {
    if (heading) screen.line(screen.paint('bold', content.say('messages', heading)));
    for (const line of prose(screen, fillOpen(markdown, content.named(values)))) screen.line(line);
    screen.line();
  };
  write(text.intro);
  write(text.goal, 'goal');
  if (password !== null) screen.line(password);
  const [article, here] = [content.say('messages', 'article'), content.say('messages', 'here')];
  const column = Math.max(widthOf(article), widthOf(here)) + 2;
  for (const command of commands) {
    if (command.article !== null) screen.line(screen.paint('dim', padded(article, column)) + command.article);
    screen.line(screen.paint('dim', padded(here, column)) + screen.paint('bold', command.here));
  }
  screen.line();
  const isTold = placeholdersOf(`${text.explanation}${text.thenAndNow}`).every((name) => name in values);
  if (!isTold) {
    write(content.say('messages', 'after-the-run'));
    return;
  }
  write(text.explanation);
  write(text.thenAndNow, 'then-and-now');
}

/** What this run already knows of ids, ports, versions, and of where its engine is. */
export function knownValues({ settings: { ports } }: Lab, { pin, seesFolders, told }: Standing): Values {
  return {
    ...{ ...ports, ...told },
    ...(pin?.local === false && { machine: 'there' }),
    ...(seesFolders === false && { folders: 'there' }),
  };
}

/** Before the run has told where they answer. */
async function hostOfPorts(settings: Settings): Promise<string> {
  if (settings.publishedHost !== null) return settings.publishedHost;
  const endpoint = await endpointOf(settings).catch(() => null);
  return endpoint === null || isLocal(endpoint) ? '127.0.0.1' : hostOf(endpoint);
}
