/** `pglab page`, and `next --by-hand --page`: the steps one after another by hand, shown in a browser, until Ctrl-C. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabEvent } from '../journal/events.ts';
import type { Standing } from '../journal/standing.ts';
import { isOpen } from '../journal/step-standing.ts';
import { Content, type StepText } from '../lab/content.ts';
import { LANGUAGES, type Language } from '../lab/languages.ts';
import type { Lab, Step } from '../lab/model.ts';
import { LearnersPage } from '../page/learners-page.ts';
import type { Tongue } from '../page/page-of.ts';
import type { RunContext } from '../runner/ground/context.ts';
import { byHand } from '../runner/hand/byhand.ts';
import { Cancelled, Trouble, Usage } from '../trouble.ts';
import type { Values } from '../values.ts';
import { addressOf } from '../web/address.ts';
import { wrap } from '../wrap.ts';
import { adoptable } from './adoptable.ts';
import type { Desk } from './desk.ts';
import { openInBrowser } from './desktop.ts';
import { followWorld } from './follow-world.ts';
import type { OpenRun } from './open-run.ts';
import { tellingSilence } from './telling-silence.ts';
import { type Beside, walking } from './walking.ts';
import { followSeat, raiseHand } from './workshop/follow-seat.ts';

interface PageVerb {
  listen: string | undefined;
  adopt: string | undefined;
  /** The terminal shows the walk as well. */
  draws: boolean;
}

/** Usage `watch-is-text`; trouble `listen-taken`, and all of a walk. Interrupted, it has done what it was to do: 0. */
export async function page(desk: Desk, { listen, adopt, draws }: PageVerb): Promise<number> {
  const { format } = desk.settings;
  if (format !== 'text') throw new Usage('watch-is-text', { option: draws ? '--page' : 'page', format });
  const address = listen === undefined ? null : addressOf(listen);
  let shown: LearnersPage | null = null;
  const beside = async (open: OpenRun, signal: AbortSignal): Promise<Beside> => {
    const learners = pageFor(desk, open, signal);
    shown = learners;
    const server = await learners.serve(address, {
      // Each run keeps a port of its own: a tab that is left open finds its own run there, and no other.
      file: join(desk.settings.home, 'pages', `${open.run}.json`),
      refused: () => desk.content.say('messages', 'browser-refused'),
      used: (link) => told(desk, 'browser-other', link),
    });
    const link = server.link();
    told(desk, 'browser-link', link);
    const comes = openInBrowser(link);
    const stopFollowing = followSeat(desk.settings.home, (seat) => learners.hear(seat));
    const close = async () => {
      stopFollowing();
      learners.close();
      await server.close();
    };
    return {
      ...{ ask: learners.asker, take: (line) => learners.take(line), draws, close },
      tell: ({ code, values }) => lastWords(learners, { code, values }, comes),
    };
  };
  try {
    return await walking(desk, {
      ...{ beside, adopt: adoptable(adopt), choose: ({ lab }) => [...lab.steps] },
      act: (context) => tellingSilence(context, stepByStep(desk, context, shown as unknown as LearnersPage)),
    });
  } catch (error) {
    if (error instanceof Cancelled) return 0;
    throw error;
  }
}

/** A browser that has just been opened finds nobody where we are quicker to end: it is waited for. */
const COMES_WITHIN_MS = 5_000;

async function lastWords(learners: LearnersPage, trouble: { code: string; values: Values }, comes: boolean) {
  learners.tell(trouble);
  const deadline = performance.now() + (comes ? COMES_WITHIN_MS : 0);
  while (!learners.isSeen && performance.now() < deadline) await delay(50);
}

function told({ screen, content }: Desk, key: 'browser-link' | 'browser-other', link: string): void {
  for (const line of wrap(content.say('messages', key), screen.columns)) screen.line(line);
  // What is to be copied is one line, however narrow the window.
  screen.line(`  ${link}`);
}

function pageFor(desk: Desk, { lab, run, journal }: OpenRun, signal: AbortSignal): LearnersPage {
  const { folders, stem, settings } = desk;
  const tongueOf = (language: Language): Tongue => {
    const content = language === settings.language ? desk.content : new Content(language, folders.content);
    content.know(lab);
    const texts = new Map<string, StepText>();
    const text = (step: string) => {
      const known = texts.get(step) ?? content.step(stem(step));
      texts.set(step, known);
      return known;
    };
    return { content, text };
  };
  return new LearnersPage({
    ...{ lab, run, signal, standing: () => journal.standing, language: settings.language },
    tongues: new Map(LANGUAGES.map((language) => [language, tongueOf(language)])),
    raiseHand: (up) => raiseHand(settings.home, up),
  });
}

/** After each step the learner goes on when they like. Known trouble is shown, and what it stopped is begun again. */
async function* stepByStep(desk: Desk, context: RunContext, shown: LearnersPage): AsyncGenerator<LabEvent> {
  const { lab, journal, signal } = context;
  const stopFollowing = followWorld(desk, context, {
    see: (world) => shown.see(world),
    isSeen: () => shown.isSeen,
  });
  if (!journal.standing.byHand) yield { type: 'mode', byHand: true };
  const passed = new Set<string>();
  try {
    for (;;) {
      const step = upcoming(lab, journal.standing, passed);
      if (step) yield* orTold(byHand(context, [step]), shown, signal);
      else shown.end();
      if (step && journal.standing.step(step.id).reason !== null) passed.add(step.id);
      await shown.asker.rest();
      shown.tell(null);
    }
  } finally {
    stopFollowing();
  }
}

/** The first that is open; what could not be told here (`passed`) comes behind the others. */
function upcoming({ steps }: Lab, standing: Standing, passed: ReadonlySet<string>): Step | undefined {
  const open = steps.filter(({ id }) => isOpen(standing.step(id)));
  return open.find(({ id }) => !passed.has(id)) ?? open[0];
}

async function* orTold(
  events: AsyncGenerator<LabEvent>,
  shown: LearnersPage,
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  try {
    yield* events;
  } catch (error) {
    if (signal.aborted || !(error instanceof Trouble)) throw error;
    const { code, values } = error;
    shown.tell({ code, values });
    yield { type: 'trouble', code, values };
  }
}
