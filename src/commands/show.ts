import type { MessageKey } from '../content-keys.ts';
import { hostOf, isLocal } from '../engine/endpoint.ts';
import { predictedAt } from '../journal/predictions.ts';
import { nextStep, progressOf, type Standing } from '../journal/standing.ts';
import { fillOpen, placeholdersOf, type StepText } from '../lab/content.ts';
import { loadLab } from '../lab/load.ts';
import type { Lab, Step } from '../lab/model.ts';
import { openWords, toldWords } from '../lab/open-words.ts';
import { closedPortOf } from '../lab/service.ts';
import { passwordLine, shownLine } from '../lab/shown.ts';
import { emptyResult } from '../report/result.ts';
import { drawHead } from '../terminal/drawing.ts';
import type { Values } from '../values.ts';
import { padded, widthOf, wrap } from '../wrap.ts';
import { begun } from './beginning.ts';
import { checkedStep, type Desk } from './desk.ts';
import { earlierPass } from './earlier-pass.ts';
import { sayIfNew } from './new-run.ts';
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
  const { steps, reading, content, screen, stem, settings } = desk;
  const current = nextStep(progressOf(steps, reading.standing))?.id ?? (steps.at(-1) as string);
  const id = name === undefined ? current : checkedStep(desk, name);
  const text = content.step(stem(id));
  sayIfNew(desk, { begins: true });
  if (settings.format === 'text') {
    sayUnderWay(desk, underWay(desk));
    // Before anything heavy is loaded, so that the learner sees at once where they are.
    drawHead({ content, screen, steps, standing: reading.standing, run: null }, id, text.title);
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
  const isTerminal = settings.interactive;
  const commands = typed.map((command) => ({
    article: command.article,
    here: shownLine(command, values, service, { typed: isTerminal, words: openWords(lab, command) }),
  }));
  const hasTerminal = isTerminal && typed.some(({ terminal }) => terminal !== undefined);
  if (settings.format === 'text') {
    const toType = (hasTerminal && text.added.get('typed')) || null;
    const lines = commands.map(({ here }) => here);
    const words = toldWords(content, lab, typed, lines);
    await draw(desk, text, { commands, words, password: passwordLine(typed, service), toType }, values);
    await drawWhatCame(desk, lab, { id, text, standing, values });
    return 0;
  }
  const { title, intro, goal } = text;
  const shown = { id, title, intro: fillOpen(intro, values), goal: fillOpen(goal, values), commands };
  return printed(desk, emptyResult(desk.folders.id, run), { show: shown }, () => {});
}

async function draw(
  { content, screen }: Desk,
  text: StepText,
  {
    commands,
    words,
    password,
    toType,
  }: {
    commands: readonly Shown[];
    words: readonly string[];
    password: string | null;
    toType: string | null;
  },
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
  if (password !== null) {
    for (const line of wrap(content.say('messages', 'password-once'), screen.columns))
      screen.line(screen.paint('dim', line));
    screen.line(password);
  }
  drawCommands({ content, screen }, commands);
  for (const told of words)
    for (const [at, line] of wrap(told, screen.columns - 2).entries())
      screen.line(`${at === 0 ? '·' : ' '} ${line}`);
  if (toType !== null) write(`+ ${toType}`);
  screen.line();
}

/** The article's line above the one that runs here. */
function drawCommands(
  { content, screen }: Pick<Desk, 'content' | 'screen'>,
  commands: readonly Shown[],
): void {
  const [article, here] = [content.say('messages', 'article'), content.say('messages', 'here')];
  const column = Math.max(widthOf(article), widthOf(here)) + 2;
  for (const command of commands) {
    if (command.article !== null) screen.line(screen.paint('dim', padded(article, column)) + command.article);
    screen.line(screen.paint('dim', padded(here, column)) + screen.paint('bold', command.here));
  }
}

/** What was said before the run and what came of it: of this pass, else of one that was reset. */
async function drawWhatCame(
  desk: Desk,
  lab: Lab,
  { id, text, standing, values }: { id: string; text: StepText; standing: Standing; values: Values },
): Promise<void> {
  const { content, screen } = desk;
  const isTold = (known: Values) =>
    placeholdersOf(`${text.explanation}${text.thenAndNow}`).every((name) => name in known);
  const earlier = isTold(values) ? null : earlierPass(desk, [id]);
  const of = earlier ?? standing;
  const known = earlier ? { ...values, ...knownValues(lab, earlier) } : values;
  const { prose } = await import('../terminal/markdown.ts');
  const write = (markdown: string, heading?: MessageKey) => {
    if (heading) screen.line(screen.paint('bold', content.say('messages', heading)));
    for (const line of prose(screen, fillOpen(markdown, known))) screen.line(line);
    screen.line();
  };
  if (earlier) write(content.say('messages', 'from-earlier'));
  const said = predictedAt(of, id);
  if (said && text.prediction) {
    const { drawOutcome, drawSaid } = await import('../terminal/prediction.ts');
    screen.line(screen.paint('bold', content.say('messages', 'what-you-said')));
    for (const line of prose(screen, fillOpen(text.prediction.question, known))) screen.line(line);
    if (of.isFinished(id)) drawOutcome(desk, text.prediction, said, known);
    else drawSaid(desk, text.prediction, said, known);
    screen.line();
  }
  if (!isTold(known)) {
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
