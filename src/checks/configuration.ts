/** Checks of a configuration that lives outside the container: by what the server itself reads. */
import type { NoteKey } from '../content-keys.ts';
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import type { Answer } from '../lab/service.ts';
import { met, notMet } from '../lab/verdict.ts';
import { shortId } from '../values.ts';
import { insideLine, inspected } from './evidence.ts';
import { onRunning } from './on-running.ts';
import { SILENT_INSIDE, silentInside } from './silent-inside.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/** A file of one's own may have lost `listen_addresses`: then only who is inside is heard. */
async function askBehind(look: Look, container: Container, query: string): Promise<Answer> {
  const answer = await look.ask(container, query);
  return !answer.ok && answer.cause === 'ECONNREFUSED' ? look.inside(container, query) : answer;
}

/**
 * A folder from outside is mounted at `target`; a single file would keep its old self when it is replaced. Says
 * `source`, the host's folder or the volume, and `target`.
 * Finds `file-mounted`, `config-not-mounted`, and what `NOT_RUNNING` names.
 *
 *     checks: [folderMounted('configured', '/etc/postgresql')]
 */
export function folderMounted(name: string, target: string, id = 'folder-mounted'): Check {
  return defineCheck({
    id,
    kind: 'folder-mounted',
    says: ['source', 'target'],
    finds: [...NOT_RUNNING, 'file-mounted', 'config-not-mounted'],
    judge: onRunning(name, (_look, container) => {
      const evidence = inspected(container, '{{json .Mounts}}');
      const values = { name, short: shortId(container.id), target };
      const mount = container.mounts.find((candidate) => candidate.target === target);
      if (mount) return met({ ...values, source: mount.source }, evidence);
      const file = container.mounts.find((candidate) => candidate.target.startsWith(`${target}/`));
      return file
        ? notMet('file-mounted', { ...values, seen: file.target }, evidence)
        : notMet('config-not-mounted', values, evidence);
    }),
  });
}

/** Whether what the server runs with comes from elsewhere, though the file sets it. */
function isOverridden({ inFile, by, target }: { inFile: string; by: string; target: string }): boolean {
  return inFile !== '' && by !== 'default' && !by.startsWith(`${target}/`);
}

/** What the last line of a file below `target` gives the setting; empty: none has it. */
function inFileOf(setting: string, target: string): string {
  return `coalesce((select setting from pg_file_settings where name = '${setting}' and sourcefile like '${target}/%' order by seqno desc limit 1), '')`;
}

/** The file that the value comes from, or what else gave it: `command line`, `user`, `default`. */
function sourceOf(setting: string): string {
  return `(select coalesce(nullif(sourcefile, ''), source) from pg_settings where name = '${setting}')`;
}

/** What is to be said of a server that only itself hears. `next`: what its file says by now, which only a start takes up. */
function heardBy(next: string): NoteKey {
  return next === '' || next === 'localhost' ? 'listens-to-itself' : 'listens-once-started';
}

/**
 * The setting has a value that is not the default, and the server says that a file below `target` gave it. Says
 * `setting`, `value` and `default` with their units, and `file`, a path inside the container. Notes
 * `listens-to-itself` where the server hears nobody outside, `listens-once-started` where the file says otherwise by now.
 * Finds `config-not-read`, `config-overridden`, `setting-is-default`, and what `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [settingFromOutside('configured', 'work_mem', '/etc/postgresql')]
 */
export function settingFromOutside(
  name: string,
  setting: string,
  target: string,
  id = 'setting-seen',
): Check {
  return defineCheck({
    id,
    kind: 'setting-from-outside',
    lasts: true,
    says: ['setting', 'value', 'default', 'file'],
    finds: [...NOT_RUNNING, ...SILENT_INSIDE, 'config-not-read', 'config-overridden', 'setting-is-default'],
    judge: onRunning(name, async (look, container) => {
      const evidence = insideLine(container, `show ${setting}`);
      const values = { name, short: shortId(container.id), setting, target };
      const answer = await askBehind(
        look,
        container,
        `select current_setting(name), boot_val, coalesce(unit, ''), setting, coalesce(sourcefile, ''), current_setting('listen_addresses'), ${inFileOf(setting, target)}, ${sourceOf(setting)}, ${inFileOf('listen_addresses', target)} from pg_settings where name = '${setting}'`,
      );
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const [value = '', boot = '', unit = '', now = '', file = '', listens = ''] = answer.rows[0] ?? [];
      const [inFile = '', by = '', listensNext = ''] = answer.rows[0]?.slice(6) ?? [];
      const told = { ...values, value, default: `${boot}${unit}`, file, inFile, by };
      if (isOverridden(told)) return notMet('config-overridden', told, evidence);
      if (!file.startsWith(`${target}/`)) return notMet('config-not-read', told, evidence);
      if (now === boot) return notMet('setting-is-default', told, evidence);
      return met(told, evidence, listens === 'localhost' ? heardBy(listensNext) : undefined);
    }),
  });
}

/** The first line for which a reload does not take up the setting: its own, or one that spoils them all. */
function wrongLineFor(setting: string): string {
  return `select sourcefile, sourceline, left(error, 200) as error from pg_file_settings where error is not null and (name is null or lower(name) = '${setting}' or lower(name) not in (select lower(name) from pg_settings)) order by seqno limit 1`;
}

/** Whether the file of a setting was touched after the start, even if by a rename: its own times may be older. */
function isWrittenSince(setting: string): string {
  return `(select (pg_stat_file(sourcefile, true)).change > pg_postmaster_start_time() from pg_settings where name = '${setting}')`;
}

/**
 * Whether a reload of this start brought a setting another value: it may find the file as it was. The server's log says
 * so; where it is kept elsewhere, or in another language, the file's own times have to do.
 */
async function wasChanged(
  look: Look,
  { id, startedAt }: Container,
  setting: string,
  isWritten: boolean,
): Promise<boolean> {
  const log = await look.engine.logs(id, { since: startedAt });
  if (log.includes(`parameter "${setting}" changed to`)) return true;
  return isWritten && !log.includes('received SIGHUP, reloading configuration files');
}

/**
 * The file was changed after the server started, reloaded, and the server runs with what the file says now. Says
 * `setting`, `value`, and `before`, which `setting-seen` of the same step saw; else empty.
 * Finds `config-not-read`, `config-overridden`, `config-line-wrong`, `not-reloaded`, `never-changed`, `read-at-start`, and what
 * `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [changeSeen('configured', 'work_mem', '/etc/postgresql')]
 */
export function changeSeen(name: string, setting: string, target: string, id = 'change-seen'): Check {
  return defineCheck({
    id,
    kind: 'change-seen',
    says: ['setting', 'value', 'before'],
    finds: [
      ...NOT_RUNNING,
      ...SILENT_INSIDE,
      'config-not-read',
      'config-overridden',
      'config-line-wrong',
      'not-reloaded',
      'never-changed',
      'read-at-start',
    ],
    judge: onRunning(name, async (look, container) => {
      const evidence = insideLine(container, `select name, setting, sourcefile from pg_file_settings`);
      const before = String(look.values['setting-seen.value'] ?? '');
      const values = { name, short: shortId(container.id), setting, before };
      // PostmasterMain reads the files first and remembers its start after that: only a reload is later.
      const answer = await askBehind(
        look,
        container,
        `select current_setting('${setting}'), ${inFileOf(setting, target)}, ${sourceOf(setting)}, pg_conf_load_time() > pg_postmaster_start_time(), ${isWrittenSince(setting)}, wrong.sourcefile, wrong.sourceline, wrong.error from (select) one left join lateral (${wrongLineFor(setting)}) wrong on true`,
      );
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const [value = '', inFile = '', by = '', reloaded = '', written = ''] = answer.rows[0] ?? [];
      const [file = '', line = '', error = ''] = answer.rows[0]?.slice(5) ?? [];
      const told = { ...values, value, inFile, by, target };
      if (error && inFile !== value)
        return notMet('config-line-wrong', { ...told, file, line, error }, evidence);
      if (isOverridden(told)) return notMet('config-overridden', told, evidence);
      if (inFile === '') {
        return notMet('config-not-read', { ...told, target, file: '', default: '' }, evidence);
      }
      if (inFile !== value) return notMet('not-reloaded', told, evidence);
      if (reloaded === 't' && (await wasChanged(look, container, setting, written === 't')))
        return met(told, evidence);
      // Started anew it has the new value as well, whether or not it is told to reload after that.
      const isOther = before !== '' && before !== value;
      return notMet(isOther ? 'read-at-start' : 'never-changed', told, evidence);
    }),
  });
}
