import type { Check } from '../lab/model.ts';
import { alive } from './alive.ts';
import { listenerOn, met, notMet, onHostNetwork, short } from './verdict.ts';

/**
 * Nobody reaches this container's port through the host. Whoever else listens there (the learner's
 * own Postgres, another container) is named and fails nothing: it is not this container.
 */
export function unreachableFromHost(name: string, port: number, id = 'unreachable'): Check {
  return {
    id,
    kind: 'unreachable',
    says: ['port', 'error'],
    about: { port },
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
      const values = { name, short: short(container), port };
      if (container.onHostNetwork) return onHostNetwork(container, values);
      const binding = container.bindings.find(({ containerPort }) => containerPort === port);
      if (binding)
        return notMet(
          'port-published',
          { ...values, host: binding.hostPort },
          `docker port ${short(container)}`,
        );
      const error = await look.connect(port);
      if (error !== null) return met({ ...values, error }, evidence);
      const other = (await look.engine.publishers()).find(({ hostPorts }) => hostPorts.includes(port));
      const who = other?.name ?? (await listenerOn(look, port));
      return met({ ...values, error: who, who }, evidence, 'foreign-listener');
    },
  };
}

/** What is not published is not a wall: where the engine's host is this one, its own address answers. */
export function ownAddress(name: string, port: number, id = 'own-address'): Check {
  return {
    id,
    kind: 'own-address',
    says: ['address'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const [address] = container.addresses;
      const evidence = `docker inspect --format '{{json .NetworkSettings.Networks}}' ${short(container)}`;
      if (!address) return notMet('no-address', { name, short: short(container), port }, evidence);
      return met({ address, port }, evidence);
    },
  };
}
