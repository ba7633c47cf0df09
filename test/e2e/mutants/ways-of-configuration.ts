/** Ways on from findings of a configuration: whether it is mounted, read, changed and reloaded. */
import { chmod, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FindingKey } from '../../../src/content-keys.ts';
import { answering, containersOf, REMOVED, removeAll, type Way } from './way.ts';

const CONFIG = '/etc/postgresql';
const SETTINGS = "listen_addresses = '*'\nwork_mem = '8MB'\n";

export const OF_CONFIGURATION = {
  'file-mounted': {
    async go(hands, told) {
      const [flag = '', mount = ''] = told.words(/-v "\$PWD\/conf":[^\s.]+/);
      await removeAll(hands);
      const options = ['-c', `config_file=${CONFIG}/postgresql.conf`];
      await hands.ready(await hands.runOld([flag, mount.replace('"$PWD/conf"', hands.folder)], options));
    },
  },
  'config-not-mounted': {
    async go(hands, told) {
      const [flag = '', mount = ''] = told.words(/-v "\$PWD\/conf":[^\s.]+/);
      await removeAll(hands);
      await hands.ready(await hands.runOld([flag, mount.replace('"$PWD/conf"', hands.folder)]));
    },
  },
  'config-not-read': {
    async go(hands, told) {
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS);
      await removeAll(hands);
      const options = told.words(/-c config_file=\S+ /).filter(Boolean);
      await hands.ready(await hands.runOld(['-v', `${hands.folder}:${CONFIG}`], options));
    },
  },
  'config-overridden': {
    async go(hands, told) {
      await told.paste(/docker exec [0-9a-f]{12} psql .*? -c "select pg_reload_conf\(\)"/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS.replace('8MB', '32MB'));
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
  'setting-is-default': {
    async go(hands, told) {
      told.cut(/Write another value into the file, and reload/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS);
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
  'never-changed': {
    async go(hands, told) {
      told.cut(/Change the file outside, then reload/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS.replace('8MB', '32MB'));
      const [id = ''] = await containersOf(hands);
      await hands.sql(id, 'select pg_reload_conf()');
    },
  },
  'config-line-wrong': {
    async go(hands, told) {
      told.cut(/Mend that line, then reload/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS.replace('8MB', '32MB'));
      await told.paste(/docker exec [0-9a-f]{12} psql -U postgres -c 'select pg_reload_conf\(\)'/);
    },
  },
  'read-at-start': {
    async go(hands, told) {
      told.cut(/Write another value than 32MB into the file/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS.replace('8MB', '64MB'));
      await told.paste(/docker exec [0-9a-f]{12} psql -U postgres -c 'select pg_reload_conf\(\)'/);
    },
  },
  'not-reloaded': {
    async go(_hands, told) {
      await told.paste(/docker exec [0-9a-f]{12} psql -U postgres -c 'select pg_reload_conf\(\)'/);
    },
  },
  'config-unreadable': {
    async go(hands, told) {
      told.cut(/chmod 644 the file and chmod 755 its folder/);
      await chmod(join(hands.folder, 'postgresql.conf'), 0o644);
      await told.paste(/docker start [0-9a-f]{12}/);
      await answering(hands);
    },
  },
  'file-is-folder': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/rmdir that folder of the host and put the file in its place; then run it anew/);
      const file = join(hands.folder, 'typo.conf');
      await rmdir(file);
      await writeFile(file, SETTINGS);
      const mount = ['-v', `${file}:${CONFIG}/postgresql.conf`];
      await hands.ready(await hands.runOld(mount, ['-c', `config_file=${CONFIG}/postgresql.conf`]));
    },
  },
  'config-missing': {
    async go(hands, told) {
      told.cut(/Put the file there/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS);
      await told.paste(REMOVED);
      const mount = ['-v', `${hands.folder}:${CONFIG}`];
      await hands.ready(await hands.runOld(mount, ['-c', `config_file=${CONFIG}/postgresql.conf`]));
    },
  },
  'config-broken': {
    async go(hands, told) {
      told.cut(/Mend that line/);
      await writeFile(join(hands.folder, 'postgresql.conf'), SETTINGS);
      await told.paste(/docker start [0-9a-f]{12}/);
      await answering(hands);
    },
  },
} satisfies Partial<Record<FindingKey, Way>>;
