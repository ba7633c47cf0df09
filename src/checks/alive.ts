/** Not a check: what several start from. A container that runs, or the verdict that says why not. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import type { Verdict } from '../lab/model.ts';
import { Trouble } from '../trouble.ts';
import { addressesOf, listenerOn, logsOf, notMet, publishedPort, short, startsServer } from './verdict.ts';

/** As long as the engine itself waits before it takes a restarted container for well. */
const RESTARTED_WITHIN_MS = 10_000;

/** On a busy machine the image takes its time to say its first words. */
const FIRST_WORDS_WITHIN_MS = 20_000;

export type Alive = { container: Container } | { verdict: Verdict };

export async function alive(look: Look, name: string): Promise<Alive> {
  const container = await settled(look, await look.container(name));
  if (container && keepsRestarting(look, container)) {
    return { verdict: await notRunning(look, name, { ...container, status: 'restarting' }) };
  }
  if (container?.status === 'running') return { container };
  return { verdict: await notRunning(look, name, container) };
}

/** The container whatever its state, or the verdict that there is none. */
export async function existing(look: Look, name: string): Promise<Alive> {
  const container = await look.container(name);
  const hasRun = container !== null && container.status !== 'created';
  return hasRun ? { container } : { verdict: await notRunning(look, name, container) };
}

/**
 * Without a password an empty database is refused, a moment after the container has started: whoever
 * looks in between would take it for one that runs. So the image's first words are waited for.
 */
async function settled(look: Look, container: Container | null): Promise<Container | null> {
  if (container?.status !== 'running') return container;
  const { POSTGRES_PASSWORD, POSTGRES_PASSWORD_FILE, POSTGRES_HOST_AUTH_METHOD, PG_MAJOR } = container.env;
  const isSafe = POSTGRES_PASSWORD || POSTGRES_PASSWORD_FILE || POSTGRES_HOST_AUTH_METHOD === 'trust';
  // Only the image's own start of a server refuses; whatever else was started may be silent for ever.
  if (isSafe || !PG_MAJOR || !startsServer(container)) return container;
  const enough = AbortSignal.timeout(FIRST_WORDS_WITHIN_MS);
  let hasSpoken = false;
  for await (const line of look.engine.logLines(container.id, enough)) {
    // The refusal is followed by the end; anything else is a server that goes on.
    hasSpoken = line.trim() !== '' && !/^(Error:| {7}|\s*$)/.test(line);
    if (hasSpoken) break;
  }
  const now = await look.engine.container(container.id);
  if (!hasSpoken && enough.aborted && now?.status === 'running') {
    throw new Trouble('not-ready', { id: short(now), seconds: FIRST_WORDS_WITHIN_MS / 1000 });
  }
  return now;
}

/** Between two restarts it runs for a moment; the policy has started it a moment ago, and not first. */
function keepsRestarting(look: Look, { status, restartCount, startedAt }: Container): boolean {
  const age = Date.now() - Date.parse(startedAt);
  return status === 'running' && restartCount > 0 && look.local && Math.abs(age) < RESTARTED_WITHIN_MS;
}

async function notRunning(look: Look, name: string, container: Container | null): Promise<Verdict> {
  if (!container) return notThere(look, name);
  const values = { name, short: short(container), exitCode: container.exitCode, error: container.error };
  const evidence = `docker container ps --all --filter id=${short(container)}`;
  switch (container.status) {
    case 'created':
      return (await portHeld(look, container)) ?? notMet('container-created', values, evidence);
    case 'paused':
      return notMet('container-paused', values, evidence);
    case 'restarting':
      return notMet('container-restarting', values, logsOf(container));
    default:
      return exited(look, container, values);
  }
}

async function notThere(look: Look, name: string): Promise<Verdict> {
  const former = look.formerId(name);
  const evidence = 'docker container ps --all';
  if (former !== null) return notMet('container-removed', { name, short: former.slice(0, 12) }, evidence);
  const elsewhere = await look.otherEngine();
  if (elsewhere === null) return notMet('no-container', { name }, evidence);
  const values = { name, elsewhere, here: look.engine.endpoint.url };
  return notMet('another-engine', values, 'docker context ls; pglab engine status');
}

/** It was created and could not be started, because somebody holds the port that it was to have. */
async function portHeld(look: Look, container: Container): Promise<Verdict | null> {
  if (!/already allocated|already in use/.test(container.error)) return null;
  const port = container.requested.find(({ hostPort }) => container.error.includes(`:${hostPort}`))?.hostPort;
  if (port === undefined) return null;
  const values = { short: short(container), port };
  const holder = (await look.engine.publishers()).find(({ hostPorts }) => hostPorts.includes(port));
  if (holder) {
    const evidence = `docker container ps --filter publish=${port}`;
    return notMet('port-held-by-container', { ...values, who: holder.name }, evidence);
  }
  const who = await listenerOn(look, port);
  const isPostgres = await speaksPostgres(look, port);
  const evidence = `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
  return notMet(isPostgres ? 'port-held-by-postgres' : 'port-held-by-process', { ...values, who }, evidence);
}

/** Whether a Postgres stands behind a port: it answers a stranger, if only to refuse them. */
async function speaksPostgres(look: Look, port: number): Promise<boolean> {
  const answer = await look.query(
    { host: look.host, port, user: 'postgres', database: 'postgres' },
    'select 1',
  );
  return answer.ok || answer.cause === 'no-password' || /^(28|3D|57)[0-9A-Z]{3}$/.test(answer.cause);
}

async function exited(look: Look, container: Container, values: Verdict['values']): Promise<Verdict> {
  if (container.oomKilled) return notMet('container-out-of-memory', values, logsOf(container));
  const log = await look.engine.logs(container.id);
  if (/superuser password is not specified/.test(log)) {
    return notMet('container-wants-password', values, logsOf(container));
  }
  if (/in 18\+, these Docker images are configured to/.test(log)) {
    const isMount = /\(unused mount\/volume\)/.test(log);
    const image = (await look.engine.image(container.imageId)) ?? (await look.image());
    const target = image.volumeTargets[0] ?? 'TARGET';
    const told = { ...values, target };
    return notMet(isMount ? 'wrong-volume-target' : 'volume-of-another-major', told, logsOf(container));
  }
  if (/database files are incompatible with server/.test(log)) {
    return notMet('volume-of-another-major', values, logsOf(container));
  }
  if (/could not (access|open)[^\n]*configuration file[^\n]*: Permission denied/.test(log)) {
    return notMet('config-unreadable', values, logsOf(container));
  }
  if (/No space left on device/i.test(log)) return notMet('container-disk-full', values, logsOf(container));
  if (container.exitCode === 137) return notMet('container-killed', values, logsOf(container));
  return notMet('container-exited', values, logsOf(container));
}

/** A container that runs and the port of the host that leads to its Postgres, or why not. */
export async function published(
  look: Look,
  name: string,
): Promise<{ container: Container; port: number } | { verdict: Verdict }> {
  const found = await alive(look, name);
  if ('verdict' in found) return found;
  const { container } = found;
  const verdict = notPublished(look, name, container);
  return verdict ? { verdict } : { container, port: publishedPort(container) as number };
}

/** Why no port of the host leads to a container's Postgres by IPv4; null where one does. */
function notPublished(look: Look, name: string, container: Container, inside = 5432): Verdict | null {
  const evidence = `docker port ${short(container)}`;
  const host = Number(look.values[`${name}.port`] ?? look.values.port);
  const values = { name, short: short(container), port: host, host, inside };
  const there = container.bindings.filter(({ containerPort }) => containerPort === inside);
  const [elsewhere] = container.bindings;
  if (there.length === 0 && elsewhere) {
    const seen = { seenHost: elsewhere.hostPort, seenInside: elsewhere.containerPort };
    return notMet('other-container-port', { ...values, ...seen }, evidence);
  }
  if (there.length === 0) return notMet('port-not-published', values, evidence);
  if (there.every(({ hostIp }) => hostIp.includes(':'))) {
    return notMet('only-ipv6', { ...values, seen: addressesOf(there) }, evidence);
  }
  return null;
}
