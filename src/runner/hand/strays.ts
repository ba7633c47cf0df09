/** What the learner does to a container of this run that a step is not about. */
import type { EngineEvent } from '../../engine/types.ts';
import type { JournalEvent, LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';
import { whoseIs } from '../ground/whose.ts';

/**
 * A program ran in another container, or another ended: said once of each, with the right one where the step is about
 * one that is there, or that a new one is wanted where none is there yet. So it is of an older one that is started, as
 * by somebody whose new one was refused for its name.
 */
export async function* strays(context: RunContext, step: Step, event: EngineEvent): AsyncGenerator<LabEvent> {
  const { action, id, name: container, labels } = event;
  const { changes = [], needs = [], world = {} } = step;
  if (action !== 'exec_die' && action !== 'die' && action !== 'start') return;
  const makes = Object.keys(world).filter((name) => world[name]?.kind !== 'volume');
  if (changes.length + makes.length === 0) return;
  const isOfRun = labels[LABEL.run] === context.owner.run || whoseIs(context, id) === 'made-in-run';
  const isTheirs = action === 'start' ? !isOfRun && couldBeMeant(context, event) : isOfRun;
  const key = `strayed to ${id}`;
  if (!isTheirs || context.told.has(key)) return;
  const seen = await context.world.snapshot();
  const own = [...changes, ...needs, ...makes].map((each) => seen.toJudge(each)?.id);
  if (own.includes(id)) return;
  const note = noteOf(context, step, { id, action, container, right: seen.toJudge(changes[0] ?? '')?.id });
  if (note === null || (changes.length === 0 && makes.some((name) => seen.toJudge(name) !== null))) return;
  context.told.add(key);
  yield note;
}

/** Nobody's of pglab's, and of an image that this run is about. */
export function couldBeMeant({ imageRef, other }: RunContext, { image, labels }: EngineEvent): boolean {
  return !(LABEL.run in labels) && (image === imageRef || image === other?.ref);
}

/** Whether it was there when the learner began the step. */
export function wasThere({ journal }: Pick<RunContext, 'journal'>, { id: step }: Step, id: string): boolean {
  return journal.standing.step(step).attempt?.started.byHand?.before.includes(id) ?? false;
}

interface Stray {
  id: string;
  action: 'exec_die' | 'die' | 'start';
  container: string;
  /** The id of the one that the step is about. */
  right: string | undefined;
}

function noteOf(
  context: RunContext,
  step: Step,
  { id, action, container, right }: Stray,
): JournalEvent | null {
  const { id: name, changes: [changed] = [] } = step;
  const values = { container, short: shortId(id) };
  if (changed !== undefined && right !== undefined && action !== 'start') {
    const told = { ...values, name: changed, right: shortId(right) };
    return { type: 'noted', step: name, note: 'not-the-one', values: told };
  }
  // What ends before a new one is there is tidied away.
  if (changed !== undefined || action === 'die' || !wasThere(context, step, id)) return null;
  return { type: 'noted', step: name, note: 'not-a-new-one', values };
}
