/**
 * What a step needs of earlier ones, alive: a container that stopped is started, one that is gone is
 * made again by the very command of its own step. Never more than that, and nothing of the learner's
 * own: where theirs does not serve, ours is made beside it.
 */

import { portRefusal } from '../../engine/port-refusal.ts';
import type { ListedContainer } from '../../engine/types.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { runLine } from '../../shell.ts';
import { Cancelled, Trouble } from '../../trouble.ts';
import { shortId } from '../../values.ts';
import { orphansOf } from '../../world/orphans.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { runCommand } from './command.ts';
import { commandTrouble } from './command-trouble.ts';
import { takeBack } from './takeback.ts';

const REPAIRED = { exited: 'repaired-exited', paused: 'repaired-paused' } as const;

/** Makes sure that the names a step needs are there and run. Takes the world as it is, returns it as it leaves it. */
export async function* repairNeeds(
  context: RunContext,
  step: Step,
  before: Snapshot,
): AsyncGenerator<LabEvent, Snapshot> {
  let seen = before;
  for (const name of [...(step.needs ?? []), ...(step.beside ?? [])]) {
    const container = seen.ours(name);
    const mayBeTheirs = container === null && !step.changes?.includes(name) && !context.world.isNear(name);
    const serves = mayBeTheirs && seen.adopted(name)?.status === 'running';
    if (serves || container?.status === 'running') continue;
    yield* repair(context, name, container);
    seen = await context.world.snapshot();
  }
  return seen;
}

/** `container`: ours of this name, as it is now; it does not run. */
async function* repair(
  context: RunContext,
  name: string,
  container: ListedContainer | null,
): AsyncGenerator<LabEvent> {
  const status = container?.status ?? 'gone';
  const short = shortId(container?.id ?? '');
  const isHalfMade = container?.status === 'exited' && (await wasCutOff(context, container.id));
  if (container && !isHalfMade && (status === 'exited' || status === 'paused')) {
    const command = `docker ${status === 'paused' ? 'unpause' : 'start'} ${short}`;
    yield { type: 'noted', step: null, note: REPAIRED[status], values: { name, command } };
    const ran = await runLine(command, { env: context.cliEnv, signal: context.signal });
    if (ran.exitCode === 0) return;
    if (context.signal.aborted) throw new Cancelled();
    // Its port is not to be had any more: made anew, it gets another.
    if (portRefusal(ran.output) === null) throw await commandTrouble(context, { command, ...ran });
  }
  if (container || (await mayComeStill(context, name))) yield* takeBack(context, name);
  const { step, index } = makerOf(context, name);
  const former = context.world.formerId(name);
  yield {
    type: 'noted',
    step: null,
    note: isHalfMade ? 'rebuilt-half' : former ? 'rebuilt' : 'built-ahead',
    values: { name, step: step.id, former: shortId(former ?? '') },
  };
  for (const needed of step.commands.slice(0, index)) {
    if (needed.createsVolume) throw new Trouble('needs-step', { step: step.id });
  }
  // Without it the step that needs it has no ground to stand on.
  const { outcome } = yield* runCommand(context, step, index);
  if (outcome === 'world-broke') {
    throw new Trouble('needs-step', { step: step.id });
  }
}

/** Whether its set-up was ended in the middle: started again, it would never come up. */
async function wasCutOff({ engine, lab }: RunContext, id: string): Promise<boolean> {
  const { service } = lab.settings;
  return service?.log.wasCutOff(await engine.logs(id)) ?? false;
}

function makerOf({ lab }: RunContext, name: string): { step: Step; index: number } {
  for (const step of lab.steps) {
    const index = step.commands.findIndex(({ creates }) => creates === name);
    if (index >= 0) return { step, index };
  }
  throw new Error(`no step of ${lab.id} creates ${name}`);
}

/** Whether a killed pglab has left a `docker` behind that is about to make it. */
function mayComeStill({ owner }: RunContext, name: string): Promise<boolean> {
  return orphansOf(owner, { name })();
}

/** What a step finds before it does anything. */
export interface Ground {
  seen: Snapshot;
  /** Names under which a killed pglab may make something still. */
  coming: ReadonlySet<string>;
}

export async function groundFor(context: RunContext, step: Step): Promise<Ground> {
  // Asked before the look: what has ended by now has made all that it will.
  const coming = new Set<string>();
  const names = step.commands.flatMap(({ creates }) => creates ?? []);
  // Where nothing of the run is under way, none of these is. What a killed process left began before we took the run.
  if (names.length > 0) context.isQuiet ||= !(await orphansOf(context.owner, {})());
  if (!context.isQuiet) for (const name of names) if (await mayComeStill(context, name)) coming.add(name);
  return { seen: await context.world.snapshot(), coming };
}

/**
 * What this step made in an earlier attempt goes first: its commands would make it a second time. Takes the world as
 * it is, returns it as it leaves it.
 */
export async function* clearOwnWorld(
  context: RunContext,
  step: Step,
  { seen, coming }: Ground,
): AsyncGenerator<LabEvent, Snapshot> {
  let isChanged = false;
  const asked = new Set<string>();
  for (const { creates, createsVolume } of step.commands) {
    // A command may have another form for an engine elsewhere, which creates the same.
    const isNew = creates !== undefined && !asked.has(creates);
    if (isNew) asked.add(creates);
    const isThere = isNew && seen.ours(creates) !== null;
    if (isThere) yield { type: 'noted', step: step.id, note: 'made-anew', values: { name: creates } };
    if (isNew && (isThere || coming.has(creates))) {
      yield* takeBack(context, creates);
      isChanged = true;
    }
    const volume = createsVolume ? await context.world.ourVolume(createsVolume) : null;
    if (volume) {
      for (const { id, mounts } of (await context.world.snapshot()).allOurs()) {
        if (mounts.some(({ source }) => source === volume)) await context.engine.removeContainer(id);
      }
      await context.engine.removeVolume(volume);
      isChanged = true;
      yield { type: 'removed', kind: 'volume', name: createsVolume as string, id: volume };
    }
  }
  return isChanged ? context.world.snapshot() : seen;
}
