/** Why a container does not run: by its state, by what it said before it ended, by what stood in its way. */
import { portRefusal } from '../engine/port-refusal.ts';
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { shortId, type Values } from '../values.ts';
import { inspected, listenersOn } from './evidence.ts';
import { listenerOn } from './listener.ts';
import { ENDED, whyEnded, whyRestarting } from './why-ended.ts';

const PORT_REFUSED = [
  'port-held-by-container',
  'port-held-by-needed',
  'port-held-by-postgres',
  'port-held-by-process',
  'port-forbidden',
] as const;

/** Why a container that should run does not: every check of a running one may name each of them. */
export const NOT_RUNNING = [
  'no-container',
  'container-removed',
  'another-engine',
  'container-created',
  'container-paused',
  'container-restarting',
  ...PORT_REFUSED,
  ...ENDED,
] as const;

export type NotRunning = (typeof NOT_RUNNING)[number];

export async function whyNotRunning(
  look: Look,
  name: string,
  container: Container | null,
): Promise<Verdict<NotRunning>> {
  if (!container) return notThere(look, name);
  const short = shortId(container.id);
  const values = { name, short, exitCode: container.exitCode, error: container.error };
  const evidence = `docker container ps --all --filter id=${short}`;
  switch (container.status) {
    case 'created':
      return (
        (await whyWithoutPort(look, name, container)) ??
        whyNeverStarted(container, values) ??
        notMet('container-created', values, evidence)
      );
    case 'paused':
      return notMet('container-paused', values, evidence);
    case 'restarting':
      return whyRestarting(look, container, values);
    default:
      return whyEnded(look, container, values);
  }
}

async function notThere(look: Look, name: string): Promise<Verdict<NotRunning>> {
  const former = look.formerId(name);
  const evidence = 'docker container ps --all';
  if (former !== null) return notMet('container-removed', { name, short: shortId(former) }, evidence);
  const elsewhere = await look.otherEngine();
  if (elsewhere === null) return notMet('no-container', { name }, evidence);
  const values = { name, elsewhere, here: look.engine.endpoint.url };
  return notMet('another-engine', values, 'docker context ls; pglab engine status');
}

/** Why the engine could not start it, where the reason is one with a mend. */
function whyNeverStarted(
  container: Container,
  values: Values,
): Verdict<'file-is-folder' | 'another-architecture'> | null {
  const told = { ...values, said: container.error.slice(-200) };
  const evidence = inspected(container, '{{.State.Error}}');
  if (/mount a directory onto a file|[^ ]: not a directory/.test(container.error)) {
    return notMet('file-is-folder', told, evidence);
  }
  return container.error.includes('exec format error')
    ? notMet('another-architecture', told, evidence)
    : null;
}

/** Why a container was created and not started: the port that it was to have is not to be had. */
async function whyWithoutPort(
  look: Look,
  name: string,
  container: Container,
): Promise<Verdict<(typeof PORT_REFUSED)[number]> | null> {
  const refusal = portRefusal(container.error);
  if (refusal === null) return null;
  const port = container.requested.find(({ hostPort }) => container.error.includes(`:${hostPort}`))?.hostPort;
  if (port === undefined) return null;
  const values = { short: shortId(container.id), port };
  if (refusal === 'forbidden') {
    return notMet('port-forbidden', values, inspected(container, '{{.State.Error}}'));
  }
  const holder = (await look.engine.publishers()).find(({ hostPorts }) => hostPorts.includes(port));
  if (holder) {
    const evidence = `docker container ps --filter publish=${port}`;
    const holds = roleOf(look, holder.id);
    // Another step is about that one: it must not be stopped for this.
    if (holds !== null && holds !== name)
      return notMet('port-held-by-needed', { ...values, who: holder.name, name: holds }, evidence);
    return notMet('port-held-by-container', { ...values, who: holder.name }, evidence);
  }
  const who = await listenerOn(look, port);
  const finding = (await speaksPostgres(look, port)) ? 'port-held-by-postgres' : 'port-held-by-process';
  return notMet(finding, { ...values, who }, listenersOn(look, port));
}

/** The name in the world by which a container goes; null: none. */
function roleOf({ values }: Look, id: string): string | null {
  const found = Object.keys(values).find((key) => key.endsWith('.id') && values[key] === id);
  return found === undefined ? null : found.slice(0, -'.id'.length);
}

/** Whether a Postgres stands behind a port: it answers a stranger, if only to refuse them. */
async function speaksPostgres(look: Look, port: number): Promise<boolean> {
  const stranger = { host: look.host, port, user: 'postgres', database: 'postgres' };
  const answer = await look.query(stranger, 'select 1');
  return answer.ok || answer.cause === 'no-password' || /^(28|3D|53|57)[0-9A-Z]{3}$/.test(answer.cause);
}
