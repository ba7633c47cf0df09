/**
 * Where an interrupted step goes on: after the last command whose effect is known, with what it proves.
 * Whatever the interrupted command had half done is taken back first.
 */
import type { Command, Step } from '../lab/model.ts';
import { Trouble } from '../trouble.ts';
import { endedWell, isForHere, recordEffects } from './command.ts';
import type { RunContext } from './context.ts';
import type { JournalLine, LabEvent } from './events.ts';
import { takeBack } from './takeback.ts';

export interface ResumePoint {
  /** The command to run next; one past the last where only the judging is left. */
  index: number;
  /** The command before it ended, and its effects may not have been written down. */
  unrecorded: number | null;
  /** The prediction was asked already. */
  predicted: boolean;
}

/** What is told of the last attempt at a step that we began, and that did not come to its end; else null. */
export function interruptedAttempt(events: readonly JournalLine[], step: Step): JournalLine[] | null {
  const begun = events.findLastIndex((event) => event.type === 'step-started' && event.step === step.id);
  const start = events[begun];
  if (start?.type !== 'step-started' || start.byHand) return null;
  const attempt = events.slice(begun).filter((event) => 'step' in event && event.step === step.id);
  return attempt.some(({ type }) => type === 'step-ended') ? null : attempt;
}

/** Null: the step was not begun by us, or nothing of it can be kept, and it begins anew. */
export function resumePoint(events: readonly JournalLine[], step: Step): ResumePoint | null {
  const attempt = interruptedAttempt(events, step);
  if (attempt === null || attempt.some(({ type }) => type === 'begun-anew')) return null;
  const [begun] = attempt;
  const lost = events.findLast(({ type }) => type === 'lines-lost');
  if (begun && lost && lost.seq > begun.seq) return null;
  const last = attempt.findLast((event) => event.type === 'command-started');
  if (last?.type !== 'command-started') return null;
  const predicted = attempt.some(({ type }) => type === 'predicted');
  // Begun by another version, the step may have had more commands than it has.
  const command = step.commands[last.index];
  if (!command) return null;
  const after = attempt.slice(attempt.indexOf(last));
  // One that failed had no effect to count on: it is taken back, and run again.
  const ended = after.some(
    (event) =>
      event.type === 'command-ended' && event.index === last.index && endedWell(command, event.exitCode),
  );
  const proved = [...(command.proves ?? []), ...(command.during ?? [])].every((id) =>
    after.some((event) => event.type === 'judged' && event.check.id === id),
  );
  if (ended && proved) return { index: last.index + 1, unrecorded: last.index, predicted };
  // What was watched while it ran is lost, or its moment to be judged has passed.
  return command.during || (ended && !proved) ? null : { index: last.index, unrecorded: null, predicted };
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
  await requireServers(context, step, done, index);
  if (unrecorded !== null) {
    const command = step.commands[unrecorded] as Command;
    if (!isRecorded(context, step, unrecorded)) yield* recordEffects(context, command);
    return;
  }
  if (creates) yield* takeBack(context, creates);
  const volume = createsVolume ? await context.world.ourVolume(createsVolume) : null;
  if (volume) {
    await context.engine.removeVolume(volume);
    yield { type: 'removed', kind: 'volume', name: createsVolume as string, id: volume };
  }
}

/** What earlier commands of this step have started must run still: what comes after counts on it. */
async function requireServers(
  context: RunContext,
  step: Step,
  done: readonly Command[],
  index: number,
): Promise<void> {
  // The command to run next may have taken one away already.
  const removed = new Set(step.commands.slice(0, index + 1).map(({ removes }) => removes));
  for (const { creates, foreground, exits } of done) {
    // Some have come to their end rightly.
    if (!creates || foreground || exits || removed.has(creates)) continue;
    if ((await context.world.ours(creates))?.status !== 'running')
      throw new Trouble('needs-step', { step: step.id });
  }
}

function isRecorded({ journal }: RunContext, step: Step, index: number): boolean {
  const command = step.commands[index] as Command;
  const ended = journal.events.findLastIndex(
    (event) => event.type === 'command-ended' && event.step === step.id && event.index === index,
  );
  return journal.events
    .slice(ended)
    .some(
      (event) =>
        (event.type === 'made' && (event.name === command.creates || event.name === command.createsVolume)) ||
        (event.type === 'removed' && event.name === command.removes),
    );
}
