/** Wrong worlds of data: what is mounted where. */
import type { Hands } from './hands.ts';
import { ROW } from './kept-data.ts';
import type { Row } from './row.ts';

const step = 'volume-persistence';

export const VOLUMES: readonly Row[] = [
  {
    world: 'no volume: the data lies in memory',
    step,
    finds: ['data-in-memory', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run(['--tmpfs', hands.target]));
    },
  },
  {
    world: 'no volume: the data lies in a mount in memory',
    newestOnly: true,
    step,
    finds: ['data-in-memory', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run(['--mount', `type=tmpfs,dst=${hands.target}`]));
    },
  },
  {
    world: 'no volume: the data lies in the container, beside what the image mounts',
    step,
    finds: ['anonymous-volume', 'no-volume', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run(['-e', 'PGDATA=/elsewhere']));
    },
  },
  {
    world: 'a typo in the target: the volume lies where nobody looks, the data in one without a name',
    step,
    finds: ['wrong-volume-target', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(
        await hands.run(['-v', `mutants-typo:${hands.target.replace('postgresql', 'postgres')}`]),
      );
    },
  },
  {
    world: 'an anonymous volume, and a view in the place of the table',
    step,
    finds: ['anonymous-volume', 'no-container', 'row-missing'],
    async make(hands) {
      const id = await hands.run();
      await hands.ready(id);
      await hands.sql(id, ROW.replace('table', 'view'));
    },
  },
  {
    world: 'a bind mount, where a named volume is asked for',
    step,
    finds: ['bind-mount', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run(['-v', `${hands.folder}/data:${hands.target}`]));
    },
  },
  {
    world: 'the data in another folder than the volume',
    newestOnly: true,
    step,
    finds: ['data-outside-volume', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run(['-v', `mutants-aside:${hands.target}`, '-e', 'PGDATA=/elsewhere']));
    },
  },
  {
    world: 'the write-ahead log in another folder than the volume',
    newestOnly: true,
    step,
    finds: ['wal-outside-volume', 'no-container', 'row-missing'],
    async make(hands) {
      const elsewhere = ['-e', 'POSTGRES_INITDB_WALDIR=/elsewhere/wal'];
      await hands.ready(await hands.run(['-v', `mutants-wal:${hands.target}`, ...elsewhere]));
    },
  },
  {
    world: 'the volume at the old place, where 18 refuses to start',
    from: 18,
    step,
    finds: ['no-container', 'wrong-volume-target'],
    async make({ docker, run }) {
      await docker('wait', await run(['-v', 'mutants-wrong:/var/lib/postgresql/data']));
    },
  },
  {
    world: 'the volume at the new place, where 17 and before write past it',
    until: 18,
    step,
    finds: ['no-container', 'row-missing', 'wrong-volume-target'],
    async make(hands) {
      await hands.ready(await hands.run(['-v', 'mutants-wrong:/var/lib/postgresql']));
    },
  },
  {
    world: 'a volume that another major has initialised, where the server finds out',
    until: 18,
    step,
    finds: ['volume-of-another-major'],
    make: (hands) => onVolumeOfAnother(hands),
  },
  {
    world: 'a volume that another major has initialised, where 18 finds out before it starts',
    from: 18,
    step,
    finds: ['no-container', 'volume-of-another-major'],
    make: (hands) => onVolumeOfAnother(hands),
  },
];

async function onVolumeOfAnother(hands: Hands): Promise<void> {
  const other = hands.major === 15 ? 17 : 15;
  const made = `mutants-of-${other}`;
  const flags = ['-e', 'POSTGRES_PASSWORD=x', '-v', `${made}:/var/lib/postgresql/data`];
  const id = await hands.docker('run', '-d', ...flags, `postgres:${other}`);
  await hands.ready(id);
  await hands.docker('rm', '-f', id);
  await hands.docker('wait', await hands.run(['-v', `${made}:${hands.target}`]));
}
