/** What the learner does to a container of theirs that a step is not about, where it is about one that was there. */
import type { EngineEvent } from '../../engine/types.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { LABEL } from '../../names.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';
import { whoseIs } from '../ground/whose.ts';

/** A program ran in another container of this run, or another ended: said once of each, with the right one. */
export async function* strays(
  context: RunContext,
  { id: step, changes = [], needs = [], world = {} }: Step,
  { action, id, name: container, labels }: EngineEvent,
): AsyncGenerator<LabEvent> {
  const [name] = changes;
  if (name === undefined || (action !== 'exec_die' && action !== 'die')) return;
  const seen = await context.world.snapshot();
  const right = seen.toJudge(name)?.id;
  const own = [...changes, ...needs, ...Object.keys(world)].map((each) => seen.toJudge(each)?.id);
  if (right === undefined || own.includes(id)) return;
  const isOfRun = labels[LABEL.run] === context.owner.run || whoseIs(context, id) === 'made-in-run';
  const key = `strayed to ${id}`;
  if (!isOfRun || context.told.has(key)) return;
  context.told.add(key);
  const values = { name, container, short: shortId(id), right: shortId(right) };
  yield { type: 'noted', step, note: 'not-the-one', values };
}
