/** Runs a container that is meant to be refused, and to end by that. */
import type { Emit } from '../../journal/live.ts';
import type { Command, Step } from '../../lab/model.ts';
import { type Ran, startLine } from '../../shell.ts';
import { shortId } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';

/** A refusal takes a second; with thirty containers at once on two cores, and a slow disk, some more. */
const REFUSED_WITHIN_MS = 180_000;

/** What a command that holds a window is given: its environment, who hears its lines, and who hears what is noted of it. */
export interface GivenWindow {
  env: Record<string, string>;
  onLine: (line: string) => void;
  emit: Emit;
}

/** Whether its container is to end by itself, with a failure: then nothing else ends it. */
export function isMeantToFail({ creates, exits = [0], foreground }: Command): boolean {
  return creates !== undefined && !foreground && !exits.includes(0);
}

/**
 * The window is closed at the first “ready”, or when nothing has come of it for long: a container that was not refused
 * would hold it for ever. It is left to run, for the checks to judge.
 */
export async function runToBeRefused(
  context: RunContext,
  step: Step,
  command: Command,
  line: string,
  { env, onLine, emit }: GivenWindow,
): Promise<Ran> {
  const ready = context.lab.settings.service?.log.ready;
  let isClosed = false;
  let isLate = false;
  const close = () => {
    isClosed = true;
    child.kill();
  };
  const hear = (text: string) => {
    onLine(text);
    if (ready?.test(text)) close();
  };
  const child = await startLine(line, { env, onLine: hear, signal: context.signal });
  const late = setTimeout(() => {
    isLate = true;
    close();
  }, REFUSED_WITHIN_MS);
  const ended = await child.ended.finally(() => clearTimeout(late));
  const name = command.creates as string;
  const left = isClosed ? (await context.world.snapshot()).ours(name) : null;
  if (left)
    emit({ type: 'noted', step: step.id, note: 'not-refused', values: { name, short: shortId(left.id) } });
  // What it has made is for the checks to judge.
  return { ...ended, isLate: isLate && left === null };
}
