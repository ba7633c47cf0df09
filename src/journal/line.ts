/**
 * What a line of the journal must hold to count. A journal lies on a disk, in a folder that anybody may
 * edit; code that reads events may rely on this, and on nothing else that the disk says.
 */
import { crc32 } from 'node:zlib';
import type { JournalEvent } from './events.ts';
import { LINES } from './line-check.ts';
import { isObject, type Test } from './shapes.ts';

/** The format that is written: since 2 each line has a checksum, since 3 no unknown field is let pass. */
export const FORMAT = 3;

/** A line as the disk has it, without its checksum. */
export type Written = JournalEvent & { v: number; seq: number; at: string; participant: string };

/**
 * What a line says: an event; one of a later version, or of a type that we do not know; one of format 1, by
 * pglab 0.1.0; or nothing that could be read.
 */
export type Parsed =
  | { is: 'event'; event: Written; seq: number }
  | { is: 'foreign'; seq: number }
  | { is: 'unknown'; seq: number }
  | { is: 'old' }
  | { is: 'unreadable' };

/** The end of each line since format 2. */
const SUM = /^,"sum":"([0-9a-f]{8})"\}$/;
const SUM_LENGTH = ',"sum":"01234567"}'.length;

/** A line as it is written: the event, and a checksum (CRC-32, hex) of all before it. */
export function lineOf(event: Written): string {
  const body = JSON.stringify(event).slice(0, -1);
  return `${body},"sum":"${sumOf(body)}"}`;
}

export function parseLine(line: string): Parsed {
  const sum = SUM.exec(line.slice(-SUM_LENGTH))?.[1];
  const body = sum === undefined ? undefined : line.slice(0, -SUM_LENGTH);
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return { is: 'unreadable' };
  }
  if (!isObject(told) || typeof told.v !== 'number' || typeof told.type !== 'string')
    return { is: 'unreadable' };
  const { v, seq, type } = told;
  if (v === 1) return { is: 'old' };
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) return { is: 'unreadable' };
  if (body !== undefined && sum !== sumOf(body)) return { is: 'unreadable' };
  if (v !== 2 && v !== FORMAT) return { is: 'foreign', seq };
  if (body === undefined) return { is: 'unreadable' };
  const test = testOf(type);
  if (test === undefined) return { is: 'unknown', seq };
  const current = v === 2 ? asFormat3(told) : told;
  if (!test(current)) return { is: 'unreadable' };
  const { sum: _, ...event } = { ...current, v } as Record<string, unknown>;
  return { is: 'event', event: event as unknown as Written, seq };
}

const tests = new Map<string, Test>();

/** The test of lines of this type, made when the first of them is read; undefined for a type that we do not know. */
function testOf(type: string): Test | undefined {
  if (!tests.has(type) && Object.hasOwn(LINES, type)) tests.set(type, (LINES[type] as () => Test)());
  return tests.get(type);
}

/** An event of format 2 as one of format 3: fields that it did not have are empty, and a command's `run` is `ran`. */
function asFormat3(told: Record<string, unknown>): Record<string, unknown> {
  if (told.type === 'command-started' || told.type === 'command-ended') {
    const { run: ran, ...others } = told;
    return { ...others, ran, v: FORMAT };
  }
  const since = {
    'run-started': { journal: '' },
    made: { image: null, ports: [], networks: [], mounts: [] },
  }[String(told.type)];
  return { ...told, ...since, v: FORMAT };
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
