/** What a board may say to a seat, checked before it counts: a board is somebody else's program. */
import {
  either,
  integer,
  isObject,
  list,
  matching,
  nothing,
  oneOf,
  type Test,
  text,
} from '../../journal/shapes.ts';
import { visibleValue } from '../../visible.ts';
import { type Heard, type Hello, type Joined, MOST, type Through } from '../protocol.ts';

const SLUG = matching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const WORD = matching(/^[a-zA-Z][\w.-]{0,99}$/);
const VERSION = matching(/^[\w.+-]{1,40}$/);
const LEAST_0 = integer(0, Number.MAX_SAFE_INTEGER);
const LEAST_1 = integer(1, Number.MAX_SAFE_INTEGER);
const SHORT: Test = (value) => typeof value === 'string' && value.length <= 4 * MOST.sayCharacters;

/** These fields are so; a later board may say more. */
function has(fields: Record<string, Test>): Test {
  return (value) =>
    isObject(value) &&
    Object.entries(fields).every(([name, test]) => test((value as Record<string, unknown>)[name]));
}

const HELLO = has({
  ...{
    pglab: VERSION,
    protocol: LEAST_1,
    workshop: SLUG,
    lab: SLUG,
    board: SHORT,
    epoch: LEAST_1,
    time: SHORT,
  },
});
const JOINED = has({
  ...{ seat: LEAST_1, epoch: LEAST_1, name: SHORT, key: matching(/^[0-9a-f]{64}$/) },
  workshop: has({ id: SLUG, name: SHORT, lab: SLUG }),
});
const THROUGH = has({
  ...{ seq: LEAST_0, fork: LEAST_0, mark: either(matching(/^[0-9a-f]{8}$/), nothing) },
});
const HEARD: Readonly<Record<Heard['type'], Test>> = {
  beat: has({ time: SHORT }),
  said: has({ id: LEAST_1, text: SHORT }),
  pace: has({ id: LEAST_1, step: either(WORD, nothing) }),
  hand: has({ id: LEAST_1, state: oneOf('up', 'taken', 'done'), by: either(SHORT, nothing) }),
  'reset-wanted': has({
    ...{ id: LEAST_1, epoch: LEAST_1 },
    seats: either(oneOf('all'), list(LEAST_1, 10 * MOST.seats)),
  }),
  renamed: has({ id: LEAST_1, name: SHORT }),
  closing: has({ id: LEAST_1 }),
  removed: has({ id: LEAST_1 }),
};

/** Each is null where the answer is none of ours. */
export function helloIn(body: unknown): Hello | null {
  return HELLO(body) ? (body as Hello) : null;
}

/** Names as a terminal may show them. */
export function joinedIn(body: unknown): Joined | null {
  if (!JOINED(body)) return null;
  const { seat, epoch, key, name, workshop } = body as Joined;
  const { id, lab } = workshop;
  return {
    seat,
    epoch,
    key,
    name: visibleValue(name),
    workshop: { id, lab, name: visibleValue(workshop.name) },
  };
}

export function throughIn(body: unknown): Through | null {
  if (!THROUGH(body)) return null;
  const { seq, mark, fork } = body as Through;
  return (seq === 0) === (mark === null) ? { seq, mark, fork } : null;
}

export function heardIn(data: unknown): Heard | null {
  const type = isObject(data) ? (data as { type?: unknown }).type : null;
  if (typeof type !== 'string' || !Object.hasOwn(HEARD, type)) return null;
  return HEARD[type as Heard['type']](data) ? (data as Heard) : null;
}

/** The word for why a board refused: `removed`; empty where it gave none. */
export function refusedIn(body: unknown): string {
  const word = isObject(body) ? (body as { refused?: unknown }).refused : null;
  return text(word) && WORD(word) ? (word as string) : '';
}
