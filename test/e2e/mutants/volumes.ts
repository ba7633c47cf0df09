/** Wrong worlds of data: what is mounted where, and what is in it. */
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';
import { removeAll } from './way.ts';

const step = 'volume-persistence';
const ROW = "create table kept as select 'worth keeping' as line";

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
    world: 'the same container, stopped and started again: nothing has outlived it',
    step,
    finds: ['no-container'],
    async make(hands) {
      const id = await nextOn(hands, 'mutants-restarted', 'mutant-restarted');
      await hands.sql(id, ROW);
      await hands.restart(id);
    },
  },
  {
    world: 'the next one started while the first still runs: two servers on one volume',
    step,
    before: [
      {
        finds: ['no-container'],
        async make(hands) {
          const id = await nextOn(hands, 'mutants-both', 'mutant-one');
          await hands.sql(id, ROW);
        },
      },
    ],
    finds: ['volume-shared'],
    async make(hands) {
      await nextOn(hands, 'mutants-both', 'mutant-two');
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
    world: 'the row was never written',
    step,
    finds: ['row-missing'],
    // Its volume was filled by a copy.
    untold: ['never-seen'],
    async make(hands) {
      await hands.ready(await hands.runOld());
    },
  },
  {
    world: 'the row was only written by the second one, and a checkpoint has been since',
    step,
    newestOnly: true,
    finds: ['row-not-inherited'],
    async make(hands) {
      const flags = ['-v', `mutants-written:${hands.target}`];
      const first = await hands.run(flags);
      await hands.ready(first);
      await hands.docker('rm', '-f', first);
      const second = await hands.run(flags);
      await hands.ready(second);
      await hands.sql(second, ROW);
      await hands.sql(second, 'checkpoint');
    },
  },
  {
    world: 'a volume that was filled by a copy; then its user got another password',
    newestOnly: true,
    step,
    finds: ['password-changed', 'row-missing'],
    untold: ['never-seen'],
    async make(hands) {
      await hands.copy(hands.template, 'mutants-copied');
      const id = await hands.run(['-v', `mutants-copied:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, "alter user postgres password 'changed'");
    },
  },
  {
    world: 'the row was written into another database',
    step,
    finds: ['row-in-another-database'],
    untold: ['never-seen'],
    async make(hands) {
      const id = await hands.run(['-v', `${hands.secondTemplate}:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, 'drop database if exists elsewhere');
      await hands.sql(id, 'create database elsewhere');
      await hands.sql(id, ROW, { database: 'elsewhere' });
    },
  },
  {
    world:
      'the first was stopped, not removed; then the next is on another volume; then on a new one; then ALTER USER',
    newestOnly: true,
    step,
    before: [
      {
        finds: ['no-container'],
        async make(hands) {
          const id = await nextOn(hands, 'mutants-same', 'mutant-first');
          await hands.sql(id, ROW);
        },
      },
      {
        finds: ['not-removed'],
        async make(hands) {
          await hands.docker('stop', 'mutant-first');
          await nextOn(hands, 'mutants-same');
        },
      },
      {
        finds: ['another-volume', 'row-missing'],
        async make(hands) {
          await removeAll(hands);
          await nextOn(hands, hands.template);
        },
      },
      {
        finds: ['password-taken', 'row-missing'],
        async make(hands) {
          await removeAll(hands);
          await hands.docker('volume', 'rm', 'mutants-same');
          await nextOn(hands, 'mutants-same');
        },
      },
    ],
    finds: ['password-changed', 'row-missing'],
    async make(hands) {
      await hands.sql('mutant-next', "alter user postgres password 'changed'");
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

/** A server that is ready, on a volume by this name. Returns its id. */
async function nextOn({ run, ready, target }: Hands, volume: string, name = 'mutant-next'): Promise<string> {
  const id = await run(['--name', name, '-v', `${volume}:${target}`]);
  await ready(id);
  return id;
}

async function onVolumeOfAnother(hands: Hands): Promise<void> {
  const other = hands.major === 15 ? 17 : 15;
  const made = `mutants-of-${other}`;
  const flags = ['-e', 'POSTGRES_PASSWORD=x', '-v', `${made}:/var/lib/postgresql/data`];
  const id = await hands.docker('run', '-d', ...flags, `postgres:${other}`);
  await hands.ready(id);
  await hands.docker('rm', '-f', id);
  await hands.docker('wait', await hands.run(['-v', `${made}:${hands.target}`]));
}
