/** Checks of a container whose port leads nowhere on the host. */
import { publishedPort } from '../engine/bindings.ts';
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet, type Verdict } from '../lab/verdict.ts';
import { shortId } from '../values.ts';
import { inspected, listenersOn, portsOf } from './evidence.ts';
import { listenerOn } from './listener.ts';
import { onRunning } from './on-running.ts';
import { NOT_RUNNING } from './why-not-running.ts';

const OPEN = ['on-host-network', 'network-of-another', 'port-published'] as const;

/**
 * The image announces the port, and it leads nowhere on the host. Says `port`.
 * Finds `port-not-exposed`, and what `NOT_RUNNING` and `OPEN` name.
 *
 *     checks: [exposedOnly('quiet', 5432)]
 */
export function exposedOnly(name: string, port: number, id = 'exposed'): Check {
  return defineCheck({
    id,
    kind: 'exposed-only',
    says: ['port'],
    finds: [...NOT_RUNNING, ...OPEN, 'port-not-exposed'],
    about: { port },
    judge: onRunning(name, async (look, container) => {
      const values = { name, short: shortId(container.id), port };
      const open = await whyOpen(look, name, container, port);
      if (open) return open;
      return container.exposed.includes(port)
        ? met(values, portsOf(container))
        : notMet('port-not-exposed', values, portsOf(container));
    }),
  });
}

/**
 * Nobody reaches this container's port through the host. Somebody else who listens there (the learner's own
 * Postgres, another container) is named in a note and fails nothing: it is not this container. Says `port`, and
 * `error`: the code of the refused connection, or who listens.
 * Finds what `NOT_RUNNING` and `OPEN` name.
 *
 *     checks: [unreachableFromHost('quiet', 5432)]
 */
export function unreachableFromHost(name: string, port: number, id = 'unreachable'): Check {
  return defineCheck({
    id,
    kind: 'unreachable',
    tries: 'port',
    says: ['port', 'error'],
    finds: [...NOT_RUNNING, ...OPEN],
    about: { port },
    judge: onRunning(name, async (look, container) => {
      const open = await whyOpen(look, name, container, port);
      if (open) return open;
      const values = { name, short: shortId(container.id), port };
      const error = await look.connect(port);
      if (error !== null) return met({ ...values, error }, listenersOn(look, port));
      const other = (await look.engine.publishers()).find(({ hostPorts }) => hostPorts.includes(port));
      const who = other?.name ?? (await listenerOn(look, port));
      return met({ ...values, error: who, who }, listenersOn(look, port), 'foreign-listener');
    }),
  });
}

/** Why the port is open: published, or of a container on the network of the host or of one that is published. */
async function whyOpen(
  look: Look,
  name: string,
  container: Container,
  port: number,
): Promise<Verdict<(typeof OPEN)[number]> | null> {
  const values = { name, short: shortId(container.id), port };
  const mode = inspected(container, '{{.HostConfig.NetworkMode}}');
  if (container.onHostNetwork) return notMet('on-host-network', values, mode);
  const host = publishedPort(container, port);
  if (host !== null) return notMet('port-published', { ...values, host }, portsOf(container));
  const other = container.inNetworkOf === null ? null : await look.engine.container(container.inNetworkOf);
  const through = other && publishedPort(other, port);
  return through === null
    ? null
    : notMet('network-of-another', { ...values, host: through, who: other?.name ?? '' }, mode);
}

/**
 * What is not published is not walled in: where the engine's host is this one, the container's own address answers.
 * Says `address`, the first on its networks.
 * Finds `no-address`, and what `NOT_RUNNING` names.
 *
 *     checks: [ownAddress('quiet', 5432)]
 */
export function ownAddress(name: string, port: number, id = 'own-address'): Check {
  return defineCheck({
    id,
    kind: 'own-address',
    tries: 'own-address',
    says: ['address'],
    finds: [...NOT_RUNNING, 'no-address'],
    judge: onRunning(name, (_look, container) => {
      const [address] = container.addresses;
      const evidence = inspected(container, '{{json .NetworkSettings.Networks}}');
      return address
        ? met({ address, port }, evidence)
        : notMet('no-address', { name, short: shortId(container.id), port }, evidence);
    }),
  });
}
