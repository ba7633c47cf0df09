/** Right worlds of a container that was started in another way than ours, and of what it keeps. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Hands, PASSWORD } from './hands.ts';
import type { RightRow } from './row.ts';

export const RIGHT_CONTAINERS: readonly RightRow[] = [
  {
    world: 'in the background, by docker create and start',
    step: 'detached-run',
    async make({ docker, image, template, target }) {
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-v', `${template}:${target}`];
      await docker('start', await docker('create', '--name', 'any-name-at-all', ...flags, image));
    },
  },
  {
    world: 'in the background, killed once and started again by its restart policy',
    newestOnly: true,
    step: 'detached-run',
    async make(hands) {
      const id = await hands.runOld(['--restart', 'on-failure:3']);
      await hands.ready(id);
      const ask = (what: string) => hands.docker('inspect', '--format', what, id);
      process.kill(Number(await ask('{{.State.Pid}}')), 'SIGKILL');
      while ((await ask('{{.RestartCount}} {{.State.Running}}')) !== '1 true') await delay(50);
      while ((await hands.sql(id, 'select 1').catch(() => '')) !== '1') await delay(50);
    },
  },
  {
    world: 'a configuration of one line, with which the server hears nobody outside',
    newestOnly: true,
    step: 'config-outside',
    note: 'listens-to-itself',
    make: (hands) => configured(hands, ''),
  },
  {
    world: 'the same, with a line by now that waits for a start',
    newestOnly: true,
    step: 'config-outside',
    note: 'listens-once-started',
    make: (hands) => configured(hands, "listen_addresses = '*'\n"),
  },
  {
    world: 'inside, after a psql without -U was refused as root',
    step: 'exec-psql',
    note: 'role-missing',
    async make(hands) {
      const id = await hands.runOld();
      await hands.ready(id);
      await hands.docker('exec', id, 'psql', '-c', 'select 1').catch(() => {});
    },
  },
  {
    world: 'inside, after a database was asked for that is not there',
    newestOnly: true,
    step: 'exec-psql',
    note: 'database-missing',
    async make(hands) {
      // A variable of its clients leads elsewhere; its server is asked all the same.
      const id = await hands.runOld(['-e', 'PGHOST=/nowhere']);
      await hands.ready(id);
      await hands.sql(id, 'select 1', { database: 'shop' }).catch(() => {});
    },
  },
  {
    world: 'in the foreground, under an init: the server is not process 1',
    step: 'foreground-run',
    async make(hands) {
      await hands.docker('wait', await hands.docker('run', '-d', hands.image));
      await hands.inForeground('mutant-init', ['--init']);
      await hands.ready('mutant-init');
      await hands.docker('kill', '--signal', 'INT', 'mutant-init');
      await hands.docker('wait', 'mutant-init');
    },
  },
  {
    world: 'a row that outlived its container, which nobody saw',
    newestOnly: true,
    step: 'volume-persistence',
    async make(hands) {
      const volume = ['-v', `mutants-kept:${hands.target}`];
      const id = await hands.run(volume);
      await hands.ready(id);
      await hands.sql(id, "create table kept as select 'worth keeping' as line");
      await hands.docker('rm', '-f', id);
      await hands.ready(await hands.run(['-e', 'POSTGRES_PASSWORD=new', ...volume]));
    },
  },
  {
    world: 'a folder of one’s own for the configuration, changed and reloaded',
    newestOnly: true,
    step: 'config-outside',
    async make(hands) {
      const write = (value: string) =>
        writeFile(join(hands.folder, 'postgresql.conf'), `listen_addresses='*'\nwork_mem=${value}\n`);
      await write('8MB');
      const flags = ['-v', `${hands.folder}:/etc/postgresql`];
      const id = await hands.runOld(flags, ['-c', 'config_file=/etc/postgresql/postgresql.conf']);
      await hands.ready(id);
      await write('32MB');
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
];

/** A configuration of one line, which is changed and read anew; `added` comes with the change. */
async function configured(hands: Hands, added: string): Promise<void> {
  const file = join(hands.folder, 'postgresql.conf');
  await writeFile(file, 'work_mem=8MB\n');
  const flags = ['-v', `${hands.folder}:/etc/postgresql`];
  const id = await hands.runOld(flags, ['-c', 'config_file=/etc/postgresql/postgresql.conf']);
  while (!(await hands.sql(id, 'select 1').catch(() => ''))) await delay(200);
  await writeFile(file, `work_mem=32MB\n${added}`);
  await hands.sql(id, 'select pg_reload_conf()');
}
