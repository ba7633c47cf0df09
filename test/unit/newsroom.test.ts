import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Newsroom } from '../../src/workshop/board/newsroom.ts';
import type { BoardNews } from '../../src/workshop/board-schema.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { joined, record, START, STEPS } from './workshop-events.ts';

it('the first change is told at once, also after a look that found none; the next one with what comes after it', (test) => {
  const room = new Room(STEPS, START);
  const newsroom = new Newsroom(room, () => START);
  const told: BoardNews['type'][] = [];
  test.after(() => newsroom.stop());
  newsroom.watch(({ type }) => told.push(type));
  assert.deepEqual(told, ['whole']);
  newsroom.poke();
  room.take(record(1, joined(1)));
  newsroom.poke();
  assert.deepEqual(told, ['whole', 'changed']);
  room.take(record(2, joined(2)));
  newsroom.poke();
  assert.deepEqual(told, ['whole', 'changed']);
});
