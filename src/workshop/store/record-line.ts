/** A record of a board as a line of its log: JSON, with a checksum (CRC-32, hex) of all before it. */
import { crc32 } from 'node:zlib';
import type { BoardRecord } from '../records.ts';

const FORMAT = 1;
/** Bytes. A range of the most that a board takes is shorter. */
export const LONGEST_RECORD = 4 * 1024 * 1024;

/** `,"sum":"0123abcd"}` */
const SUM_LENGTH = 18;
const BEGIN = `{"v":${FORMAT},`;

export function lineOfRecord(record: BoardRecord): string {
  const body = `${BEGIN}${JSON.stringify(record).slice(1, -1)}`;
  return `${body},"sum":"${sumOf(body)}"}`;
}

/** Null: the line was torn or changed, or a later version wrote it. */
export function recordOfLine(line: string | Buffer): BoardRecord | null {
  const bytes = typeof line === 'string' ? Buffer.from(line) : line;
  const end = bytes.length - SUM_LENGTH;
  if (end < BEGIN.length || bytes.toString('latin1', 0, BEGIN.length) !== BEGIN) return null;
  if (bytes.toString('latin1', end) !== `,"sum":"${sumOf(bytes.subarray(0, end))}"}`) return null;
  try {
    return JSON.parse(`{${bytes.toString('utf8', BEGIN.length, end)}}`);
  } catch {
    return null;
  }
}

function sumOf(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(8, '0');
}
