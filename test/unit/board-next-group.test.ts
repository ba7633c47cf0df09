import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { startBoard } from '../../src/workshop/board/board.ts';
import { codeOf } from '../../src/workshop/codes.ts';
import type { BoardRecord, Store } from '../../src/workshop/records.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { openLogStore } from '../../src/workshop/store/log-store.ts';
import { newTicket } from '../../src/workshop/ticket.ts';
import { lineToJoin, newNonce } from '../seat-of-test.ts';

it('a board lets the next group in that another board of the workshop began', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-two-boards-'));
  const steps = [{ id: 'image', title: { en: 'The image' } }];
  const listen = { host: '127.0.0.1', port: 0 };
  const ticket = newTicket({ name: 'Two', lab: 'a-lab', seats: 9, store: null, steps, listen });
  const log = await openLogStore(folder);
  let others: (records: BoardRecord[]) => void = () => {};
  const store: Store = {
    append: (decide) => log.append(decide),
    kept: () => null,
    keep: () => {},
    replay: (after) => log.replay(after),
    follow(told) {
      others = told;
      return () => {};
    },
    close: () => log.close(),
  };
  const room = new Room(steps, Date.now());
  const board = await startBoard({ ticket, store, room, version: '0.2.0' });
  const at = new Date().toISOString();
  others([{ at, epoch: 1, type: 'reset-wanted', id: 1, seats: 'all', next: true }]);
  const code = codeOf(Buffer.from(ticket.secret, 'hex'), 2, 'spoken');
  // The keys of its codes are stretched as soon as it is heard of; ours were begun after.
  const line = await lineToJoin(board.port, code, ticket.id, 2);
  const asked = { nonce: newNonce(), pglab: '0.2.0', name: null, seat: null, managed: false };
  const joined = await untilLetIn(() => line.say('POST', '/api/1/seats', asked));
  assert.deepEqual([joined.status, joined.body.epoch], [200, 2]);
  line.end();
  await board.stop();
  rmSync(folder, { recursive: true });
});

/** A key that is still being stretched is nobody's yet. */
async function untilLetIn<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await ask().catch(() => null);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('nobody is let in');
}
