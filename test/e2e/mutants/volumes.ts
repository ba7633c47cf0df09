/** Wrong worlds of data and configuration: what is mounted where, what is in it, what was left. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';

const step = 'volume-persistence';
const ROW = "create table kept as select 'worth keeping' as line";
const CONFIG = '/etc/postgresql';

export const VOLUMES: readonly Row[] = [
  {
    world: 'no volume: the data lies in memory',
    step,
    finds: ['no-volume', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run(['--tmpfs', hands.target]));
    },
  },
  {
    world: 'an anonymous volume',
    step,
    finds: ['anonymous-volume', 'no-container', 'row-missing'],
    async make(hands) {
      await hands.ready(await hands.run());
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
    world: 'the row was never written',
    step,
    finds: ['row-missing'],
    async make(hands) {
      await hands.ready(await hands.runOld());
    },
  },
  {
    world: 'the row was written into another database',
    step,
    finds: ['row-in-another-database'],
    async make(hands) {
      const id = await hands.run(['-v', `${hands.secondTemplate}:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, 'drop database if exists elsewhere');
      await hands.sql(id, 'create database elsewhere');
      await hands.sql(id, ROW, { database: 'elsewhere' });
    },
  },
  {
    world: 'the next container is on another volume',
    newestOnly: true,
    step,
    finds: ['another-volume', 'row-missing'],
    async make(hands) {
      const id = await hands.run(['--name', 'mutant-first', '-v', `mutants-one:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, ROW);
    },
    afterwards: [
      async (hands) => {
        await hands.docker('rm', '-fv', 'mutant-first');
        await hands.ready(await hands.runOld());
      },
    ],
  },
  {
    world: 'the first container was stopped, not removed',
    newestOnly: true,
    step,
    finds: ['not-removed'],
    async make(hands) {
      const id = await hands.run(['--name', 'mutant-stopped', '-v', `mutants-same:${hands.target}`]);
      await hands.ready(id);
      await hands.sql(id, ROW);
    },
    afterwards: [
      async (hands) => {
        await hands.docker('stop', 'mutant-stopped');
        await hands.ready(await hands.run(['-v', `mutants-same:${hands.target}`]));
      },
    ],
  },
  {
    world: 'removed, and its anonymous volume left',
    step: 'disposable',
    finds: ['no-container', 'volume-left'],
    make: (hands) => doomedWithRow(hands, 'mutant-left'),
    afterwards: [
      async (hands) => {
        await hands.docker('rm', '-f', 'mutant-left');
        await hands.run(['--name', 'mutant-successor']);
      },
      async ({ docker }) => {
        await docker('rm', '-f', 'mutant-successor');
      },
    ],
  },
  {
    world: 'removed with its volume, where the volume should be found again',
    newestOnly: true,
    step: 'disposable',
    firstFinds: ['no-container', 'not-removed'],
    finds: ['no-container', 'volume-went-along'],
    make: (hands) => doomedWithRow(hands, 'mutant-doomed'),
    afterwards: [
      async ({ docker }) => {
        await docker('rm', '-fv', 'mutant-doomed');
      },
    ],
  },
  {
    world: 'configuration: nothing mounted',
    step: 'config-outside',
    finds: ['config-not-mounted', 'config-not-read'],
    async make(hands) {
      await hands.ready(await hands.runOld());
    },
  },
  {
    world: 'configuration: a single file mounted',
    newestOnly: true,
    step: 'config-outside',
    finds: ['file-mounted', 'never-changed'],
    make: (hands) => configured(hands, { file: true }),
  },
  {
    world: 'configuration: a file that only its owner may read',
    newestOnly: true,
    step: 'config-outside',
    finds: ['config-unreadable'],
    async make(hands) {
      await write(hands, '8MB');
      await chmod(join(hands.folder, 'postgresql.conf'), 0o600);
      const flags = ['-v', `${hands.folder}:${CONFIG}`];
      const id = await hands.runOld(flags, ['-c', `config_file=${CONFIG}/postgresql.conf`]);
      await hands.docker('wait', id);
    },
  },
  {
    world: 'configuration: without a password, looked at before it is refused',
    newestOnly: true,
    step: 'config-outside',
    finds: ['container-wants-password'],
    async make(hands) {
      await write(hands, '8MB');
      const mount = ['-v', `${hands.folder}:${CONFIG}`];
      const options = ['-c', `config_file=${CONFIG}/postgresql.conf`];
      await hands.docker('run', '-d', ...mount, hands.image, ...options);
    },
  },
  {
    world: 'configuration: mounted, not read',
    step: 'config-outside',
    finds: ['config-not-read'],
    make: (hands) => configured(hands, { read: false }),
  },
  {
    world: 'configuration: read, and no other than the default',
    newestOnly: true,
    step: 'config-outside',
    finds: ['never-changed', 'setting-is-default'],
    make: (hands) => configured(hands, { value: '4MB' }),
  },
  {
    world: 'configuration: read, changed, and not reloaded',
    step: 'config-outside',
    finds: ['not-reloaded'],
    async make(hands) {
      await configured(hands, {});
      await write(hands, '32MB');
    },
  },
  {
    world: 'configuration: read, and never changed',
    newestOnly: true,
    step: 'config-outside',
    finds: ['never-changed'],
    make: (hands) => configured(hands, {}),
  },
];

/** Worlds that end at once, and differ between 17 and before, and 18 and after. */
export const TARGETS: readonly (Row & { from?: number; before?: number })[] = [
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
    before: 18,
    step,
    finds: ['no-container', 'row-missing', 'wrong-volume-target'],
    async make(hands) {
      await hands.ready(await hands.run(['-v', 'mutants-wrong:/var/lib/postgresql']));
    },
  },
  {
    world: 'a volume that another major has initialised, where the server finds out',
    before: 18,
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

async function doomedWithRow(hands: Hands, name: string): Promise<void> {
  const id = await hands.run(['--name', name]);
  await hands.ready(id);
  await hands.sql(id, "create table notes as select 'a day of work' as line");
}

function write({ folder }: Hands, value: string): Promise<void> {
  return writeFile(join(folder, 'postgresql.conf'), `listen_addresses = '*'\nwork_mem = '${value}'\n`);
}

async function configured(
  hands: Hands,
  { read = true, file = false, value = '8MB' }: { read?: boolean; file?: boolean; value?: string },
): Promise<void> {
  await mkdir(hands.folder, { recursive: true });
  await write(hands, value);
  const name = file ? '/postgresql.conf' : '';
  const id = await hands.runOld(
    ['-v', `${hands.folder}${name}:${CONFIG}${name}`],
    read ? ['-c', `config_file=${CONFIG}/postgresql.conf`] : [],
  );
  await hands.ready(id);
}
