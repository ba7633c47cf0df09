/** A step that the learner does by hand: the goal is shown, not the command, and we watch. */

import type { LabEvent } from '../../journal/events.ts';
import type { Standing } from '../../journal/standing.ts';
import type { Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { askForFolders, hasFoldersHere } from '../ground/folders.ts';
import { openWalk } from '../ground/opening.ts';
import { ensureOther } from '../ground/other.ts';
import { chooseClosedPort } from '../ground/ports.ts';
import { valuesNow } from '../ground/run-values.ts';
import { endStep } from '../judge/step-end.ts';
import { whyNotTyped } from '../walk/left-out.ts';
import { runCommandsOf } from '../walk/walk.ts';
import { endOfLook } from './check-steps.ts';
import { type OnRequest, watchStep } from './watch.ts';

export async function* byHand(context: RunContext, steps: readonly Step[]): AsyncGenerator<LabEvent> {
  yield* openWalk(context);
  for (const step of steps) {
    const goesOn = yield* stepByHand(context, step);
    if (!goesOn) return;
  }
}

async function* stepByHand(context: RunContext, step: Step): AsyncGenerator<LabEvent, boolean> {
  const started = performance.now();
  const { journal } = context;
  yield* chooseClosedPort(context, step);
  yield* askForFolders(context, step);
  // The goal names it.
  const isWhole = !step.needsOther || (yield* ensureOther(context));
  const { attempt } = journal.standing.step(step.id);
  // A look that found it done has not ended it: the learner has not seen that yet.
  const resumed = attempt?.started.byHand && !attempt.ended ? attempt : null;
  if (resumed) {
    const { predicted } = resumed;
    const begin = { type: 'step-resumed', step: step.id, index: 0, byHand: true } as const;
    yield { ...begin, values: await valuesNow(context), ...(predicted && { predicted }) };
  } else yield await begun(context, step);
  if (!isWhole) {
    const untold = { type: 'step-ended', outcome: 'unknown', reason: 'one-major', judged: [] } as const;
    yield* endStep(context, step, { ...untold, started, seen: await context.world.snapshot() });
    return true;
  }
  if (!resumed?.predicted) {
    const predicted = await context.ask.predict(step.id, () => valuesNow(context));
    if (predicted) yield { type: 'predicted', step: step.id, ...predicted };
  }
  // Before they are told what to type.
  for (const each of await whyNotTyped(context, step)) yield { type: 'noted', step: step.id, ...each };
  const opening = await openingOf(context, step);
  const { judged, seen, left } = yield* watchStep(context, step, opening, requestsFor(context, step));
  if (left) yield* endOfLook(context, step, judged, started, seen);
  else {
    const met = { type: 'step-ended', outcome: 'met', reason: null } as const;
    yield* endStep(context, step, { ...met, judged, started, seen });
  }
  return !left;
}

/** It is the learner's turn, with what they are to type. */
async function openingOf(context: RunContext, step: Step) {
  const { engine, learnersEndpoint } = context;
  const isElsewhere = learnersEndpoint?.url !== engine.endpoint.url;
  const endpoint = isElsewhere ? engine.endpoint.url : null;
  const values = await valuesNow(context);
  return { type: 'watching', step: step.id, values, byHand: true, endpoint } as const;
}

/** With what was there before: what the learner makes for the step is not among it. */
async function begun(context: RunContext, step: Step): Promise<LabEvent> {
  const before = (await context.engine.listed()).flatMap(({ id, labels }) =>
    LABEL.run in labels ? [] : [id],
  );
  return { type: 'step-started', step: step.id, values: await valuesNow(context), byHand: { before } };
}

function requestsFor(context: RunContext, step: Step): OnRequest {
  return async function* onRequest(request) {
    switch (request) {
      case 'leave':
        return 'leave';
      case 'show': {
        const values = await valuesNow(context);
        const local = hasFoldersHere(context);
        yield { type: 'shown', step: step.id, values, local };
        return 'go-on';
      }
      case 'hint':
        yield hinted(context.journal.standing, step);
        return 'go-on';
      case 'anew':
        yield* beginAnew(context, step);
        return 'anew';
      case 'run':
        // Its commands may want the keyboard themselves.
        context.ask.requests?.stop();
        yield* runCommandsOf(context, step);
        context.ask.requests?.start();
        return 'ran';
      case 'strayed':
        yield { type: 'noted', step: step.id, note: 'typed-here', values: {} };
        return 'go-on';
      default:
        return 'go-on';
    }
  };
}

/** The names of a step that nothing goes by when it is begun anew: all but those of what pglab made and is there. */
export function namesGivenUp({ world = {} }: Pick<Step, 'world'>, seen: Pick<Snapshot, 'ours'>): string[] {
  return Object.keys(world).filter((name) => seen.ours(name) === null);
}

/** What went by the names of this step counts no more, and stays where it is: it is the learner's. */
async function* beginAnew(context: RunContext, step: Step): AsyncGenerator<LabEvent> {
  const names = namesGivenUp(step, await context.world.snapshot());
  yield { type: 'begun-anew', step: step.id, names };
  context.told.clear();
  yield { type: 'noted', step: step.id, note: 'begun-anew-asked', values: {} };
  yield await begun(context, step);
  let isMoved = false;
  for await (const event of chooseClosedPort(context, step)) {
    isMoved = true;
    yield event;
  }
  // What is to be typed names that port.
  if (isMoved) yield await openingOf(context, step);
}

const HINTS = 3;

/** The next of three hints; after the last, the last again. */
export function hinted(standing: Standing, step: Step): Extract<LabEvent, { type: 'hinted' }> {
  const { hints } = standing.step(step.id);
  return { type: 'hinted', step: step.id, level: Math.min(hints + 1, HINTS) };
}
