/** A record of a board as a line of its log: JSON, with a checksum (CRC-32, hex) of all before it. */
import { crc32 } from 'node:zlib';
import type { BoardRecord } from '../records.ts';

const FORMAT = 1;
/** Bytes. A range of the most that a board takes is shorter. */
export const LONGEST_RECORD = 4 * 1024 * 1024;

/** `,"sum":"0123abcd"}` */
const SUM_LENGTH = 18;

export function lineOfRecord(record: BoardRecord): string {
  const body = `{"v":${FORMAT},${JSON.stringify(record).slice(1, -1)}`;
  return `${body},"sum":"${sumOf(body)}"}`;
}

/** Null: the line was torn or changed, or a later version wrote it. */
export function recordOfLine(line: string): BoardRecord | null {
  const body = line.slice(0, -SUM_LENGTH);
  if (line.slice(-SUM_LENGTH) !== `,"sum":"${sumOf(body)}"}`) return null;
  try {
    const { v, ...record } = JSON.parse(`${body}}`);
    return v === FORMAT ? record : null;
  } catch {
    return null;
  }
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
