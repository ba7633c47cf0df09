/** Groups of seats that follow each other, and what is told of changes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { begun, ended, joined, opened, record, START, unmet } from './workshop-events.ts';

describe('seats and groups', () => {
  test('a renamed seat keeps its name; a removed one is gone with what comes late', () => {
    const { room, tell, at, seatAt } = opened();
    room.take(record(1, { type: 'renamed', id: 1, seat: 1, name: 'Ada' }));
    room.take(record(2, joined(1, 'rude')));
    assert.equal(seatAt(3, 1).name, 'Ada');
    room.news(START);
    room.take(record(4, { type: 'removed', id: 2, seat: 2 }));
    tell(5, 2, begun('image'));
    assert.equal(at(6).seats.length, 4);
    assert.deepEqual(
      room.news(START).flatMap((news) => (news.type === 'changed' ? news.gone : [])),
      [2],
    );
  });

  test('one that left is told so, and with its lines where it wants that', () => {
    const { room, tell, seatAt, at } = opened();
    tell(1, 1, begun('image'), ended('image'));
    room.take(record(2, { type: 'left', seat: 1, forgotten: true }));
    assert.deepEqual([seatAt(3, 1).state, seatAt(3, 1).step, at(3).steps[0]?.done], ['left', null, 0]);
  });

  test('late lines of the first group stay with it, and its proofs are asked of it', () => {
    const { room, tell, at, seatAt } = opened();
    room.take(record(1, { type: 'reset-wanted', id: 1, seats: 'all', next: true }));
    room.take(record(2, joined(1), 2));
    room.present(1, START);
    tell(3, 1, begun('image'));
    tell(3, 2, { type: 'proved', epoch: 2, asked: 1, left: 1, trouble: null });
    tell(4, 1, { type: 'proved', epoch: 2, asked: 1, left: 0, trouble: null });
    assert.deepEqual([at(5).group, at(5).seats.length, seatAt(5, 1).step], [2, 1, null]);
    assert.equal(seatAt(5, 1).proved, true);
    const proof = room.proof();
    assert.equal(proof?.epoch, 1);
    assert.deepEqual(
      proof?.seats.map(({ seat, proved, left }) => [seat, proved, left]),
      [
        [1, true, 0],
        [2, false, 1],
        [3, false, null],
        [4, false, null],
        [5, false, null],
      ],
    );
  });

  test('a proof that nobody asked for proves nothing, and one that could not look neither', () => {
    const { room, tell, seatAt } = opened();
    tell(1, 1, { type: 'proved', epoch: 1, asked: 1, left: 0, trouble: null });
    assert.equal(seatAt(2, 1).proved, null);
    room.take(record(3, { type: 'reset-wanted', id: 1, seats: [1], next: false }));
    tell(4, 1, { type: 'proved', epoch: 1, asked: 1, left: 0, trouble: 'no-docker' });
    assert.deepEqual([seatAt(5, 1).proved, seatAt(5, 2).proved], [false, null]);
  });
});

describe('news', () => {
  test('tells what has changed, once', () => {
    const { room, tell } = opened();
    room.news(START);
    assert.deepEqual(room.news(START), []);
    tell(1, 3, begun('image'));
    const [changed, counted] = room.news(START + 2000);
    assert(changed?.type === 'changed' && counted?.type === 'room');
    assert.deepEqual(
      changed.seats.map(({ seat, step }) => [seat, step]),
      [[3, 'image']],
    );
    assert.equal(counted.steps[0]?.working, 1);
    assert.equal(counted.version, changed.version + 1);
    assert.deepEqual(room.news(START + 2000), []);
  });

  test('how many lines a seat still has is told, with each range and between them', () => {
    const { room, tell, seatAt } = opened();
    assert.equal(seatAt(0, 1).behind, null);
    tell(1, 1, begun('image'));
    assert.equal(seatAt(2, 1).behind, 0);
    room.news(START + 2000);
    room.behind(1, 7);
    const [changed] = room.news(START + 3000);
    assert(changed?.type === 'changed');
    assert.equal(changed.seats[0]?.behind, 7);
  });

  test('tells who is stuck by the clock alone', () => {
    const { room, tell } = opened();
    for (const seat of [1, 2, 3]) tell(0, seat, begun('ports'));
    for (const seat of [1, 2, 3]) tell(10, seat, ended('ports'));
    tell(10, 5, begun('ports'), unmet('ports', 'closed'));
    room.news(START + 11_000);
    const [changed] = room.news(START + 31_000);
    assert(changed?.type === 'changed');
    assert.deepEqual(
      changed.seats.map(({ seat, outcome }) => [seat, outcome]),
      [[5, 'stuck']],
    );
  });

  test('the pace, what was said and a lock are told', () => {
    const { room } = opened();
    room.news(START);
    room.take(record(1, { type: 'pace', id: 1, step: 'ports' }));
    room.take(record(2, { type: 'said', id: 2, text: 'Break' }));
    room.take(record(2, { type: 'locked' }));
    const [told] = room.news(START + 3000);
    assert(told?.type === 'room');
    const { pace, said, locked } = told.room;
    assert.deepEqual(
      { pace, said, locked },
      { pace: 'ports', said: { text: 'Break', sinceMs: 1000 }, locked: true },
    );
  });
});
