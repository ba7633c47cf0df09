/** Why a container does not run: by its state, by what it said before it ended, by what stood in its way. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { notMet, type Verdict } from '../lab/verdict.ts';
import { shortId, type Values } from '../values.ts';
import { listenersOn, logsOf } from './evidence.ts';
import { listenerOn } from './listener.ts';

const ENDED = [
  'container-out-of-memory',
  'container-wants-password',
  'wrong-volume-target',
  'volume-of-another-major',
  'config-unreadable',
  'container-disk-full',
  'container-killed',
  'container-exited',
] as const;

const PORT_HELD = ['port-held-by-container', 'port-held-by-postgres', 'port-held-by-process'] as const;

/** Why a container that should run does not: every check of a running one may name each of them. */
export const NOT_RUNNING = [
  'no-container',
  'container-removed',
  'another-engine',
  'container-created',
  'container-paused',
  'container-restarting',
  ...PORT_HELD,
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
      return (await portHeld(look, container)) ?? notMet('container-created', values, evidence);
    case 'paused':
      return notMet('container-paused', values, evidence);
    case 'restarting':
      return notMet('container-restarting', values, logsOf(container));
    default:
      return ended(look, container, values);
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

/** It was created and could not be started, because somebody holds the port that it was to have. */
async function portHeld(
  look: Look,
  container: Container,
): Promise<Verdict<(typeof PORT_HELD)[number]> | null> {
  if (!/already allocated|already in use/.test(container.error)) return null;
  const port = container.requested.find(({ hostPort }) => container.error.includes(`:${hostPort}`))?.hostPort;
  if (port === undefined) return null;
  const values = { short: shortId(container.id), port };
  const holder = (await look.engine.publishers()).find(({ hostPorts }) => hostPorts.includes(port));
  if (holder) {
    const evidence = `docker container ps --filter publish=${port}`;
    return notMet('port-held-by-container', { ...values, who: holder.name }, evidence);
  }
  const who = await listenerOn(look, port);
  const finding = (await speaksPostgres(look, port)) ? 'port-held-by-postgres' : 'port-held-by-process';
  return notMet(finding, { ...values, who }, listenersOn(port));
}

/** Whether a Postgres stands behind a port: it answers a stranger, if only to refuse them. */
async function speaksPostgres(look: Look, port: number): Promise<boolean> {
  const stranger = { host: look.host, port, user: 'postgres', database: 'postgres' };
  const answer = await look.query(stranger, 'select 1');
  return answer.ok || answer.cause === 'no-password' || /^(28|3D|57)[0-9A-Z]{3}$/.test(answer.cause);
}

async function ended(
  look: Look,
  container: Container,
  values: Values,
): Promise<Verdict<(typeof ENDED)[number]>> {
  const evidence = logsOf(container);
  if (container.oomKilled) return notMet('container-out-of-memory', values, evidence);
  const log = await look.engine.logs(container.id);
  if (/superuser password is not specified/.test(log)) {
    return notMet('container-wants-password', values, evidence);
  }
  if (/in 18\+, these Docker images are configured to/.test(log)) {
    const isMount = /\(unused mount\/volume\)/.test(log);
    const image = (await look.engine.image(container.imageId)) ?? (await look.image());
    const target = image.volumeTargets[0] ?? 'TARGET';
    const missed = container.mounts.find((mount) => mount.target.startsWith(`${target}/`));
    const told = { ...values, target, volume: missed?.source ?? '?', seen: missed?.target ?? '?' };
    return notMet(isMount ? 'wrong-volume-target' : 'volume-of-another-major', told, evidence);
  }
  if (/database files are incompatible with server/.test(log)) {
    return notMet('volume-of-another-major', values, evidence);
  }
  if (/could not (access|open)[^\n]*configuration file[^\n]*: Permission denied/.test(log)) {
    return notMet('config-unreadable', values, evidence);
  }
  if (/No space left on device/i.test(log)) return notMet('container-disk-full', values, evidence);
  return notMet(container.exitCode === 137 ? 'container-killed' : 'container-exited', values, evidence);
}
