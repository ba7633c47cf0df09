/** What a board shows does not depend on how its records came to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LeanEvent } from '../../src/workshop/lean.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { joined, record, START, STEPS, type Told } from './workshop-events.ts';

const step = fc.constantFrom(...STEPS.map(({ id }) => id), 'nowhere');
const check = fc.constantFrom('a', 'b');
const finding = fc.constantFrom('closed', 'gone', null);
const outcome = fc.constantFrom('met' as const, 'not-met' as const, 'unknown' as const);

const told: fc.Arbitrary<Told> = fc.oneof(
  fc.record({ type: fc.constant('step' as const), step, byHand: fc.boolean() }),
  fc.record({ type: fc.constant('judged' as const), step, check, outcome, finding }),
  fc.record({ type: fc.constant('ended' as const), step, outcome }),
  fc.record({ type: fc.constant('hinted' as const), step, level: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant('trouble' as const), code: fc.constant('no-docker') }),
  fc.record({ type: fc.constant('left-out' as const), step, undone: fc.boolean() }),
  fc.record({ type: fc.constant('again' as const), steps: fc.array(step, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('hand' as const), up: fc.boolean(), text: fc.constant(null) }),
  fc.constant({ type: 'reset' as const, removed: 1, left: 0, kept: 0 }),
);

/** Lines of one journal, and places at which they are cut into ranges; each range goes back by up to three lines. */
const journal = fc.record({
  told: fc.array(told, { minLength: 1, maxLength: 30 }),
  cuts: fc.array(
    fc.record({ length: fc.integer({ min: 1, max: 9 }), back: fc.integer({ min: 0, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  ),
});

function rangesOf(seat: number, { told, cuts }: { told: Told[]; cuts: { length: number; back: number }[] }) {
  const lean = told.map((each, at) => ({ seq: at + 1, at: '', ...each }) as LeanEvent);
  const ranges = [];
  for (let end = 0, at = 0; end < lean.length; at += 1) {
    const { length, back } = cuts[at % cuts.length] as (typeof cuts)[number];
    const after = Math.max(0, end - back);
    end = Math.min(lean.length, end + length);
    const through = {
      after,
      afterMark: null,
      to: end,
      mark: '',
      lost: [],
      lean: lean.slice(after, end),
      more: 0,
    };
    const whose = { seat, journal: 'j', fork: 0, courier: 'c' };
    ranges.push(record(1, { type: 'range', ...whose, ...through }));
  }
  return ranges;
}

const whole = (told: Told[]) => ({ told, cuts: [{ length: told.length, back: 0 }] });

function shown(records: ReturnType<typeof rangesOf>) {
  const room = new Room(STEPS, START);
  for (const seat of [1, 2]) room.take(record(0, joined(seat)));
  for (const each of records) room.take(each);
  const { seats, steps, needsYou } = room.view(START + 2000);
  return { seats, steps, needsYou };
}

test('however a journal is cut into ranges, and however these overlap', () => {
  fc.assert(
    fc.property(journal, (one) => {
      assert.deepEqual(shown(rangesOf(1, one)), shown(rangesOf(1, whole(one.told))));
    }),
  );
});

test('whichever seat comes first', () => {
  fc.assert(
    fc.property(journal, journal, (one, other) => {
      const [first, second] = [rangesOf(1, one), rangesOf(2, other)];
      assert.deepEqual(shown([...first, ...second]), shown([...second, ...first]));
    }),
  );
});

test('what is told of changes adds up to the whole', () => {
  fc.assert(
    fc.property(journal, journal, (one, other) => {
      const room = new Room(STEPS, START);
      const seats = new Map<number, object>();
      const records = [1, 2].map((seat) => record(0, joined(seat)));
      for (const each of [...records, ...rangesOf(1, one), ...rangesOf(2, other)]) {
        room.take(each);
        for (const news of room.news(START + 2000))
          if (news.type === 'changed') for (const seat of news.seats) seats.set(seat.seat, seat);
      }
      const last = room.whole(START + 2000);
      assert(last.type === 'whole');
      const steps = last.seats;
      const all = last.board.seats.map((seat, at) => ({ ...seat, ...steps[at] }));
      assert.deepEqual(
        [...seats.values()].sort((a, b) => (a as (typeof all)[0]).seat - (b as (typeof all)[0]).seat),
        all,
      );
    }),
  );
});
