/** What of a step is not run here, because it would tell nothing: its tool is missing, or looks in the wrong place. */
import type { NoteKey } from '../../content-keys.ts';
import { isFirstProcess } from '../../first-process.ts';
import type { Command, Step } from '../../lab/model.ts';
import { templateOf } from '../../lab/template.ts';
import { hasTool } from '../../shell.ts';
import type { Values } from '../../values.ts';
import type { RunContext } from '../ground/context.ts';

interface LeftOut {
  note: NoteKey;
  values: Values;
}

/** Null: it runs. */
export async function whyLeftOut(context: RunContext, command: Command): Promise<LeftOut | null> {
  const { needsTool: tool, firstPasswordOf: name } = command;
  if (name !== undefined && (await firstPasswordOf(context, name)) === null)
    return { note: 'password-forgotten', values: {} };
  if (await isAskedElsewhere(context, command)) return { note: 'address-elsewhere', values: {} };
  if (tool === undefined) return null;
  // It lists what listens here, and the ports are on another machine.
  if (tool === 'lsof' && !context.local) return { note: 'lsof-elsewhere', values: { machine: 'there' } };
  if (!hasTool(tool)) return { note: noteOnMissing(context, tool), values: { tool } };
  if (tool === 'ps') return (await runsHere(context, command)) ? null : { note: 'ps-elsewhere', values: {} };
  return tool === context.lab.settings.service?.client.program ? leadsNowhere(context, command) : null;
}

/** With which the data of this container was set up; null: this process has not seen it, and it is written nowhere. */
export async function firstPasswordOf(
  { world, volumePasswords }: RunContext,
  name: string,
): Promise<string | null> {
  const container = (await world.snapshot()).ours(name);
  const known = container?.mounts.flatMap(({ source }) => volumePasswords.get(source) ?? []);
  return known?.[0] ?? null;
}

/** Whether this machine lacks a tool that the command needs. */
export function isToolMissing({ needsTool }: Command): boolean {
  return needsTool !== undefined && !hasTool(needsTool);
}

/**
 * What the learner cannot type here of a step's lines: those for a client that this machine has not, and those that they
 * are asked to type and that would tell nothing. The last one says how they go on all the same.
 */
export async function whyNotTyped(
  context: RunContext,
  { commands }: Pick<Step, 'commands'>,
): Promise<LeftOut[]> {
  const asked = await Promise.all(
    commands.filter(({ onWord }) => onWord).map((each) => whyLeftOut(context, each)),
  );
  const left = [whyNoClient(context, commands), ...asked].filter((each) => each !== null);
  const told = [...new Map(left.map((each) => [each.note, each])).values()];
  return asked.some((each) => each !== null) ? [...told, { note: 'left-to-pglab', values: {} }] : told;
}

function whyNoClient({ lab }: RunContext, commands: readonly Command[]): LeftOut | null {
  const client = lab.settings.service?.client;
  const isMissing = commands.some((each) => each.needsTool === client?.program && isToolMissing(each));
  return client && isMissing ? { note: client.missing.note, values: { tool: client.program } } : null;
}

/** Whether the line asks a container by its own address, and that leads from here to nobody, or to somebody else. */
async function isAskedElsewhere({ world, place }: RunContext, { run }: Command): Promise<boolean> {
  const { names } = templateOf(run);
  if (![...names].some((name) => name.endsWith('.address'))) return false;
  const named = [...(await world.snapshot()).byName()].filter(([name]) => names.has(`${name}.address`));
  return named.some(([, container]) => place.addressOf(container) === null);
}

/** Whether a container that the line names is a process of this very system: an engine may keep its own in another one. */
async function runsHere(context: RunContext, { run }: Command): Promise<boolean> {
  if (!context.local) return false;
  const { names } = templateOf(run);
  const named = [...(await context.world.snapshot()).byName()].find(([name]) => names.has(`${name}.short`));
  const container = named ? await context.engine.container(named[1].id) : null;
  return container !== null && isFirstProcess(container.pid);
}

/** Of some tools there is more to say than that they are not here. */
function noteOnMissing({ lab }: RunContext, tool: string): NoteKey {
  const client = lab.settings.service?.client;
  if (tool === client?.program) return client.missing.note;
  return tool === 'lsof' ? 'no-lsof' : 'no-tool';
}

/** Through a port of which it is known that nothing comes back. */
async function leadsNowhere(context: RunContext, { run }: Command): Promise<LeftOut | null> {
  const { names } = templateOf(run);
  // By a socket, without a host, it is another way.
  if (context.unreached.size === 0 || !names.has('host')) return null;
  const seen = await context.world.snapshot();
  for (const [name, { id }] of seen.byName()) {
    const unreached = context.unreached.get(id);
    if (unreached && names.has(`${name}.port`))
      return { note: 'port-unreached', values: { ...unreached, name } };
  }
  return null;
}
