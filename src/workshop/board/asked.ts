/** What a seat may ask of a board, checked before anything is done with it: the network is anybody's. */
import {
  closed,
  either,
  flag,
  integer,
  isObject,
  list,
  matching,
  nothing,
  oneOf,
} from '../../journal/shapes.ts';
import { HIDDEN_RUN } from '../../visible.ts';
import { count, isText, seq, version } from '../field-bounds.ts';
import type { LeanEvent } from '../lean.ts';
import { isKnown, isLean } from '../lean-check.ts';
import { type Asked, type Joining, MOST, type Range } from '../protocol.ts';

const mark = matching(/^[0-9a-f]{8}$/);
const courier = matching(/^[0-9a-f]{8,64}$/);

const RANGE = closed({
  after: count,
  afterMark: either(mark, nothing),
  fork: integer(0, 1_000_000),
  to: seq,
  mark,
  lost: list(seq, MOST.rangeLines),
  lean: list(isObject, MOST.rangeLines),
  more: count,
  courier,
});
const isJoining = closed({
  nonce: matching(/^[0-9a-f]{32}$/),
  pglab: version,
  name: either(isText, nothing),
  seat: either(integer(1, 999_999), nothing),
  managed: flag,
});
const journal = matching(/^[0-9a-zA-Z-]{1,64}$/);
/** What a wire may say, but a range, which is checked as one. */
const ASKED = either(
  closed({ ask: oneOf('through'), journal }),
  closed({ ask: oneOf('beat'), more: count }),
  closed({ ask: oneOf('leave'), forget: flag }),
);

export function joiningFrom(body: unknown): Joining | null {
  return isJoining(body) ? (body as Joining) : null;
}

export function isCourier(text: string): boolean {
  return courier(text);
}

/** A line of a wire, with a range as it is stored. */
type Checked = Exclude<Asked, { ask: 'range' }> | { ask: 'range'; journal: string; range: Range };

/** Null where it is none. `speaker`: the courier that said it. */
export function askedFrom(line: unknown, speaker: string): Checked | null {
  if (!isObject(line)) return null;
  const { ask, journal: id, ...told } = line;
  if (ask !== 'range') return ASKED(line) ? (line as Checked) : null;
  const range = rangeFrom({ ...told, courier: speaker });
  return range !== null && journal(id) ? { ask, journal: id as string, range } : null;
}

/** A seat of this workshop's, one of its journals, and lines of it; `range` null: only how far the board has it. */
export interface Bringing {
  epoch: number;
  seat: number;
  nonce: string;
  journal: string;
  range: Range | null;
}

const isBringing = closed({
  ...{ epoch: integer(1, 999_999), seat: integer(1, 999_999), nonce: matching(/^[0-9a-f]{32}$/) },
  ...{ journal, range: either(isObject, nothing) },
});

export function bringingFrom(body: unknown): Bringing | null {
  if (!isBringing(body)) return null;
  const { range, ...own } = body as Bringing;
  const checked = range === null ? null : rangeFrom(range);
  return range !== null && checked === null ? null : { ...own, range: checked };
}

/** The range, without events of types that only a later pglab knows; null where it is none. */
export function rangeFrom(body: unknown): Range | null {
  if (!RANGE(body)) return null;
  const range = body as Range;
  const { after, to } = range;
  if (to <= after || to - after > MOST.rangeLines || (after === 0) !== (range.afterMark === null))
    return null;
  const lean = range.lean.filter(({ type }) => isKnown(type));
  const isWhole = lean.every(isLean);
  if (
    !isWhole ||
    !isRising(
      lean.map((event) => event.seq),
      range,
    ) ||
    !isRising(range.lost, range)
  )
    return null;
  return { ...range, lean: lean.map(cleaned) };
}

function isRising(seqs: readonly number[], { after, to }: Range): boolean {
  return seqs.every((each, at) => each > (seqs[at - 1] ?? after) && each <= to);
}

function cleaned(event: LeanEvent): LeanEvent {
  if (event.type !== 'hand' || event.text === null) return event;
  return { ...event, text: cleanText(event.text, MOST.handCharacters) };
}

/** A text for a wall and a terminal: nothing hidden, one line, no longer than that; null where nothing is left. */
export function cleanText(text: string, longest: number): string | null {
  const parts = text.slice(0, 8 * longest).split(HIDDEN_RUN);
  const shown = parts.filter((_, at) => at % 2 === 0).join(' ');
  const [...characters] = shown.replace(/\s+/g, ' ').trim();
  return characters.slice(0, longest).join('').trim() || null;
}
