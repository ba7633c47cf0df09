/** What a log holds, read beside the board that writes it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linesOfOwn } from '../../own-files.ts';
import type { BoardRecord } from '../records.ts';
import { LONGEST_RECORD, recordOfLine } from './record-line.ts';

export function* recordsOfLog(folder: string): Generator<BoardRecord> {
  const file = join(folder, 'board.jsonl');
  if (!existsSync(file)) return;
  for (const { text } of linesOfOwn(file, LONGEST_RECORD)) {
    const record = text === null ? null : recordOfLine(text);
    if (record !== null) yield record;
  }
}
