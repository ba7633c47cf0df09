import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { startBoard } from '../../src/workshop/board/board.ts';
import { Newsroom } from '../../src/workshop/board/newsroom.ts';
import type { BoardNews } from '../../src/workshop/board-schema.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { openLogStore } from '../../src/workshop/store/log-store.ts';
import { newTicket } from '../../src/workshop/ticket.ts';
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

it('what is stored is told as it is flushed: in a busy room it is gathered once, not twice', async (test) => {
  const home = mkdtempSync(join(tmpdir(), 'pglab-newsroom-'));
  const store = await openLogStore(home);
  let isFlushed = false;
  // A disk that takes no time: what is measured is who waits for whom.
  store.append = async (decide) => {
    decide();
    isFlushed = true;
    setImmediate(() => {
      isFlushed = false;
    });
  };
  const made = { name: 'Busy', lab: 'postgres-in-docker', seats: 30, store: null, steps: [...STEPS] };
  const ticket = newTicket({ ...made, listen: { host: '127.0.0.1', port: 0 } });
  const room = new Room(ticket.steps, Date.now());
  const board = await startBoard({ ticket, room, store, version: '0.2.0' });
  test.after(async () => {
    await board.stop();
    rmSync(home, { recursive: true });
  });
  const told: boolean[] = [];
  board.watch(() => told.push(isFlushed));
  for (let at = 0; at < 40; at += 1) await board.act({ act: 'say', text: `${at}` });
  const atOnce = told.filter(Boolean).length;
  assert.ok(told.length > 10 && atOnce > told.length / 2, `${atOnce} of ${told.length}`);
});
