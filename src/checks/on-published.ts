/** Judges a container of the world only where a port of the host leads to its server; else says why not. */
import { publishedPort } from '../engine/bindings.ts';
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { type Finding, notMet, type Verdict } from '../lab/verdict.ts';
import { SERVER_PORT } from '../postgres/login.ts';
import { listeningPort } from '../postgres/said-in-log.ts';
import { shortId } from '../values.ts';
import { portsOf } from './evidence.ts';
import { type Judge, onRunning } from './on-running.ts';
import { NOT_RUNNING, type NotRunning } from './why-not-running.ts';

const UNPUBLISHED = [
  'ports-swapped',
  'server-on-another-port',
  'other-container-port',
  'only-udp',
  'on-host-network',
  'network-without-ports',
  'port-not-published',
  'only-ipv6',
] as const;

type Unpublished = (typeof UNPUBLISHED)[number];

/** Why no port of the host leads to a container's server: that it does not run, too. */
export const NOT_PUBLISHED = [...NOT_RUNNING, ...UNPUBLISHED] as const;

type NotPublished = NotRunning | Unpublished;

/**
 * Judges the container of this name in the world where it runs and `port` of the host leads to its server.
 * Where not, the verdict is one of `NOT_PUBLISHED`, which the check's `finds` has as well.
 *
 *     judge: onPublished('mapped', async (look, container, port) =>
 *       (await look.connect(port)) === null ? met({ port }, 'ss -lt') : notMet(ownKey('deaf'), { port }, 'ss -lt')),
 */
export function onPublished<F extends Finding>(
  name: string,
  judge: (look: Look, container: Container, port: number) => Verdict<F> | Promise<Verdict<F>>,
): Judge<F | NotPublished> {
  return onRunning<F | Unpublished>(name, async (look, container) => {
    const port = publishedPort(container, SERVER_PORT);
    return (await whyUnpublished(look, name, container)) ?? judge(look, container, port as number);
  });
}

/** Why no port of the host leads to the server by IPv4; null where one does. */
async function whyUnpublished(
  look: Look,
  name: string,
  container: Container,
): Promise<Verdict<Unpublished> | null> {
  const inside = SERVER_PORT;
  const evidence = portsOf(container);
  const host = Number(look.values[`${name}.asked`] ?? look.values.port);
  const values = { name, short: shortId(container.id), port: host, host, inside };
  const there = container.bindings.filter(({ containerPort }) => containerPort === inside);
  const [elsewhere] = container.bindings;
  if (there.length === 0 && elsewhere) {
    const listens = await otherServerPort(look, container);
    if (listens !== null) return notMet('server-on-another-port', { ...values, seen: listens }, evidence);
    const seen = { seenHost: elsewhere.hostPort, seenInside: elsewhere.containerPort };
    // Left the number of the server, right another one: nobody means that.
    if (elsewhere.hostPort === inside) return notMet('ports-swapped', { ...values, ...seen }, evidence);
    return notMet('other-container-port', { ...values, ...seen }, evidence);
  }
  if (there.length === 0) return notMet(whyNoBinding(container), values, evidence);
  if (there.every(({ hostIp }) => hostIp.includes(':'))) {
    return notMet('only-ipv6', { ...values, seen: addressesOf(there) }, evidence);
  }
  return null;
}

/** Why nothing leads in at all, though it may have been asked for. */
function whyNoBinding({ udp, requested, onHostNetwork }: Container): Unpublished {
  if (udp.includes(SERVER_PORT)) return 'only-udp';
  if (onHostNetwork) return 'on-host-network';
  const isAsked = requested.some(({ containerPort }) => containerPort === SERVER_PORT);
  return isAsked ? 'network-without-ports' : 'port-not-published';
}

/** The port on which its server listens inside, where that is not the usual one. */
export async function otherServerPort(look: Look, { id }: Container): Promise<number | null> {
  const port = listeningPort(await look.engine.logs(id));
  return port === SERVER_PORT ? null : port;
}

/** Bindings as `docker port` prints them. */
export function addressesOf(bindings: Container['bindings']): string {
  return bindings
    .map(({ hostIp, hostPort }) =>
      hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`,
    )
    .sort()
    .join(', ');
}
