import type { Check } from '../lab/model.ts';
import { alive } from './alive.ts';
import { met, notMet, onHostNetwork, short } from './verdict.ts';

/**
 * Runs in the background: nobody was attached when it was started, be it by -d, by `docker start`
 * or by compose; and it goes by a 64-hex id.
 */
export function detached(name: string, id = 'detached'): Check {
  return {
    id,
    kind: 'detached',
    says: ['id', 'short'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const values = { name, id: container.id, short: short(container) };
      const evidence = `docker inspect --format '{{.Id}} {{.Config.AttachStdout}}' ${short(container)}`;
      const isAttached = container.attachable ? await look.engine.wasAttached(container) : false;
      if (isAttached === null) return { outcome: 'unknown', values, finding: 'attach-forgotten', evidence };
      return isAttached ? notMet('not-detached', values, evidence) : met(values, evidence);
    },
  };
}

/** Made from this run's image: compared by id, since a name can move. */
export function fromImage(name: string, id = 'image'): Check {
  return {
    id,
    kind: 'from-image',
    says: ['ref', 'short'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const image = await look.image();
      const values = {
        ref: container.imageRef,
        short: container.imageId.replace('sha256:', '').slice(0, 12),
        wanted: String(look.values.image),
        major: container.env.PG_MAJOR ?? '',
        wantedMajor: image.postgresMajor ?? '',
      };
      const evidence = `docker inspect --format '{{.Image}}' ${short(container)}`;
      if (container.imageId === image.id) return met(values, evidence);
      const isOtherMajor = values.major !== '' && values.major !== String(values.wantedMajor);
      return notMet(isOtherMajor ? 'another-major' : 'another-image', values, evidence);
    },
  };
}

/** The port is announced by the image, and leads nowhere on the host. */
export function exposedOnly(name: string, port: number, id = 'exposed'): Check {
  return {
    id,
    kind: 'exposed-only',
    says: ['port'],
    about: { port },
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = `docker port ${short(container)}`;
      const values = { name, short: short(container), port };
      if (container.onHostNetwork) return onHostNetwork(container, values);
      const binding = container.bindings.find(({ containerPort }) => containerPort === port);
      if (binding) return notMet('port-published', { ...values, host: binding.hostPort }, evidence);
      return container.exposed.includes(port)
        ? met(values, evidence)
        : notMet('port-not-exposed', values, evidence);
    },
  };
}
