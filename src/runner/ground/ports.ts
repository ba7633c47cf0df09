/** Host ports: the article's own where it is free, else the next one that is, said aloud. */
import type { Publisher } from '../../engine/said.ts';
import { canListen, connect, firstUnprivileged, type Listener, listeners, UNPRIVILEGED } from '../../host.ts';
import type { LabEvent } from '../../journal/events.ts';
import type { Command, Lab, Step } from '../../lab/model.ts';
import { publishedPorts } from '../../lab/run-options.ts';
import { closedPortOf } from '../../lab/service.ts';
import { templateOf } from '../../lab/template.ts';
import { LABEL } from '../../names.ts';
import { Trouble } from '../../trouble.ts';
import type { Values } from '../../values.ts';
import type { RunContext } from './context.ts';

const TRIES = 200;
const LAST_PORT = 65_535;
/** At once: each may take as long as a connection that nobody answers. */
const REMOTE_TRIES = 5;

/** Chooses each port of the lab that this run has not chosen yet. */
export async function* choosePorts(context: RunContext): AsyncGenerator<LabEvent> {
  const wanted = Object.entries({ ...context.lab.settings.ports, ...context.ports });
  const open = wanted.filter(([name]) => {
    const asked = context.ports[name];
    const before = context.journal.standing.ports.get(name);
    return before === undefined || (asked !== undefined && asked !== before.wanted);
  });
  if (open.length === 0) return;
  const publishers = await portsOfEngine(context);
  for (const [name, port] of open) yield* choosePort(context, name, port, { publishers });
}

/**
 * Chooses one port from `from` upwards, and says so where it is not `from` itself. `wanted`: what was asked
 * for in the first place, if that was lost since. `publishers`: all of the engine, where they were just asked for.
 */
export async function* choosePort(
  context: RunContext,
  name: string,
  from: number,
  { wanted = from, publishers }: { wanted?: number | undefined; publishers?: readonly Publisher[] } = {},
): AsyncGenerator<LabEvent> {
  const { ports } = context.journal.standing;
  const others = [...ports].flatMap(([key, { value }]) => (key === name ? [] : [value]));
  // Asked once: thirty seats that look for a port each would ask about each other a thousand times.
  const all = publishers ?? (await portsOfEngine(context));
  let holder: Values | null = null;
  for (let port = from; port < Math.min(from + TRIES, LAST_PORT + 1); port += 1) {
    const held = others.includes(port) ? { who: 'pglab' } : await whoHolds(context, port, all);
    if (held === null) {
      yield { type: 'chosen', name, value: port, wanted };
      if (holder !== null && !others.includes(from)) {
        yield { type: 'noted', step: null, note: 'port-taken', values: { ...holder, taken: from, port } };
      }
      return;
    }
    holder ??= held;
  }
  throw new Trouble('no-free-port', { from, to: Math.min(from + TRIES - 1, LAST_PORT) });
}

/**
 * The next port to try after one that the system lets nobody have. Such ports lie side by side, so each try goes twice
 * as far as the one before; and all low ports need the same right, so the try after a low one is above them all.
 */
export function afterForbidden({ local }: Pick<RunContext, 'local'>, port: number, tries: number): number {
  const next = port + 2 ** Math.min(tries - 1, 16);
  const free = local ? firstUnprivileged() : UNPRIVILEGED;
  if (port < free) return free;
  if (next > LAST_PORT) throw new Trouble('no-free-port', { from: port, to: LAST_PORT });
  return next;
}

/**
 * Who holds a port, as far as can be told; null where it is free or held by this run itself. On a
 * remote engine only its containers can be asked.
 */
export async function whoHolds(
  context: RunContext,
  port: number,
  publishers?: readonly Publisher[],
): Promise<Values | null> {
  const { owner, local } = context;
  const holder = (publishers ?? (await portsOfEngine(context))).find(({ hostPorts }) =>
    hostPorts.includes(port),
  );
  if (holder) {
    const ours = holder.labels[LABEL.run] === owner.run && holder.labels[LABEL.home] === owner.home;
    return ours ? null : { who: holder.name };
  }
  if (!local || (await canListen(port))) return null;
  const [listener] = await listeners(port);
  return { who: listener?.process ? `${listener.process} (${listener.pid})` : '?' };
}

/** A server of another run that is down for a moment comes back, and its port must be there. */
function portsOfEngine({ engine, lab }: RunContext): Promise<Publisher[]> {
  const commands = lab.steps.flatMap((step) => step.commands);
  const names = new Set(commands.flatMap((each) => (portOf(lab, each) ? (each.creates ?? []) : [])));
  return engine.publishers((labels) => names.has(labels[LABEL.name] ?? ''));
}

/** The name of the port that a command publishes. */
export function portOf({ settings }: Lab, { run }: Command): string | null {
  return publishedPorts(templateOf(run)).find((name) => Object.hasOwn(settings.ports, name)) ?? null;
}

interface Closed {
  port: number;
  /** Who listens on the one that was wanted; `?` where that is not known, null where nobody does. */
  holder: string | null;
  /** What came of a connection to that one, where it came to nothing and was no refusal either. */
  silent?: string | null;
}

/** A port that nobody listens on, for the connection that must be refused: `from` if it is closed. */
async function closedPort({ local, host }: RunContext, from: number): Promise<Closed> {
  if (!local) return refusedElsewhere(host, from);
  const [holder] = await holders(from);
  if (!holder) return { port: from, holder: null };
  for (let port = from + 1; port < from + TRIES; port += 1) {
    if ((await holders(port)).length === 0) {
      return { port, holder: holder.process ? `${holder.process} (${holder.pid})` : '?' };
    }
  }
  throw new Trouble('no-free-port', { from, to: from + TRIES });
}

/** On another machine a port can only be tried by a connection; behind a firewall that drops them all, it is `from`. */
async function refusedElsewhere(host: string, from: number): Promise<Closed> {
  const tried = Array.from({ length: REMOTE_TRIES }, (_, at) => from + at);
  const causes = await Promise.all(tried.map((port) => connect(host, port)));
  const port = tried.find((_, at) => causes[at] === 'ECONNREFUSED') ?? from;
  const [first = null] = causes;
  return { port, holder: port === from || first !== null ? null : '?', silent: port === from ? null : first };
}

/** Who listens there; where the system hides other users' processes, at least that somebody does. */
async function holders(port: number): Promise<Listener[]> {
  const found = await listeners(port);
  if (found.length > 0 || (await connect('127.0.0.1', port)) !== null) return found;
  return [{ process: null, pid: null, addresses: [] }];
}

/** The port on which nobody must listen is looked for anew each time: others come and go. */
export async function* chooseClosedPort(context: RunContext, step: Step): AsyncGenerator<LabEvent> {
  if (!step.commands.some(({ run }) => templateOf(run).names.has('closed'))) return;
  const wanted = closedPortOf(context.lab.settings.service);
  const { port, holder, silent } = await closedPort(context, wanted);
  yield { type: 'chosen', name: 'closed', value: port, wanted };
  if (holder !== null) {
    const machine = context.local ? 'here' : 'there';
    yield { type: 'noted', step: step.id, note: 'closed-port-moved', values: { holder, port, machine } };
  } else if (silent) {
    const values = { host: context.host, wanted, cause: silent, port };
    yield { type: 'noted', step: step.id, note: 'closed-port-silent', values };
  }
}
