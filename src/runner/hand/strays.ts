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
 * one that is there, or that a new one is wanted where none is there yet.
 */
export async function* strays(
  context: RunContext,
  step: Step,
  { action, id, name: container, labels }: EngineEvent,
): AsyncGenerator<LabEvent> {
  const { changes = [], needs = [], world = {} } = step;
  if (action !== 'exec_die' && action !== 'die') return;
  const makes = Object.keys(world).filter((name) => world[name]?.kind !== 'volume');
  if (changes.length + makes.length === 0) return;
  const isOfRun = labels[LABEL.run] === context.owner.run || whoseIs(context, id) === 'made-in-run';
  const key = `strayed to ${id}`;
  if (!isOfRun || context.told.has(key)) return;
  const seen = await context.world.snapshot();
  const own = [...changes, ...needs, ...makes].map((each) => seen.toJudge(each)?.id);
  if (own.includes(id)) return;
  const note = noteOf(context, step, { id, action, container, right: seen.toJudge(changes[0] ?? '')?.id });
  if (note === null || (changes.length === 0 && makes.some((name) => seen.toJudge(name) !== null))) return;
  context.told.add(key);
  yield note;
}

interface Stray {
  id: string;
  action: 'exec_die' | 'die';
  container: string;
  /** The id of the one that the step is about. */
  right: string | undefined;
}

function noteOf(
  { journal }: RunContext,
  { id: step, changes: [name] = [] }: Step,
  { id, action, container, right }: Stray,
): JournalEvent | null {
  const values = { container, short: shortId(id) };
  if (name !== undefined && right !== undefined)
    return { type: 'noted', step, note: 'not-the-one', values: { ...values, name, right: shortId(right) } };
  // What ends before a new one is there is tidied away.
  const before = journal.standing.step(step).attempt?.started.byHand?.before;
  if (name !== undefined || action === 'die' || !before?.includes(id)) return null;
  return { type: 'noted', step, note: 'not-a-new-one', values };
}
