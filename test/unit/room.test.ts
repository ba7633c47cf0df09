/** What a board shows of its seats: each rule of who is stuck, who needs somebody, what is counted. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AWAY_AFTER_MS } from '../../src/workshop/room/needs.ts';
import { Room } from '../../src/workshop/room/room.ts';
import {
  begun,
  ended,
  hand,
  joined,
  journalOf,
  opened,
  record,
  START,
  STEPS,
  type Told,
  unmet,
} from './workshop-events.ts';

describe('a seat is stuck', () => {
  test('on a finding that is told three times in a row, and no earlier', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, begun('ports'), unmet('ports', 'closed'), unmet('ports', 'closed'));
    assert.equal(seatAt(2, 1).outcome, 'working');
    tell(3, 1, unmet('ports', 'closed'));
    const { outcome, finding, sinceMs } = seatAt(5, 1);
    assert.deepEqual({ outcome, finding, sinceMs }, { outcome: 'stuck', finding: 'closed', sinceMs: 2000 });
  });

  test('also where it begins the step anew each time', () => {
    const { tell, seatAt } = opened();
    const once = [begun('ports'), unmet('ports', 'closed'), ended('ports', 'not-met')];
    tell(1, 1, ...once, ...once, ...once);
    assert.equal(seatAt(2, 1).outcome, 'stuck');
  });

  test('not on findings that change, nor on those of another check', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, begun('ports'), unmet('ports', 'a'), unmet('ports', 'b'), unmet('ports', 'a'));
    tell(2, 1, unmet('ports', 'c', 'other'), unmet('ports', 'c', 'third'));
    assert.equal(seatAt(3, 1).outcome, 'working');
    assert.equal(seatAt(3, 1).finding, 'c', 'the newest');
  });

  test('by the last hint', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, begun('ports'), { type: 'hinted', step: 'ports', level: 2 });
    assert.equal(seatAt(2, 1).outcome, 'working');
    tell(2, 1, { type: 'hinted', step: 'ports', level: 3 });
    assert.deepEqual([seatAt(3, 1).outcome, seatAt(3, 1).hints], ['stuck', 3]);
  });

  test('by twice the median of the room, with a verdict that is not met, and never for slowness alone', () => {
    const { tell, seatAt } = opened();
    for (const [seat, took] of [8, 10, 30].entries()) {
      tell(0, seat + 1, begun('ports'));
      tell(took, seat + 1, ended('ports'));
    }
    tell(0, 4, begun('ports'));
    tell(0, 5, begun('ports'), unmet('ports', 'closed'));
    assert.equal(seatAt(20, 5).outcome, 'working');
    assert.equal(seatAt(21, 5).outcome, 'stuck');
    assert.equal(seatAt(9000, 4).outcome, 'working');
  });

  test('by no median of two, nor of steps whose begin and end came together', () => {
    const { tell, seatAt } = opened();
    for (const seat of [1, 2]) tell(0, seat, begun('ports'));
    for (const seat of [1, 2]) tell(10, seat, ended('ports'));
    tell(10, 3, begun('ports'), ended('ports'));
    tell(0, 5, begun('ports'), unmet('ports', 'closed'));
    assert.equal(seatAt(900, 5).outcome, 'working');
  });

  test('no more once the check is met, or the instructor has seen to it', () => {
    const { room, tell, seatAt } = opened();
    const thrice = [1, 2, 3].map(() => unmet('ports', 'closed'));
    tell(1, 1, begun('ports'), ...thrice);
    tell(2, 1, { type: 'judged', step: 'ports', check: 'running', outcome: 'met', finding: null });
    assert.deepEqual([seatAt(3, 1).outcome, seatAt(3, 1).finding], ['working', null]);
    tell(4, 2, begun('ports'), ...thrice);
    room.take(record(5, { type: 'done', id: 1, seat: 2, by: null }));
    assert.equal(seatAt(6, 2).outcome, 'working');
    tell(7, 2, unmet('ports', 'closed'), unmet('ports', 'closed'));
    assert.equal(seatAt(8, 2).outcome, 'working', 'it counts anew');
    tell(9, 2, unmet('ports', 'closed'));
    assert.equal(seatAt(10, 2).outcome, 'stuck');
  });
});

describe('where a seat is', () => {
  test('trouble has its code, until it goes on', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, begun('ports'), { type: 'trouble', code: 'no-free-port' });
    assert.deepEqual([seatAt(2, 1).outcome, seatAt(2, 1).finding], ['trouble', 'no-free-port']);
    tell(3, 1, begun('ports'));
    assert.deepEqual([seatAt(4, 1).outcome, seatAt(4, 1).finding], ['working', null]);
  });

  test('a step that is done is done until the next begins, and is not undone by a later look', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, begun('image'), ended('image'), ended('image', 'not-met'));
    assert.deepEqual([seatAt(2, 1).step, seatAt(2, 1).outcome], ['image', 'done']);
    tell(3, 1, begun('ports'));
    assert.deepEqual([seatAt(4, 1).step, seatAt(4, 1).outcome], ['ports', 'working']);
  });

  test('who only looks is at the first step that is not met', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, ended('image'), unmet('ports', 'none'), ended('ports', 'not-met'), unmet('volumes', 'none'));
    assert.equal(seatAt(2, 1).step, 'ports');
  });

  test('left out counts as done, and taken back as before', () => {
    const { tell, at } = opened();
    tell(1, 1, begun('image'), { type: 'left-out', step: 'image', undone: false });
    assert.deepEqual(at(2).steps[0], { id: 'image', done: 1, stuck: 0, working: 0 });
    tell(3, 1, { type: 'left-out', step: 'image', undone: true });
    assert.deepEqual(at(4).steps[0], { id: 'image', done: 0, stuck: 0, working: 1 });
  });

  test('a step begun anew is forgotten; after a reset of all nothing is left', () => {
    const { tell, at, seatAt } = opened();
    const reset: Told = { type: 'reset', removed: 3, left: 0, kept: 0 };
    tell(1, 1, begun('image'), ended('image'), begun('ports'), unmet('ports', 'closed'));
    tell(2, 1, reset, { type: 'again', steps: ['ports'] });
    assert.deepEqual([seatAt(3, 1).step, seatAt(3, 1).outcome], ['image', 'done']);
    tell(3, 1, reset);
    assert.equal(seatAt(4, 1).step, null);
    assert.equal(at(4).steps[0]?.done, 0);
  });

  test('steps that the lab does not have are nobody’s', () => {
    const { tell, seatAt } = opened();
    tell(1, 1, begun('__proto__'), begun('elsewhere'));
    assert.equal(seatAt(2, 1).step, null);
  });
});

describe('streams', () => {
  test('what overlaps is cut off', () => {
    const { room, seatAt } = opened();
    const next = journalOf(1);
    const again = journalOf(1);
    const two = [unmet('ports', 'closed'), unmet('ports', 'closed')];
    room.take(record(1, next(begun('ports'), ...two)));
    room.take(record(2, again(begun('ports'), ...two)));
    assert.equal(seatAt(3, 1).outcome, 'working');
  });

  test('a fork begins anew, and late lines of the journal before it count no more', () => {
    const { room, tell, seatAt } = opened();
    tell(1, 1, begun('image'), ended('image'), begun('ports'));
    room.take(record(2, journalOf(1, { fork: 1 })(begun('image'))));
    assert.deepEqual([seatAt(3, 1).step, seatAt(3, 1).outcome], ['image', 'working']);
    tell(4, 1, ended('ports'));
    assert.equal(seatAt(5, 1).step, 'image');
  });

  test('two journals of a seat are not merged: the one that told something last is shown', () => {
    const { room, tell, at, seatAt } = opened();
    const other = journalOf(1, { journal: 'other' });
    tell(1, 1, begun('image'), ended('image'), { type: 'reset', removed: 1, left: 0, kept: 0 });
    room.take(record(2, other(begun('ports'))));
    assert.deepEqual([seatAt(3, 1).step, at(3).steps[0]?.done], ['ports', 0]);
    tell(4, 1, { type: 'reset', removed: 1, left: 0, kept: 0 });
    assert.equal(seatAt(5, 1).step, 'ports', 'one that was reset takes no place');
    room.take(record(6, journalOf(1, { journal: 'own' })(hand(true))));
    assert.equal(seatAt(7, 1).step, 'ports', 'one of hands is no walk');
  });
});

describe('who needs somebody', () => {
  test('hands by age, then trouble, who is stuck, who is away', () => {
    const { room, tell, at } = opened();
    room.absent(1, START);
    tell(1, 2, begun('ports'), { type: 'hinted', step: 'ports', level: 3 });
    tell(2, 3, begun('ports'), { type: 'trouble', code: 'no-docker' });
    tell(3, 4, hand(true, 'which side?'));
    tell(4, 5, hand(true));
    assert.deepEqual(at(5).needsYou, [4, 5, 3, 2]);
    assert.deepEqual(at(AWAY_AFTER_MS / 1000).needsYou, [4, 5, 3, 2, 1]);
  });

  test('a hand is taken by somebody, and put down by either', () => {
    const { room, tell, at, seatAt } = opened();
    tell(1, 1, hand(true, 'which?'));
    room.take(record(2, { type: 'taken', id: 1, seat: 1, by: 'Mo' }));
    assert.deepEqual(seatAt(3, 1).hand, { text: 'which?', sinceMs: 2000, takenBy: 'Mo' });
    room.take(record(4, { type: 'done', id: 2, seat: 1, by: 'Mo' }));
    assert.deepEqual([seatAt(5, 1).hand, at(5).needsYou], [null, []]);
    tell(6, 1, hand(true), hand(false));
    assert.equal(seatAt(7, 1).hand, null);
  });

  test('nobody who left, who is done with all, or after the end', () => {
    const { room, tell, at } = opened();
    for (const seat of [1, 2, 3]) room.absent(seat, START);
    room.take(record(1, { type: 'left', seat: 1, forgotten: false }));
    tell(2, 2, ended('image'), ended('ports'), ended('volumes'));
    assert.deepEqual(at(60).needsYou, [3]);
    room.take(record(61, { type: 'closed', id: 9 }));
    assert.deepEqual(at(62).needsYou, []);
  });

  test('after a restart everybody has time to come back', () => {
    const room = new Room(STEPS, START + 3_600_000);
    room.take(record(0, joined(1)));
    assert.deepEqual(room.view(START + 3_600_000 + AWAY_AFTER_MS - 1).needsYou, []);
    assert.deepEqual(room.view(START + 3_600_000 + AWAY_AFTER_MS).needsYou, [1]);
  });
});
