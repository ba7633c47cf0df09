import { howNote } from '../image-how.ts';
import type { Check } from '../lab/model.ts';
import { met, notMet } from './verdict.ts';

/** The image is on the engine, and it is the one that this run began with. */
export function present(id = 'present'): Check {
  return {
    id,
    kind: 'present',
    says: ['ref', 'short', 'size', 'created', 'major'],
    async judge(look) {
      const ref = String(look.values.image);
      const evidence = `docker image inspect ${ref}`;
      const now = await look.engine.image(ref);
      if (!now) return notMet('image-missing', { ref }, evidence);
      const pinned = await look.image();
      if (now.id !== pinned.id) {
        return notMet('tag-moved', { ref, was: shortId(pinned.id), is: shortId(now.id) }, evidence);
      }
      const values = {
        ref,
        short: shortId(now.id),
        size: `${Math.round(now.size / 1e6)} MB`,
        created: now.created.slice(0, 10),
        major: now.postgresMajor ?? '',
      };
      if (now.postgresMajor === null) return notMet('image-not-postgres', values, evidence);
      return met(values, evidence);
    },
  };
}

/** The way it was obtained, from this run's journal: never seen, it cannot be told. */
export function obtained(id = 'obtained'): Check {
  return {
    id,
    kind: 'obtained',
    says: ['how'],
    async judge(look) {
      const ref = String(look.values.image);
      const evidence = `docker image history ${ref}`;
      if (!(await look.engine.image(ref))) return notMet('image-missing', { ref }, evidence);
      const how = String(look.values['image.how']);
      return met({ ref, how }, evidence, howNote(how) ?? undefined);
    },
  };
}

/** What a container of it will do: the contract that the later steps rely on. */
export function promises(id = 'promises'): Check {
  return {
    id,
    kind: 'promises',
    says: ['target', 'folder'],
    async judge(look) {
      const ref = String(look.values.image);
      const image = await look.engine.image(ref);
      const evidence = `docker image inspect --format '{{json .Config}}' ${ref}`;
      if (!image) return notMet('image-missing', { ref }, evidence);
      const target = image.volumeTargets[0];
      const folder = image.env.PGDATA;
      if (!target || !folder) return notMet('image-not-postgres', { ref }, evidence);
      return met({ target, folder }, evidence);
    },
  };
}

function shortId(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}
