/** Wrong worlds of a configuration: whether it is mounted, read, changed and reloaded. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hands } from './hands.ts';
import type { Row } from './row.ts';
import { answering, containersOf } from './way.ts';

const step = 'config-outside';
const CONFIG = '/etc/postgresql';

export const CONFIGURATION: readonly Row[] = [
  {
    world: 'configuration: nothing mounted',
    step,
    finds: ['config-not-mounted', 'config-not-read'],
    async make(hands) {
      await hands.ready(await hands.runOld());
    },
  },
  {
    world: 'configuration: a single file mounted',
    newestOnly: true,
    step,
    finds: ['file-mounted', 'never-changed'],
    make: (hands) => configured(hands, { file: true }),
  },
  {
    world: 'configuration: a file that only its owner may read',
    newestOnly: true,
    step,
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
    step,
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
    step,
    finds: ['config-not-read'],
    make: (hands) => configured(hands, { read: false }),
  },
  {
    world: 'configuration: read, and overridden by ALTER SYSTEM',
    newestOnly: true,
    step,
    finds: ['config-overridden'],
    async make(hands) {
      await configured(hands, {});
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, "alter system set work_mem = '64MB'");
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
  {
    world: 'configuration: read, and no other than the default',
    newestOnly: true,
    step,
    finds: ['never-changed', 'setting-is-default'],
    make: (hands) => configured(hands, { value: '4MB' }),
  },
  {
    world: 'configuration: read, changed, and not reloaded',
    step,
    finds: ['not-reloaded'],
    async make(hands) {
      await configured(hands, {});
      await write(hands, '32MB');
    },
  },
  {
    world: 'configuration: read, changed, and reloaded with another line that is wrong',
    newestOnly: true,
    step,
    finds: ['config-line-wrong'],
    make: (hands) => reloadedWith(hands, "work_mem = '32MB'\nwork_men = 5"),
  },
  {
    world: 'configuration: read, changed to what is no value, and reloaded',
    step,
    finds: ['config-line-wrong'],
    make: (hands) => reloadedWith(hands, "work_mem = '32 megabytes'"),
  },
  {
    world: 'configuration: read, changed to what is no line at all, and reloaded',
    newestOnly: true,
    step,
    finds: ['config-line-wrong'],
    make: (hands) => reloadedWith(hands, 'work_mem = 32 MB'),
  },
  {
    world: 'configuration: read, and reloaded without a change',
    newestOnly: true,
    step,
    finds: ['never-changed'],
    async make(hands) {
      await configured(hands, {});
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
  {
    world: 'configuration: read, changed, and started anew in place of a reload',
    newestOnly: true,
    step,
    before: [{ finds: ['never-changed'], make: (hands) => configured(hands, {}) }],
    finds: ['read-at-start'],
    make: startedAnew,
  },
  {
    world: 'configuration: read, changed, started anew, and reloaded without another change',
    newestOnly: true,
    step,
    before: [{ finds: ['never-changed'], make: (hands) => configured(hands, {}) }],
    finds: ['read-at-start'],
    async make(hands) {
      await startedAnew(hands);
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
];

async function reloadedWith(hands: Hands, lines: string): Promise<void> {
  await configured(hands, {});
  const [id = ''] = await containersOf(hands);
  await writeFile(join(hands.folder, 'postgresql.conf'), `listen_addresses = '*'\n${lines}\n`);
  await hands.sql(id, 'select pg_reload_conf()');
}

async function startedAnew(hands: Hands): Promise<void> {
  const [id = ''] = await containersOf(hands);
  await write(hands, '32MB');
  await hands.docker('restart', id);
  await answering(hands);
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
