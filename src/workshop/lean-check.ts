/**
 * The bounds of what may leave a machine: a courier sends nothing else, and a board takes nothing else. A journal may have
 * been handed over, and a lab may be anybody's; what does not fit stays where it is, and what comes after it goes on.
 */
import {
  closed,
  either,
  flag,
  integer,
  list,
  matching,
  nothing,
  oneOf,
  type Test,
} from '../journal/shapes.ts';
import { count, isText, seq, version } from './field-bounds.ts';
import type { LeanEvent } from './lean.ts';

const word = matching(/^[a-zA-Z][\w.-]{0,99}$/);
const slug = matching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const time = matching(/^[0-9T:.Z+-]{1,40}$/);
const judgement = oneOf('met', 'not-met', 'unknown');

/** The fields of each event that may be kept, beside `seq`, `at` and `type`. */
const EVENTS: Readonly<Record<LeanEvent['type'], Readonly<Record<string, Test>>>> = {
  begun: { lab: slug, pglab: version },
  step: { step: word, byHand: flag },
  judged: { step: word, check: word, outcome: judgement, finding: either(word, nothing) },
  ended: { step: word, outcome: either(judgement, oneOf('skipped')) },
  hinted: { step: word, level: integer(0, 100) },
  predicted: { step: word, right: flag },
  trouble: { code: word },
  'left-out': { step: word, undone: flag },
  again: { steps: list(word, 100) },
  reset: { removed: count, left: count, kept: count },
  hand: { up: flag, text: either(isText, nothing) },
  proved: { epoch: count, asked: count, left: count, trouble: either(word, nothing) },
};
const EVENT_TESTS = new Map(
  Object.entries(EVENTS).map(([type, fields]) => [
    type,
    closed({ seq, at: time, type: oneOf(type), ...fields }),
  ]),
);

/** Whether this pglab knows events of this type; a later one may know more. */
export function isKnown(type: string): boolean {
  return EVENT_TESTS.has(type);
}

/** Whether it is an event that may leave, with nothing in it that has no bound. */
export function isLean(event: LeanEvent): boolean {
  return EVENT_TESTS.get(event.type)?.(event) ?? false;
}
