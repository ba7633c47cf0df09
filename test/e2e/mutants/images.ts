/** Wrong worlds of the image itself: whether it is here, is the run's own, and is made as the steps need it. */
import { openLab } from '../lab.ts';
import { heldBack } from '../shim.ts';
import { bareImage } from './elsewhere.ts';
import { PASSWORD } from './hands.ts';
import type { Row } from './row.ts';

export const IMAGES: readonly Row[] = [
  {
    world: 'image: no such image on this engine',
    newestOnly: true,
    step: 'image',
    env: () => ({ PGLAB_IMAGE: 'mutants-absent:1' }),
    finds: ['image-missing'],
    make: async () => {},
  },
  {
    world: 'image: its name is moved while the step runs',
    newestOnly: true,
    step: 'image',
    env: () => ({ PGLAB_IMAGE: 'mutants-moved:1' }),
    finds: ['tag-moved'],
    async make({ docker, image }) {
      await docker('tag', image, 'mutants-moved:1');
    },
    async judge({ docker }, lab, run) {
      const shim = await heldBack(lab.env, '"image ls "*');
      const judging = openLab(shim.env).json('run', 'image', '--run', run, '--yes');
      await shim.reached();
      await docker('tag', 'postgres:15', 'mutants-moved:1');
      shim.letGo();
      return judging;
    },
  },
  {
    world: 'image: one that names no major and no folder for its data',
    newestOnly: true,
    step: 'image',
    env: ({ major }) => ({ PGLAB_IMAGE: `mutants-bare:${major}` }),
    finds: ['image-not-postgres'],
    async make(hands) {
      await bareImage(hands);
    },
  },
  {
    world: 'from an image that had the run’s name before, written in another way',
    newestOnly: true,
    step: 'detached-run',
    env: () => ({ PGLAB_IMAGE: 'mutants-twice' }),
    finds: ['name-of-two-images'],
    async make({ docker, image, template, target }) {
      const base = await docker('create', image);
      await docker('commit', '--change', 'ENV MINE=2', base, 'mutants-twice:latest');
      await docker('rm', '-v', base);
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-v', `${template}:${target}`];
      await docker('run', '-d', ...flags, 'docker.io/library/mutants-twice:latest');
      await docker('tag', image, 'mutants-twice:latest');
    },
  },
  {
    world: 'from an image that announces no port',
    newestOnly: true,
    step: 'detached-run',
    env: ({ major }) => ({ PGLAB_IMAGE: `mutants-bare:${major}` }),
    finds: ['port-not-exposed'],
    async make(hands) {
      const env = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-e', `PG_MAJOR=${hands.major}`];
      await hands.docker('run', '-d', ...env, await bareImage(hands), '/bin/sleep', 'infinity');
    },
  },
];
