import { join, resolve } from 'node:path';
import { makeFolder } from '../../own-files.ts';
import { emptyResult } from '../../report/result.ts';
import { messageOf, Trouble, Usage } from '../../trouble.ts';
import type { BoardRecord } from '../../workshop/records.ts';
import { readSeat } from '../../workshop/seat/seat-file.ts';
import { recordsOfLog } from '../../workshop/store/log-records.ts';
import { lineOfRecord } from '../../workshop/store/record-line.ts';
import { boardFolder, newestTicket, type Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { written } from '../out-file.ts';
import { printed } from '../printed.ts';
import { storePassword } from './store-password.ts';

/** Of a seat what it has for its board. Else writes all that the board has stored, a line each; without names, and what was said with a hand, unless asked for. */
export async function exportWorkshop(
  desk: Desk,
  [to]: readonly string[],
  { names }: { names: boolean },
): Promise<number> {
  if (to === undefined) throw new Usage('workshop-no-folder');
  const { home } = desk.settings;
  const ticket = newestTicket(home);
  if (ticket === null) {
    if (readSeat(home).now === null) throw new Trouble('workshop-none');
    return (await import('./export-seat.ts')).exportSeat(desk, to);
  }
  const file = join(resolve(to), `${ticket.id}.jsonl`);
  const records = (await recordsOf(desk, ticket)).map((record) => (names ? record : nameless(record)));
  try {
    makeFolder(resolve(to));
  } catch (cause) {
    throw new Trouble('out-unwritable', { file, why: messageOf(cause) }, { cause });
  }
  written(file, records.map((record) => `${lineOfRecord(record)}\n`).join(''));
  const told = { id: ticket.id, file, records: records.length };
  return printed(desk, emptyResult(ticket.lab, null), { workshop: told }, () =>
    desk.screen.line(desk.content.say('messages', 'workshop-exported', { file })),
  );
}

/** From the log of this machine; or from where several boards keep what they have, whichever of them it came to. */
async function recordsOf(desk: Desk, { id, store: url }: Ticket): Promise<BoardRecord[]> {
  if (url === null) return [...recordsOfLog(boardFolder(desk.settings.home, id))];
  const { recordsInStore } = await import('../../workshop/store/asking-store.ts');
  return recordsInStore({ url, password: storePassword(desk) }, id);
}

function nameless(record: BoardRecord): BoardRecord {
  if (record.type === 'joined' || record.type === 'renamed') return { ...record, name: '' };
  if (record.type === 'taken' || record.type === 'done') return { ...record, by: null };
  if (record.type !== 'range') return record;
  return {
    ...record,
    lean: record.lean.map((event) => (event.type === 'hand' ? { ...event, text: null } : event)),
  };
}
