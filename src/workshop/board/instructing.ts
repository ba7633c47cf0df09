/** What an instructor does: each act becomes one record, once it was checked against what the board knows. */
import { closed, either, integer, list, matching, nothing, oneOf, type Test } from '../../journal/shapes.ts';
import { MOST } from '../protocol.ts';
import type { BoardRecord } from '../records.ts';
import { cleanText } from './asked.ts';
import { type Decision, Refusal } from './deciding.ts';
import type { Ledger } from './ledger.ts';

/** `by`: who of several instructors it is, as they call themselves. */
export type Act =
  | { act: 'say'; text: string }
  | { act: 'pace'; step: string | null }
  | { act: 'take' | 'done'; seat: number; by: string | null }
  | { act: 'rename'; seat: number; name: string }
  | { act: 'remove'; seats: number[] }
  | { act: 'lock' | 'unlock' | 'close' }
  | { act: 'reset'; seats: number[] | 'all'; next: boolean };

const isText: Test = (value) => typeof value === 'string' && value.length <= 8 * MOST.sayCharacters;
const seat = integer(1, 999_999);
const seats = list(seat, MOST.seats);
const ACTS: Readonly<Record<Act['act'], Readonly<Record<string, Test>>>> = {
  say: { text: isText },
  pace: { step: either(matching(/^[a-zA-Z][\w.-]{0,99}$/), nothing) },
  take: { seat, by: either(isText, nothing) },
  done: { seat, by: either(isText, nothing) },
  rename: { seat, name: isText },
  remove: { seats },
  lock: {},
  unlock: {},
  close: {},
  reset: { seats: either(seats, oneOf('all')), next: (value) => typeof value === 'boolean' },
};
const TESTS = new Map(
  Object.entries(ACTS).map(([act, fields]) => [act, closed({ act: oneOf(act), ...fields })]),
);

/** Null: it is none. */
export function actFrom(body: unknown): Act | null {
  const { act } = (body ?? {}) as { act?: unknown };
  return TESTS.get(String(act))?.(body) === true ? (body as Act) : null;
}

/** The answer is the number of the word that it is heard by; null: nobody hears of it. */
export function acting(ledger: Ledger, act: Act, at: string): Decision<{ id: number | null }> {
  const { epoch } = ledger;
  const id = ledger.lastWord + 1;
  const stamp = { at, epoch };
  if (ledger.isClosed) throw new Refusal(410, 'closed');
  const one = (record: BoardRecord, heard: number | null = id) => ({
    records: [record],
    answer: { id: heard },
  });
  switch (act.act) {
    case 'say':
      return one({ ...stamp, type: 'said', id, text: required(cleanText(act.text, MOST.sayCharacters)) });
    case 'pace':
      return one({ ...stamp, type: 'pace', id, step: act.step });
    case 'take':
    case 'done': {
      known(ledger, act.seat);
      const by = act.by === null ? null : cleanText(act.by, MOST.nameCharacters);
      return one({ ...stamp, type: act.act === 'take' ? 'taken' : 'done', id, seat: act.seat, by });
    }
    case 'rename': {
      known(ledger, act.seat);
      const name = required(cleanText(act.name, MOST.nameCharacters));
      return one({ ...stamp, type: 'renamed', id, seat: act.seat, name });
    }
    case 'remove':
      for (const seat of act.seats) known(ledger, seat);
      return {
        records: act.seats.map((seat, at) => ({ ...stamp, type: 'removed', id: id + at, seat })),
        answer: { id },
      };
    case 'lock':
    case 'unlock':
      return one({ ...stamp, type: act.act === 'lock' ? 'locked' : 'unlocked' }, null);
    case 'reset':
      for (const seat of act.seats === 'all' ? [] : act.seats) known(ledger, seat);
      return one({ ...stamp, type: 'reset-wanted', id, seats: act.seats, next: act.next });
    case 'close':
      return one({ ...stamp, type: 'closed', id });
  }
}

function known(ledger: Ledger, seat: number): void {
  const row = ledger.seat(ledger.epoch, seat);
  if (row === undefined || row.state === 'removed') throw new Refusal(404, 'unknown-seat', { seat });
}

function required(text: string | null): string {
  if (text === null) throw new Refusal(400, 'bad-request');
  return text;
}
