/** Checks of the image: that it is here, how it came, what it promises, and that a container is made from it. */
import { isHeldBy } from '../engine/volumes.ts';
import { familiarName, shellWord, withTag } from '../grammar.ts';
import { howNote } from '../image-how.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet } from '../lab/verdict.ts';
import { shortId } from '../values.ts';
import { inspected } from './evidence.ts';
import { onRunning } from './on-running.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/**
 * The image is on the engine, and it is the one that this run began with. Says `ref`, `short` (12 digits of its
 * id), `size` in MB, `created` (a date), `major`.
 * Finds `image-missing`, `tag-moved`, `image-not-postgres`.
 *
 *     checks: [present()]
 */
export function present(id = 'present'): Check {
  return defineCheck({
    id,
    kind: 'present',
    says: ['ref', 'short', 'size', 'created', 'major'],
    finds: ['image-missing', 'tag-moved', 'image-not-postgres'],
    async judge(look) {
      const ref = String(look.values.image);
      const evidence = `docker image inspect ${shellWord(ref)}`;
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
  });
}

/**
 * The way it was obtained, from this run's journal. Says `how`: local, pulled, mirror, tarball or built.
 * Finds `image-missing`.
 *
 *     checks: [obtained()]
 */
export function obtained(id = 'obtained'): Check {
  return defineCheck({
    id,
    kind: 'obtained',
    says: ['how'],
    finds: ['image-missing'],
    async judge(look) {
      const ref = String(look.values.image);
      const evidence = `docker image history ${shellWord(ref)}`;
      if (!(await look.engine.image(ref))) return notMet('image-missing', { ref }, evidence);
      const how = String(look.values['image.how']);
      return met({ ref, how }, evidence, howNote(how) ?? undefined);
    },
  });
}

/**
 * What a container of it will do: the contract that the later steps rely on. Says `target`, where its volume
 * belongs, and `folder`, where the server keeps its data in it.
 * Finds `image-missing`, `image-not-postgres`.
 *
 *     checks: [promises()]
 */
export function promises(id = 'promises'): Check {
  return defineCheck({
    id,
    kind: 'promises',
    says: ['target', 'folder'],
    finds: ['image-missing', 'image-not-postgres'],
    async judge(look) {
      const ref = String(look.values.image);
      const image = await look.engine.image(ref);
      const evidence = `docker image inspect --format '{{json .Config}}' ${shellWord(ref)}`;
      if (!image) return notMet('image-missing', { ref }, evidence);
      const target = image.volumeTargets[0];
      const folder = image.env.PGDATA;
      // A volume for something else leaves the data in the container.
      if (!target || !folder || !isHeldBy(target, folder))
        return notMet('image-not-postgres', { ref }, evidence);
      return met({ target, folder }, evidence);
    },
  });
}

/**
 * A container was made from this run's image: compared by id, since a name can move. Says `ref`, as it was named,
 * and `short`, 12 digits of the image's id.
 * Finds `another-major`, `another-image`, `name-of-two-images`, and what `NOT_RUNNING` names.
 *
 *     checks: [fromImage('quiet')]
 */
export function fromImage(name: string, id = 'image'): Check {
  return defineCheck({
    id,
    kind: 'from-image',
    says: ['ref', 'short'],
    finds: [...NOT_RUNNING, 'another-major', 'another-image', 'name-of-two-images'],
    judge: onRunning(name, async (look, container) => {
      const image = await look.image();
      const values = {
        ref: container.imageRef,
        short: shortId(container.imageId),
        wanted: String(look.values.image),
        major: container.env.PG_MAJOR ?? '',
        wantedMajor: image.postgresMajor ?? '',
        pinned: shortId(image.id),
        id: shortId(container.id),
      };
      const evidence = inspected(container, '{{.Image}}');
      if (container.imageId === image.id) return met(values, evidence);
      // Its name has been given to another image in between; it may be written in two ways.
      if (sameName(values.ref, values.wanted)) return notMet('name-of-two-images', values, evidence);
      const isOtherMajor = values.major !== '' && values.major !== String(values.wantedMajor);
      return notMet(isOtherMajor ? 'another-major' : 'another-image', values, evidence);
    }),
  });
}

/** `postgres` is also `postgres:latest` and `docker.io/library/postgres`. */
function sameName(one: string, other: string): boolean {
  const inFull = (ref: string) => familiarName(withTag(ref));
  return inFull(one) === inFull(other);
}
