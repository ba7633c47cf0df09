/** How a workshop ends: what its seats told the board decides whether all has arrived. Real verbs, the process of a board. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineOfSeat, rangeOf } from '../seat-of-test.ts';
import { COURIER, joined, NOTHING } from './attackers.ts';
import { readResult } from './lab.ts';
import { openedRoom, type RoomOfTest } from './room-of-test.ts';

interface Closed {
  stored: number;
  seats: number;
  missing: { seat: number; more: number | null }[];
}

/** A seat that brings three lines, and says how many it has beside them. */
async function seatWith(room: RoomOfTest, more: number) {
  const { seat, nonce, line } = await joined(room);
  line.end();
  const own = lineOfSeat(room.port, seat, nonce);
  const range = { ...rangeOf('abc', NOTHING, 3, COURIER), more };
  assert.equal((await own.bring('abc', range)).status, 200);
  const leave = async () => assert.equal((await own.ask({ ask: 'leave', forget: false })).status, 200);
  return { leave, number: seat.seat, end: () => own.end() };
}

async function closed(room: RoomOfTest): Promise<Closed & { code: number }> {
  const told = await room.pglab('workshop', 'close', '--wait', '0', '--format', 'json');
  return { ...(readResult(told).workshop as Closed), code: told.code };
}

describe('the close of a workshop', () => {
  it('is 0 where every line has arrived, of a seat that left as well', async () => {
    const room = await openedRoom('Whole', { seats: 9, writers: 0 });
    const [here, leaver] = [await seatWith(room, 0), await seatWith(room, 0)];
    await leaver.leave();
    const { code, missing, stored, seats } = await closed(room);
    assert.deepEqual({ code, missing, stored, seats }, { code: 0, missing: [], stored: 6, seats: 2 });
    for (const seat of [here, leaver]) seat.end();
    await room.end();
  });

  it('is 1 where lines are missing, and tells whose: of who is here, of who left, of who was never heard', async () => {
    const room = await openedRoom('Missing', { seats: 9, writers: 0 });
    const seats = [await seatWith(room, 2), await seatWith(room, 5), await seatWith(room, 0)];
    await seats[1]?.leave();
    const silent = await joined(room);
    silent.line.end();
    const { code, missing } = await closed(room);
    const told = missing.map(({ seat, more }) => [seat, more]);
    assert.deepEqual(
      [code, told],
      [
        1,
        [
          [1, 2],
          [2, 5],
          [silent.seat.seat, null],
        ],
      ],
    );
    for (const seat of seats) seat.end();
    await room.end();
  });
});
