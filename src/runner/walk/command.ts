/** Runs one command of a step: for the learner, in front of their eyes, with what it needs. */

import { randomBytes } from 'node:crypto';
import { type PortRefusal, portRefusal } from '../../engine/port-refusal.ts';
import type { LabEvent } from '../../journal/events.ts';
import { live } from '../../journal/live.ts';
import type { Command, Step } from '../../lab/model.ts';
import type { Trust } from '../../lab/service.ts';
import { withPassword } from '../../lab/shown.ts';
import { isFillable } from '../../lab/template.ts';
import { type Ran, runLine } from '../../shell.ts';
import { Cancelled, Trouble } from '../../trouble.ts';
import { shortId, type Values } from '../../values.ts';
import type { Snapshot } from '../../world/snapshot.ts';
import type { RunContext } from '../ground/context.ts';
import { isForHere } from '../ground/folders.ts';
import { lineOf } from '../ground/line-to-run.ts';
import { findOther } from '../ground/other.ts';
import { afterForbidden, choosePort, portOf, whoHolds } from '../ground/ports.ts';
import { valuesForCommand } from '../ground/run-values.ts';
import { trustIn } from '../ground/trust.ts';
import { clientSecrets } from '../judge/client.ts';
import { commandTrouble } from './command-trouble.ts';
import { recordMade, recordRemoved } from './effects.ts';
import { hiderFor } from './hidden.ts';
import { firstPasswordOf, whyLeftOut } from './left-out.ts';
import { waitFor } from './waiting.ts';
import { windowFor } from './window.ts';

/** `docker run` says so when the engine refused; 126 where the engine's words tell of a permission. */
const ENGINE_REFUSED: readonly number[] = [125, 126];
const PORT_TRIES = 60;
/** What only illustrates keeps no learner waiting: a look at open files can hang on a dead network drive. */
const ILLUSTRATES_MS = 20_000;

/** How a command ended, with its line as the learner saw it. */
type RanCommand = Ran & { shown: string };

export interface CommandEnd {
  outcome: 'done' | 'left-out' | 'world-broke';
  /** The world as it is now; null: nobody has looked since it changed. */
  after: Snapshot | null;
}

/** Runs the command; the events around it are journaled before and after its effect. `seen`: the world, just now. */
export async function* runCommand(
  context: RunContext,
  step: Step,
  index: number,
  seen: Snapshot | null = null,
): AsyncGenerator<LabEvent, CommandEnd> {
  const command = step.commands[index] as Command;
  if (!isForHere(context, command)) return { outcome: 'left-out', after: seen };
  const leftOut = await whyLeftOut(context, command);
  if (leftOut) {
    yield* tellOnce(context, { type: 'noted', step: step.id, ...leftOut });
    if (!command.ready) return { outcome: 'left-out', after: seen };
    // The commands after it count on the server, though this one was left out.
    const isUp = yield* waitFor(context, command.ready, seen);
    return { outcome: isUp ? 'left-out' : 'world-broke', after: null };
  }
  if (step.needsOther) await findOther(context);
  for (let tries = 1; ; tries += 1) {
    const before = (tries === 1 ? seen : null) ?? (await context.world.snapshot());
    const end = yield* tryCommand(context, step, index, tries, before);
    if (end !== 'port-lost') return end;
  }
}

/** Runs the command once. Where its port is not to be had, another one is chosen, up to a number of tries. */
async function* tryCommand(
  context: RunContext,
  step: Step,
  index: number,
  tries: number,
  before: Snapshot,
): AsyncGenerator<LabEvent, CommandEnd | 'port-lost'> {
  const command = step.commands[index] as Command;
  const mayMove = tries <= PORT_TRIES;
  const values = valuesForCommand(context, step, before);
  if (command.illustrates && !isFillable(command.run, values)) return { outcome: 'left-out', after: before };
  // Chosen when the run began, its port may be another's by now.
  const port = portOf(context.lab, command);
  const holder = port && mayMove ? await whoHolds(context, Number(values[port])) : null;
  if (holder) {
    yield* nextPort(context, command, values, { holder });
    return 'port-lost';
  }
  const ran = yield* runOnce(context, step, index, values, before);
  const after = command.creates || command.ready ? await context.world.snapshot() : null;
  const made = yield* recordMade(context, command, after);
  const refusal = ENGINE_REFUSED.includes(ran.exitCode) ? portRefusal(ran.output) : null;
  if (refusal && port && mayMove) {
    yield* nextPort(context, command, values, { refusal, tries });
    return 'port-lost';
  }
  // A shell that a person leaves ends with whatever they did last.
  if (!endedWell(command, ran.exitCode) && !usesTerminal(context, command)) {
    const { status } = (command.creates && after?.ours(command.creates)) || {};
    // What ran and ended is for the checks to judge; that the engine could not start it is trouble.
    if (status && status !== 'created') return { outcome: 'world-broke', after };
    throw await commandTrouble(context, { ...ran, command: ran.shown });
  }
  yield* recordRemoved(context, command);
  // The engine makes nothing where the name is taken, and says nothing.
  if (command.createsVolume && made === null)
    throw new Trouble('volume-not-ours', { volume: ran.output.trim() });
  if (command.ready === undefined) return { outcome: 'done', after };
  const isUp = yield* waitFor(context, command.ready, after);
  return { outcome: isUp ? 'done' : 'world-broke', after: null };
}

/** Whether it ended as it should: what only illustrates may end as it likes. */
export function endedWell({ exits = [0], illustrates }: Command, exitCode: number): boolean {
  return illustrates === true || exits.includes(exitCode);
}

/** Between its two lines in the journal. `before`: the world that its values come from. */
async function* runOnce(
  context: RunContext,
  step: Step,
  index: number,
  values: Values,
  before: Snapshot,
): AsyncGenerator<LabEvent, RanCommand> {
  if (context.signal.aborted) throw new Cancelled();
  const command = step.commands[index] as Command;
  const template = usesTerminal(context, command) ? (command.terminal as string) : command.run;
  const { run: ran, shown: bare } = lineOf(context, step.id, command, template, values);
  const shown = await asPasted(context, command, bare, before);
  const creates = command.creates ?? command.createsVolume ?? null;
  yield { type: 'command-started', step: step.id, index, ran, shown, creates };
  const secrets = await secretsFor(context, command, before);
  const started = performance.now();
  const ended = yield* runWithSecrets(context, step, index, ran, secrets);
  // We ended it, so its end is not journaled: it is taken back later, and run again.
  if (context.signal.aborted) throw new Cancelled();
  if (ended.isLate && !command.illustrates) throw await commandTrouble(context, { ...ended, command: shown });
  const { exitCode, output } = ended;
  const durationMs = Math.round(performance.now() - started);
  const key = command.key ?? null;
  yield { type: 'command-ended', step: step.id, index, key, ran, exitCode, durationMs, output };
  return { ...ended, shown };
}

/** Several lines of a step may be left out for one reason. */
function* tellOnce({ told }: RunContext, note: Extract<LabEvent, { type: 'noted' }>): Generator<LabEvent> {
  const sentence = JSON.stringify(note);
  if (!told.has(sentence)) yield note;
  told.add(sentence);
}

/** The line in a shell, with the secrets in its environment and in nothing that it is told to have printed. */
async function* runWithSecrets(
  context: RunContext,
  step: Step,
  index: number,
  line: string,
  secrets: Record<string, string>,
): AsyncGenerator<LabEvent, Ran> {
  const command = step.commands[index] as Command;
  const client = context.lab.settings.service?.client;
  const patience = client && command.needsTool === client.program ? client.patience : {};
  const env = { ...context.cliEnv, ...patience, ...secrets };
  const hide = hiderFor(context, line, Object.values(secrets));
  const ended = yield* live((emit) => {
    const onLine = (text: string) => emit({ type: 'output', step: step.id, index, line: hide(text) });
    const run = windowFor(command);
    if (run) return run(context, step, command, line, { env, onLine, emit });
    const terminal = usesTerminal(context, command);
    const limit = command.illustrates && !terminal ? { withinMs: ILLUSTRATES_MS } : {};
    return runLine(line, { env, onLine, terminal, signal: context.signal, ...limit });
  });
  return { ...ended, output: hide(ended.output) };
}

/** Whether a person is to type into it. */
function usesTerminal({ interactive }: RunContext, { terminal }: Command): boolean {
  return interactive && terminal !== undefined;
}

const NO_TRUST: Trust = { isOfRun: false, isTheirs: false, md5: false };

/** As the learner would paste it: a client's password is read from the container, where it is known to that. */
async function asPasted(
  context: RunContext,
  command: Command,
  line: string,
  seen: Snapshot,
): Promise<string> {
  const { service } = context.lab.settings;
  const container = command.passwordOf ? await seen.container(command.passwordOf) : null;
  if (!service || !container || !service.container.hasPassword(container.env)) return line;
  return withPassword(line, service.container.passwordLine(shortId(container.id), container.env), service);
}

/** Passwords travel in the environment only: in no command, transcript or process list. */
async function secretsFor(
  context: RunContext,
  command: Command,
  before: Snapshot,
): Promise<Record<string, string>> {
  const { service } = context.lab.settings;
  const secrets: Record<string, string> = {};
  if (!service) return secrets;
  const first = command.firstPasswordOf ? await firstPasswordOf(context, command.firstPasswordOf) : null;
  if (first !== null) secrets[service.client.passwordName] = first;
  if (command.creates) secrets[service.container.settings.password] = randomBytes(12).toString('hex');
  if (command.passwordOf) {
    const container = await before.container(command.passwordOf);
    const trust = container ? trustIn(context, container) : NO_TRUST;
    const own = trust.isOfRun ? context.learnersPassword : null;
    const password = (container && service.container.passwordOf(container.env)) ?? own;
    if (password) Object.assign(secrets, await clientSecrets(service, password, trust));
  }
  return secrets;
}

/** Clears what a command left that could not have its port, says who has it or why, and chooses the next port. */
async function* nextPort(
  context: RunContext,
  command: Command,
  values: Values,
  { holder, refusal = 'taken', tries = 1 }: { holder?: Values; refusal?: PortRefusal; tries?: number },
): AsyncGenerator<LabEvent> {
  const left = command.creates ? (await context.world.snapshot()).ours(command.creates) : null;
  if (left) {
    await context.engine.removeContainer(left.id);
    yield { type: 'removed', kind: 'container', name: command.creates as string, id: left.id };
  }
  const name = portOf(context.lab, command);
  if (!name) return;
  const wanted = context.journal.standing.ports.get(name)?.wanted;
  const port = Number(values[name]);
  if (refusal === 'forbidden') {
    yield { type: 'noted', step: null, note: 'port-forbidden', values: { port } };
    yield* choosePort(context, name, afterForbidden(context, port, tries), { wanted });
    return;
  }
  const who = (holder ?? (await whoHolds(context, port)))?.who ?? '?';
  yield { type: 'noted', step: null, note: 'port-lost', values: { port, who } };
  yield* choosePort(context, name, port + 1, { wanted });
}
