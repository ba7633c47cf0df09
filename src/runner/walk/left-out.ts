/** What of a step is not run here, because it would tell nothing: its tool is missing, or looks in the wrong place. */
import type { NoteKey } from '../../content-keys.ts';
import type { Command } from '../../lab/model.ts';
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
  const { needsTool: tool } = command;
  if (tool === undefined) return null;
  // It lists what listens here, and the ports are on another machine.
  if (tool === 'lsof' && !context.local) return { note: 'lsof-elsewhere', values: { machine: 'there' } };
  if (!hasTool(tool)) return { note: noteOnMissing(context, tool), values: { tool } };
  return tool === context.lab.settings.service?.client.program ? leadsNowhere(context, command) : null;
}

/** Whether this machine lacks a tool that the command needs. */
export function isToolMissing({ needsTool }: Command): boolean {
  return needsTool !== undefined && !hasTool(needsTool);
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
