/** Checks of what a server's tables hold. */
import type { Container } from '../engine/types.ts';
import type { Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { met, notMet } from '../lab/verdict.ts';
import { loginOf } from '../postgres/login.ts';
import { shortId } from '../values.ts';
import { insideLine, logsOf } from './evidence.ts';
import { birthOf } from './file-birth.ts';
import { onRunning } from './on-running.ts';
import { foundOldData, madeItsData } from './set-up.ts';
import { onVolumeOfItsOwn } from './shared-volume.ts';
import { SILENT_INSIDE, silentInside } from './silent-inside.ts';
import { NOT_RUNNING } from './why-not-running.ts';

/** SQLSTATEs of a question that was understood: there is no such table, or no such column. */
const NOT_THERE = /^(42P01|42703)$/;

/**
 * A table holds one row with this text in this column. `heir`: the container that has it if the first one is not
 * there, since a row that was inherited must have been written. `inherited`: written before this server started, by
 * another container; `survived`: by this one, before its last end. Says `row`, the text.
 * Finds `volume-shared`, `row-missing`, `row-not-inherited`, `row-written-since`, `row-in-another-database`, `gone-unseen` as the runner tells it, and what `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [holdsRow('doomed', 'notes', 'line', 'a day of work', 'row-written')]
 */
export function holdsRow(
  name: string,
  table: string,
  column: string,
  text: string,
  id: string,
  {
    heir,
    inherited = false,
    survived = false,
  }: { heir?: string; inherited?: boolean; survived?: boolean } = {},
): Check {
  return defineCheck({
    id,
    kind: 'holds-row',
    says: ['row'],
    finds: [
      ...NOT_RUNNING,
      ...SILENT_INSIDE,
      'volume-shared',
      'gone-unseen',
      'row-missing',
      'row-not-inherited',
      'row-written-since',
      'row-in-another-database',
    ],
    about: { table, row: text },
    async judge(look) {
      const wasSeen = look.formerId(name) !== null || (await look.container(name)) !== null;
      const of = (holder: string) =>
        onVolumeOfItsOwn(holder, async (_look, container) => {
          const evidence = insideLine(container, cellsOf(table, column));
          const answer = await rowsOf(look, container, { table, column, aged: inherited || survived });
          const values = { name: holder, short: shortId(container.id), table, row: text, column };
          if (!answer.ok && !NOT_THERE.test(answer.cause)) {
            return silentInside(look, container, values, answer.cause);
          }
          const found = answer.ok ? answer.rows.filter(([cell]) => cell === text) : [];
          const [, , isTable, file = ''] = found[0] ?? [];
          // What a view or a foreign table shows may be anybody's.
          if (isTable === 't') {
            const isLater = found.every(([, later]) => later === 't');
            if (!isLater && !(await isOfThisServer(look, container, { file, inherited, survived })))
              return met(values, evidence);
            const finding = survived ? 'row-written-since' : 'row-not-inherited';
            return notMet(finding, values, insideLine(container, writersOf(table)));
          }
          const database = await databaseWith(look, container, table);
          return database === null
            ? notMet('row-missing', values, evidence)
            : notMet('row-in-another-database', { ...values, database }, evidence);
        });
      if (heir === undefined || (wasSeen && (await look.container(name)) !== null)) return of(name)(look);
      // What was inherited must have been written, whether or not anybody saw that.
      const ofHeir = await of(heir)(look);
      return wasSeen && ofHeir.outcome !== 'met' ? of(name)(look) : ofHeir;
    },
  });
}

interface Cells {
  table: string;
  column: string;
  /** Beside each, whether this very server wrote it: `t` or `f`; else `f`. */
  aged: boolean;
}

/**
 * No server takes connections before it has a checkpoint, of its start or of the end before; what has a later
 * transaction was written since. After the next checkpoint only the table's file tells, and of the table alone.
 */
export const IS_LATER = `xmin::text::bigint >= split_part(next_xid, ':', 2)::bigint and next_xid like '0:%'`;

/** One row: whether it is a table, and the file that it was made with, a path inside; empty: it has another by now, or several. */
function madeOf(table: string): string {
  const file = `current_setting('data_directory') || '/' || pg_relation_filepath(oid)`;
  return `(select relkind in ('r', 'p', 'm'), case when relfilenode = oid then ${file} end from pg_class where oid = '${table}'::regclass) as made (pglab_table, pglab_file)`;
}

/** Whether all of a table is this server's own, as far as its data and its file tell. */
async function isOfThisServer(
  look: Look,
  container: Container,
  { file, inherited, survived }: { file: string; inherited: boolean; survived: boolean },
): Promise<boolean> {
  if (inherited && (await madeItsData(look, container))) return true;
  if (!inherited && !survived) return false;
  return ((await birthOf(look, container, file)) ?? 0) > Date.parse(container.startedAt);
}

/**
 * Each row as four cells: the column, whether this very server wrote it, and those of `madeOf`. What has no `xmin`, as a
 * view, does not tell when its rows were written.
 */
async function rowsOf(look: Look, container: Container, { table, column, aged }: Cells) {
  const rows = (isLater: string, of = '') =>
    look.ask(
      container,
      `select ${column}, ${isLater}, pglab_table, pglab_file from ${table}, ${madeOf(table)}${of}`,
    );
  if (aged) {
    const answer = await rows(IS_LATER, ', pg_control_checkpoint()');
    if (answer.ok || !NOT_THERE.test(answer.cause)) return answer;
  }
  return rows('false');
}

function cellsOf(table: string, column: string): string {
  return `select ${column} from ${table}`;
}

function writersOf(table: string): string {
  return `select xmin, next_xid from ${table}, pg_control_checkpoint()`;
}

/** Another database of this server that has such a table, or null. */
async function databaseWith(look: Look, container: Container, table: string): Promise<string | null> {
  const own = loginOf(container.env).database;
  const all = await look.ask(container, 'select datname from pg_database where not datistemplate');
  for (const [database = ''] of all.ok ? all.rows : []) {
    if (database === own) continue;
    const found = await look.inside(container, tablesOf(table), { database });
    if (found.ok && found.rows[0]?.[0] !== '0') return database;
  }
  return null;
}

function tablesOf(table: string): string {
  return `select count(*) from pg_class where relname = '${table}'`;
}

/**
 * A new server of the same image does not have this table: its data began anew. Says `table`.
 * Finds `row-still-there`, `data-not-new`, `gone-unseen` as the runner tells it, and what `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [lacksTable('successor', 'notes', 'row-gone')]
 */
export function lacksTable(name: string, table: string, id: string): Check {
  return defineCheck({
    id,
    kind: 'lacks-table',
    says: ['table'],
    finds: [...NOT_RUNNING, ...SILENT_INSIDE, 'gone-unseen', 'row-still-there', 'data-not-new'],
    about: { table },
    judge: onRunning(name, async (look, container) => {
      const evidence = insideLine(container, tablesOf(table));
      const answer = await look.ask(container, tablesOf(table));
      const values = { name, short: shortId(container.id), table };
      if (!answer.ok) return silentInside(look, container, values, answer.cause);
      if (answer.rows[0]?.[0] !== '0') return notMet('row-still-there', values, evidence);
      // There it may have been dropped, or lies in another database.
      return (await foundOldData(look, container))
        ? notMet('data-not-new', values, logsOf(container))
        : met(values, evidence);
    }),
  });
}
