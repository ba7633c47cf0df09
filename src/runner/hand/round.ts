/** One round of a watch: what has changed is told, and all that is not waited for is judged. */
import type { EngineEvent } from '../../engine/types.ts';
import type { Judged, LabEvent } from '../../journal/events.ts';
import { live } from '../../journal/live.ts';
import type { Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { worstOf } from '../../outcome.ts';
import { shortId } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import { World } from '../../world/world.ts';
import type { RunContext } from '../ground/context.ts';
import { recognise } from '../ground/recognise.ts';
import { judgeStanding, lookAt } from '../judge/judge.ts';
import { Acts } from './acts.ts';
import type { Departed } from './departed.ts';
import { type Inbox, sentenceOf } from './inbox.ts';
import { counted } from './own-sessions.ts';
import { Refusals } from './refusals.ts';
import { Settling } from './settling.ts';
import { couldBeMeant, strays, wasThere } from './strays.ts';
import { Watches } from './watches.ts';

/** What a watch has at hand for as long as it lasts. */
export interface Watching {
  context: RunContext;
  step: Step;
  inbox: Inbox;
  watches: Watches;
  settling: Settling;
  /** Null: nobody works here by hand, and nothing is waited for that is so already. */
  acts: Acts | null;
  /** Null: nobody works here by hand. */
  refusals: Refusals | null;
  /** Volumes that are known to be there: an engine may tell of one as made each time that it is mounted. */
  volumes: Set<string>;
  /** Ids of the containers to which something has happened since the learner began. */
  changed: Set<string>;
  /** Those of them that were started since, and those that were removed again. */
  started: Set<string>;
  removed: EngineEvent[];
  /** The learner has said that they are done, has been at a server, or had pglab run the step. */
  hasSaid: boolean;
}

/** `volumes`: that are there by now. */
export function watchBegun(
  asked: RunContext,
  step: Step,
  {
    inbox,
    departed,
    isByHand,
    volumes,
  }: { inbox: Inbox; departed: Departed | null; isByHand: boolean; volumes: Set<string> },
): Watching {
  const { owner, journal, lab } = asked;
  const engine = departed?.engine() ?? asked.engine;
  const world = departed ? new World(engine, owner, journal.standing, lab.settings.service) : asked.world;
  // The newest of equals counts: nobody is asked in the middle of their work.
  const ask = { ...asked.ask, which: async () => null };
  const ours = counted({ ...asked, engine, world, ask });
  return {
    ...{ context: ours.context, step, inbox },
    watches: new Watches(ours.context, step),
    settling: new Settling(),
    acts: isByHand ? new Acts(ours, step) : null,
    refusals: isByHand ? new Refusals(ours.context, step, ours.refused) : null,
    volumes,
    changed: new Set(),
    started: new Set(),
    removed: [],
    hasSaid: false,
  };
}

/** Whether what the step makes is to come to its end: it may take its container with it. */
export function isAboutAnEnd({ world = {} }: Step): boolean {
  return Object.values(world).some(({ ended }) => ended);
}

/** All is met, and by the learner: what was there before the run, and is nobody's of theirs, is no doing of theirs. */
export function isDone(at: Watching, judged: readonly Judged[], seen: Snapshot): boolean {
  const { acts, step, context } = at;
  if (acts !== null && context.ask.requests !== null && !hasActed(at)) return false;
  if (judged.length < step.checks.length) return false;
  if (worstOf(judged.map(({ outcome }) => outcome)) !== 'met') return false;
  const names = Object.keys(step.world ?? {});
  return acts === null || names.length === 0 || names.some((name) => !seen.guests().has(name));
}

/**
 * Whether the learner has done anything that the step is about: what is so without that was so already. What they made
 * while its question stood, or while pglab was away, was not there when the step began.
 */
function hasActed({ step, context, changed, hasSaid }: Watching): boolean {
  const { world, journal } = context;
  const makes = Object.keys(step.world ?? {});
  const hasChanged = (name: string) => changed.has(world.idToJudge(name) ?? '');
  const hasMade = (name: string) => {
    const last = journal.standing.things.last(name, { kind: 'container', type: 'adopted' });
    return last !== null && last.id === world.idToJudge(name) && !wasThere(context, step, last.id);
  };
  return hasSaid || [...makes, ...(step.needs ?? [])].some(hasChanged) || makes.some(hasMade);
}

/** Takes in what has changed, and judges all that is not waited for. */
export async function* look(at: Watching): AsyncGenerator<LabEvent, { judged: Judged[]; seen: Snapshot }> {
  const { context, step, watches, acts } = at;
  yield* changes(at);
  if (at.inbox.takeRefusals()) yield* at.refusals?.look() ?? [];
  for await (const event of acts?.look() ?? []) {
    at.hasSaid ||= event.type === 'acted';
    yield event;
  }
  for await (const event of recognise(context, [step], 'settled')) {
    // That it started is told before what it is taken for.
    yield* changes(at);
    yield event;
  }
  yield* goneBeforeSeen(at);
  // Before the verdicts: a learner who sees them may strike at once.
  await watches.begin();
  const seen = await context.world.snapshot();
  return { judged: yield* judgeOnce(at, seen), seen };
}

/** Of what could have been meant for the step: that it was gone before anybody had a look at it. */
function* goneBeforeSeen({ context, step, started, removed, acts }: Watching): Generator<LabEvent> {
  const makes = Object.values(step.world ?? {}).some(({ kind }) => kind !== 'volume');
  for (const event of removed.splice(0)) {
    const { id, name } = event;
    const isOne = started.has(id) && couldBeMeant(context, event) && !wasThere(context, step, id);
    // What removes itself is kept where that is what the step is about.
    if (acts === null || !makes || !isOne || isAboutAnEnd(step) || context.journal.standing.tries.has(id))
      continue;
    const values = { container: name, short: shortId(id) };
    yield { type: 'noted', step: step.id, note: 'gone-before-seen', values };
  }
}

/** What has changed by now. */
async function* changes(at: Watching): AsyncGenerator<LabEvent> {
  for (const change of at.inbox.takeChanges()) {
    if (change.type === 'container') at.changed.add(change.id);
    if (change.action === 'start') at.started.add(change.id);
    if (change.action === 'destroy' && change.type === 'container') at.removed.push(change);
    yield* at.acts?.ran(change) ?? [];
    yield* told(at, change);
    if (at.acts) yield* strays(at.context, at.step, change);
    yield* at.watches.take(change);
  }
}

/** One round: what is met goes out as soon as it is known, the rest in the order of the step once it has stayed so. */
async function* judgeOnce(at: Watching, seen: Snapshot): AsyncGenerator<LabEvent, Judged[]> {
  const { context, step, settling, acts, inbox } = at;
  const view = lookAt(context, step, seen);
  const checks = step.checks.filter((check) => !acts?.isWaiting(check));
  const now = performance.now();
  // What has changed since the look began may have made it so.
  const isAlready = () => acts !== null && inbox.isEmpty() && !hasActed(at);
  const judged = yield* live((emit) =>
    Promise.all(
      checks.map(async (check) => {
        const verdict = await judgeStanding(context, step, check, view, { watched: true });
        if (verdict.outcome === 'met' && settling.take(verdict, now))
          emit({ type: 'judged', step: step.id, check: verdict, ...(isAlready() && { already: true }) });
        return verdict;
      }),
    ),
  );
  for (const check of judged)
    if (check.outcome !== 'met' && settling.take(check, now)) yield { type: 'judged', step: step.id, check };
  return judged;
}

/** The event of a change; none where the changed thing carries another run's label. */
async function* told(
  { context: { owner, engine }, volumes }: Watching,
  event: EngineEvent,
): AsyncGenerator<LabEvent> {
  const { id, name, image, labels } = event;
  const change = sentenceOf(event);
  if (change === 'change-volume-made') {
    if (volumes.has(id)) return;
    volumes.add(id);
  }
  if (change === 'change-volume-removed') volumes.delete(id);
  const isOthers = LABEL.run in labels && labels[LABEL.run] !== owner.run;
  if (isOthers || change === null) return;
  // The container itself knows its exit code; one that is gone, or was started again since, leaves the event's word.
  const ended = change === 'change-ended' ? await engine.container(id) : null;
  const exitCode = (ended?.status === 'exited' ? ended.exitCode : event.exitCode) ?? '?';
  yield { type: 'changed', change, values: { image, name, exitCode, short: shortId(id) } };
}
