/**
 * What a step needs of earlier ones, alive: a container that stopped is started, one that is gone is
 * made again by the very command of its own step. Never more than that, and nothing of the learner's
 * own: where theirs does not serve, ours is made beside it.
 */

import type { LabEvent } from '../../journal/events.ts';
import type { Step } from '../../lab/model.ts';
import { wasCutOff } from '../../postgres/setup-log.ts';
import { runLine } from '../../shell.ts';
import { Cancelled, Trouble } from '../../trouble.ts';
import { shortId } from '../../values.ts';
import { orphansOf } from '../../world/orphans.ts';
import type { RunContext } from '../ground/context.ts';
import { PORT_TAKEN, runCommand } from './command.ts';
import { takeBack } from './takeback.ts';

const REPAIRED = { exited: 'repaired-exited', paused: 'repaired-paused' } as const;

/** Makes sure that the names a step needs are there and run. */
export async function* repairNeeds(context: RunContext, step: Step): AsyncGenerator<LabEvent> {
  for (const name of [...(step.needs ?? []), ...(step.beside ?? [])]) {
    const theirs = step.changes?.includes(name) ? null : await context.world.fitting(name);
    const serves = theirs?.status === 'running' && (await context.world.ours(name)) === null;
    if (!serves) yield* repair(context, name);
  }
}

async function* repair(context: RunContext, name: string): AsyncGenerator<LabEvent> {
  const container = await context.world.ours(name);
  const status = container?.status ?? 'gone';
  if (status === 'running') return;
  const short = shortId(container?.id ?? '');
  const isHalfMade = status === 'exited' && wasCutOff(await context.engine.logs(container?.id ?? ''));
  if (container && !isHalfMade && (status === 'exited' || status === 'paused')) {
    const command = `docker ${status === 'paused' ? 'unpause' : 'start'} ${short}`;
    yield { type: 'noted', step: null, note: REPAIRED[status], values: { name, command } };
    const { exitCode, output } = await runLine(command, { env: context.cliEnv, signal: context.signal });
    if (exitCode === 0) return;
    if (context.signal.aborted) throw new Cancelled();
    // Somebody took its port meanwhile: made anew, it gets another.
    if (!PORT_TAKEN.test(output)) {
      throw new Trouble('command-failed', { command, exitCode, why: output.trim() });
    }
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
  if ((yield* runCommand(context, step, index)) === 'world-broke') {
    throw new Trouble('needs-step', { step: step.id });
  }
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

/** What this step made in an earlier attempt goes first: its commands would make it a second time. */
export async function* clearOwnWorld(context: RunContext, step: Step): AsyncGenerator<LabEvent> {
  for (const { creates, createsVolume } of step.commands) {
    const container = creates ? await context.world.ours(creates) : null;
    if (container)
      yield { type: 'noted', step: step.id, note: 'made-anew', values: { name: creates as string } };
    if (creates && (container || (await mayComeStill(context, creates)))) yield* takeBack(context, creates);
    const volume = createsVolume ? await context.world.ourVolume(createsVolume) : null;
    if (volume) {
      for (const { id, mounts } of await context.world.allOurs()) {
        if (mounts.some(({ source }) => source === volume)) await context.engine.removeContainer(id);
      }
      await context.engine.removeVolume(volume);
      yield { type: 'removed', kind: 'volume', name: createsVolume as string, id: volume };
    }
  }
}
