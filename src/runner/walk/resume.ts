/**
 * Where an interrupted step goes on: after the last command whose effect is known, with what it proves.
 * Whatever the interrupted command had half done is taken back first.
 */

import type { LabEvent } from '../../journal/events.ts';
import type { Standing } from '../../journal/standing.ts';
import type { Attempt } from '../../journal/step-standing.ts';
import type { Command, Step } from '../../lab/model.ts';
import { mountedVolumes } from '../../lab/run-options.ts';
import { templateOf } from '../../lab/template.ts';
import { isLineOf } from '../../lab/told-command.ts';
import { Trouble } from '../../trouble.ts';
import type { RunContext } from '../ground/context.ts';
import { isForHere } from '../ground/folders.ts';
import { endedWell } from './command.ts';
import { recordEffects } from './effects.ts';
import { takeBack } from './takeback.ts';

export interface ResumePoint {
  /** The command to run next; one past the last where only the judging is left. */
  index: number;
  /** The command before it ended, and its effects may not have been written down. */
  unrecorded: number | null;
  /** What was answered to the prediction already. */
  predicted: Attempt['predicted'];
}

/** The last attempt at a step that we began, and that did not come to its end; else null. */
export function interruptedAttempt(standing: Standing, { id }: Step): Attempt | null {
  const { attempt } = standing.step(id);
  return attempt === null || attempt.started.byHand || attempt.over ? null : attempt;
}

/** Null: the step was not begun by us, or nothing of it can be kept, and it begins anew. */
export function resumePoint(standing: Standing, step: Step): ResumePoint | null {
  const attempt = interruptedAttempt(standing, step);
  if (attempt === null || attempt.begunAnew || attempt.undone) return null;
  const last = attempt.commands.at(-1);
  if (!last) return null;
  const { index } = last.started;
  const { predicted } = attempt;
  // Begun by another version, the step may have had other commands than it has.
  const command = step.commands[index];
  if (!command || !isLineOf(command, last.started.ran)) return null;
  // One that failed had no effect to count on: it is taken back, and run again.
  const ended = last.ended !== null && endedWell(command, last.ended.exitCode);
  const proved = [...(command.proves ?? []), ...(command.during ?? [])].every((id) => last.told.has(id));
  if (ended && proved) return { index: index + 1, unrecorded: index, predicted };
  // What was watched while it ran is lost, or its moment to be judged has passed.
  return command.during || (ended && !proved) ? null : { index, unrecorded: null, predicted };
}

/** Makes the world what it was before the interrupted command, or writes down what the last one did. */
export async function* takeUp(
  context: RunContext,
  step: Step,
  { index, unrecorded }: ResumePoint,
): AsyncGenerator<LabEvent> {
  const done = step.commands.slice(0, index).filter((command) => isForHere(context, command));
  for (const { createsVolume: volume } of done) {
    // `docker run -v` would make one of that name by itself, and without a label.
    if (volume && (await context.world.ourVolume(volume)) === null)
      throw new Trouble('needs-step', { step: step.id });
  }
  const { creates, createsVolume } = step.commands[index] ?? {};
  // Its set-up may have begun on the volume that the step made for it, and would not be done again there.
  const isFirstUser = done.some((each) => each.createsVolume) && !done.some((each) => each.creates);
  if (unrecorded === null && creates && isFirstUser) throw new Trouble('needs-step', { step: step.id });
  await requireMade(context, step, done, index);
  await requireFormerVolumes(context, step, index);
  if (unrecorded !== null) {
    const command = step.commands[unrecorded] as Command;
    if (!isRecorded(context.journal.standing, step, unrecorded))
      yield* recordEffects(context, command, await context.world.snapshot());
    return;
  }
  if (creates) yield* takeBack(context, creates);
  const volume = createsVolume ? await context.world.ourVolume(createsVolume) : null;
  if (volume) {
    await context.engine.removeVolume(volume);
    yield { type: 'removed', kind: 'volume', name: createsVolume as string, id: volume };
  }
}

/** What earlier commands of this step have made must be there still, and run: what comes after counts on it. */
async function requireMade(
  context: RunContext,
  step: Step,
  done: readonly Command[],
  index: number,
): Promise<void> {
  // The command to run next may have taken one away already.
  const removed = new Set(step.commands.slice(0, index + 1).map(({ removes }) => removes));
  const seen = await context.world.snapshot();
  for (const { creates, foreground, exits } of done) {
    if (!creates || removed.has(creates)) continue;
    const container = seen.ours(creates);
    // Some have come to their end rightly, but are there to be looked at.
    const mayHaveEnded = foreground || exits !== undefined;
    if (!container || !(mayHaveEnded || container.status === 'running'))
      throw new Trouble('needs-step', { step: step.id });
  }
}

/** A volume that a container left, and that is mounted by its name: `docker run` would make an empty one. */
async function requireFormerVolumes(context: RunContext, step: Step, index: number): Promise<void> {
  const names = step.commands.slice(index).flatMap(({ run }) => mountedVolumes(templateOf(run)));
  if (names.length === 0) return;
  const there = (await context.engine.volumes()).map(({ name }) => name);
  for (const name of names) {
    const volume = context.world.formerVolume(name);
    if (volume !== null && !there.includes(volume)) throw new Trouble('needs-step', { step: step.id });
  }
}

/** Whether the journal tells, after the end of this command of the attempt, of what it made or took away. */
export function isRecorded(standing: Standing, step: Step, index: number): boolean {
  const { creates, createsVolume, removes } = step.commands[index] as Command;
  const commands = standing.step(step.id).attempt?.commands ?? [];
  const ended = commands.findLast(({ started }) => started.index === index)?.ended?.seq ?? 0;
  const made = [creates, createsVolume].map((name) => name && standing.things.last(name, { type: 'made' }));
  const removed = removes && standing.things.lastRemoved(removes);
  return [...made, removed].some((line) => line && line.seq > ended);
}
