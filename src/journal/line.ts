/**
 * What a line of the journal must hold to count. A journal lives on a disk, in a folder that anybody may
 * edit; whatever reads events may rely on this, and on nothing that the disk says beside it.
 */
import { crc32 } from 'node:zlib';
import type { JournalEvent, JournalLine } from './events.ts';

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === 'string';
const number: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const whole: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const flag: Test = (value) => typeof value === 'boolean';
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const oneOf =
  (...words: string[]): Test =>
  (value) =>
    words.includes(value as string);
const list =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const shaped =
  (fields: Record<string, Test>): Test =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([key, test]) => test(value[key]));
/** Texts and numbers by name; a name that would reach behind the object is none. */
const values: Test = (value) =>
  isObject(value) &&
  Object.entries(value).every(([key, each]) => key !== '__proto__' && (text(each) || number(each)));

const outcome = oneOf('met', 'not-met', 'unknown');
const stepOutcome = oneOf('met', 'not-met', 'unknown', 'skipped');
const ended = { step: text, outcome: stepOutcome, reason: orNull(text), durationMs: number, values };
const seen = { name: text, id: text, volume: orNull(text), kind: oneOf('container', 'volume') };
const check = shaped({
  ...{ id: text, kind: text, outcome, values, evidence: text },
  ...{ finding: orNull(text), note: orNull(text) },
});

const SHAPES: Record<JournalEvent['type'], Record<string, Test>> = {
  'run-started': { lab: text, content: text, pglab: text },
  'engine-pinned': { engine: shaped({ id: text, name: text, version: text, endpoint: text }) },
  'image-pinned': { image: shaped({ ref: text, id: text, postgresMajor: orNull(number) }), how: text },
  'step-started': {
    step: text,
    values,
    byHand: optional(shaped({ before: list(text) })),
  },
  'step-resumed': { step: text, index: whole, values },
  'begun-anew': { step: text },
  predicted: { step: text, answer: number, right: flag },
  noted: { step: orNull(text), note: text, values },
  chosen: { name: text, value: number, wanted: number },
  'command-started': { step: text, index: whole, run: text, shown: text, creates: orNull(text) },
  'command-ended': {
    step: text,
    index: whole,
    key: orNull(text),
    run: text,
    exitCode: number,
    output: text,
  },
  made: seen,
  adopted: seen,
  removed: { kind: oneOf('container', 'volume', 'network'), name: text, id: text },
  watched: { step: text, check: text, values },
  judged: { step: text, check },
  'step-ended': ended,
  checked: ended,
  hinted: { step: text, level: number },
  trouble: { code: text, values },
  'reset-begun': { planned: number, steps: optional(list(text)), named: optional(list(text)) },
  'steps-reset': { steps: list(text), names: list(text) },
};

/** What a line says: an event, a later version's, one of a kind that we do not know, or nothing. */
export type Parsed =
  | { is: 'event'; event: JournalLine; seq: number; summed: boolean }
  | { is: 'foreign'; seq: number; summed: boolean }
  | { is: 'unknown'; seq: number; summed: boolean }
  | { is: 'unreadable' };

const SUMMED = /^(.*),"sum":"([0-9a-f]{8})"\}$/s;

/** A line as it is written: the event, and a checksum (CRC-32, hex) of all before it. */
export function lineOfEvent(event: JournalLine): string {
  const body = JSON.stringify(event).slice(0, -1);
  return `${body},"sum":"${sumOf(body)}"}`;
}

export function parseLine(line: string, version: number): Parsed {
  const [, body, sum] = SUMMED.exec(line) ?? [];
  if (body !== undefined && sum !== sumOf(body)) return { is: 'unreadable' };
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return { is: 'unreadable' };
  }
  const isLine = shaped({ v: number, seq: Number.isSafeInteger, type: text })(event);
  if (!isLine || !isObject(event)) return { is: 'unreadable' };
  const told = { seq: Number(event.seq), summed: body !== undefined };
  if (Number(event.v) < 1 || Number(event.v) > version) return { is: 'foreign', ...told };
  // Version 1, of pglab 0.1.0, had no checksum.
  if (event.v === version && !told.summed) return { is: 'unreadable' };
  const shape = Object.hasOwn(SHAPES, String(event.type)) ? SHAPES[event.type as JournalEvent['type']] : null;
  if (shape === null) return { is: 'unknown', ...told };
  if (!shaped(shape)(event)) return { is: 'unreadable' };
  return { is: 'event', event: event as unknown as JournalLine, ...told };
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
