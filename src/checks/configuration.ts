/** Checks of a configuration that lives outside the container: by what the server itself reads. */
import type { Check } from '../lab/model.ts';
import { alive } from './alive.ts';
import { insideLine, met, notMet, short, silentInside } from './verdict.ts';

/** A folder from outside is mounted there; a single file would keep its old self when replaced. */
export function folderMounted(name: string, target: string, id = 'folder-mounted'): Check {
  return {
    id,
    kind: 'folder-mounted',
    says: ['source', 'target'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = `docker inspect --format '{{json .Mounts}}' ${short(container)}`;
      const values = { name, short: short(container), target };
      const mount = container.mounts.find((candidate) => candidate.target === target);
      if (mount) return met({ ...values, source: mount.source }, evidence);
      const file = container.mounts.find((candidate) => candidate.target.startsWith(`${target}/`));
      return file
        ? notMet('file-mounted', { ...values, seen: file.target }, evidence)
        : notMet('config-not-mounted', values, evidence);
    },
  };
}

/** SHOW has a value that is not the default, and the server says that a file under there gave it. */
export function settingFromOutside(
  name: string,
  setting: string,
  target: string,
  id = 'setting-seen',
): Check {
  return {
    id,
    kind: 'setting-from-outside',
    lasts: true,
    says: ['setting', 'value', 'default', 'file'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = insideLine(container, `show ${setting}`);
      const values = { name, short: short(container), setting, target };
      const answer = await look.ask(
        container,
        `select current_setting(name), boot_val, coalesce(unit, ''), setting, coalesce(sourcefile, '') from pg_settings where name = '${setting}'`,
      );
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const [value = '', boot = '', unit = '', now = '', file = ''] = answer.rows[0] ?? [];
      const told = { ...values, value, default: `${boot}${unit}`, file };
      if (!file.startsWith(`${target}/`)) return notMet('config-not-read', told, evidence);
      return now === boot ? notMet('setting-is-default', told, evidence) : met(told, evidence);
    },
  };
}

/**
 * The file was changed after the server started, reloaded, and the server runs with what the file
 * says now.
 */
export function changeSeen(name: string, setting: string, target: string, id = 'change-seen'): Check {
  return {
    id,
    kind: 'change-seen',
    says: ['setting', 'value', 'before'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = insideLine(container, `select name, setting, sourcefile from pg_file_settings`);
      const values = {
        name,
        short: short(container),
        setting,
        before: String(look.values['setting-seen.value'] ?? ''),
      };
      // PostmasterMain reads the files first and remembers its start after that: only a reload is later.
      const answer = await look.ask(
        container,
        `select current_setting('${setting}'), coalesce((select setting from pg_file_settings where name = '${setting}' and sourcefile like '${target}/%' order by seqno desc limit 1), ''), pg_conf_load_time() > pg_postmaster_start_time()`,
      );
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const [value = '', inFile = '', reloaded = ''] = answer.rows[0] ?? [];
      const told = { ...values, value, inFile };
      if (inFile === '')
        return notMet('config-not-read', { ...told, target, file: '', default: '' }, evidence);
      if (inFile !== value) return notMet('not-reloaded', told, evidence);
      return reloaded === 't' ? met(told, evidence) : notMet('never-changed', told, evidence);
    },
  };
}
