/** A board that comes back by what it kept beside its log knows what it would know by its log alone. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { Committing } from '../../src/workshop/board/committing.ts';
import { Ledger } from '../../src/workshop/board/ledger.ts';
import type { BoardRecord } from '../../src/workshop/records.ts';
import { Room, type RoomKept } from '../../src/workshop/room/room.ts';
import { openLogStore } from '../../src/workshop/store/log-store.ts';
import { boardFolder } from '../../src/workshop/ticket.ts';
import { homeWithLog } from '../bench/workshop/full-log.ts';
import { STEPS } from '../e2e/board-of-test.ts';
import { hand, journalOf, record, START, unmet } from './workshop-events.ts';

const home = mkdtempSync(join(tmpdir(), 'pglab-checkpoint-'));
after(() => rmSync(home, { recursive: true, force: true }));
/** More than is read again. */
const ticket = homeWithLog(home, 1, 40, 600);
const folder = boardFolder(home, ticket.id);
const [log, state] = [join(folder, 'board.jsonl'), join(folder, 'board.state')];
const MAKER = { secret: ticket.secret, by: 'this 1' };
const LATER = Date.parse('2026-11-27T12:00:00.000Z');

/** What a board knows that reads the folder; and how many records it had to read. */
async function back(maker = MAKER) {
  const store = await openLogStore(folder, maker);
  const room = new Room(ticket.steps, LATER);
  let read = 0;
  const commits = new Committing(store, {
    stored(records) {
      read += records.length;
      for (const each of records) room.take(each);
    },
    kept: () => room.kept(),
    recalled: (kept) => room.recall(kept as RoomKept),
    lost: () => assert.fail('the log is there'),
  });
  await commits.replay();
  const { ledger } = commits;
  await store.close();
  const stories = room.view(LATER).seats.map(({ seat }) => room.story(seat, LATER));
  return {
    read,
    known: { view: room.view(LATER), whole: room.whole(LATER), stories, ledger: ledger.kept() },
  };
}

/** As a board leaves the folder that has read all of its log, and what it knows. */
async function afresh() {
  rmSync(state, { force: true });
  const { known, read } = await back();
  assert.ok(existsSync(state));
  assert.ok(read > 1_000);
  return { known, read };
}

describe('what a board keeps beside its log', () => {
  it('spares it the records, and what came after them is added', async () => {
    const all = await afresh();
    assert.deepEqual(await back(), { read: 0, known: all.known });
    const text = readFileSync(log);
    truncateSync(log, text.lastIndexOf(0x0a, text.length - 2_000) + 1);
    const shorter = await afresh();
    assert.notDeepEqual(shorter.known, all.known);
    appendFileSync(log, text.subarray(statSync(log).size));
    const { read, known } = await back();
    assert.equal(read, all.read - shorter.read);
    assert.deepEqual(known, all.known);
  });

  const spoilt: Record<string, () => unknown> = {
    'is torn': () => truncateSync(state, statSync(state).size - 1),
    'is empty': () => truncateSync(state, 0),
    'has one bit that is another': () => {
      const bytes = readFileSync(state);
      bytes.writeUInt8(bytes.readUInt8(9_000) ^ 1, 9_000);
      writeFileSync(state, bytes);
    },
    'is of a log that was longer': () => {
      const text = readFileSync(log);
      truncateSync(log, text.lastIndexOf(0x0a, text.length - 2) + 1);
      spare.push(() => writeFileSync(log, text));
    },
    'is of a log that was another': () => {
      const text = readFileSync(log);
      writeFileSync(
        log,
        text.toString('latin1').replace('"finding":"refused"', '"finding":"refuse\u0000"'),
        'latin1',
      );
      spare.push(() => writeFileSync(log, text));
    },
  };
  const spare: (() => void)[] = [];
  for (const [how, spoil] of Object.entries(spoilt))
    it(`changes nothing where it ${how}`, async () => {
      await afresh();
      spoil();
      const { read, known } = await back();
      assert.ok(read > 1_000, 'it read its log');
      assert.deepEqual(known, (await afresh()).known);
      for (const undo of spare.splice(0)) undo();
    });

  it('is nobody else’s: not that of another secret, nor of another program', async () => {
    const { known } = await afresh();
    for (const other of [
      { ...MAKER, secret: 'f'.repeat(64) },
      { ...MAKER, by: 'this 2' },
    ]) {
      await afresh();
      const { read, known: found } = await back(other);
      assert.ok(read > 1_000);
      assert.deepEqual(found, known);
    }
  });
});

it('a room and a ledger go on alike from what they kept after any record', () => {
  const [one, other] = [journalOf(1), journalOf(1, { journal: 'other' })];
  const forked = journalOf(1, { fork: 1 });
  const word = { id: 1, seat: 1, by: 'Mo' };
  const records: BoardRecord[] = [
    { at: new Date(START).toISOString(), epoch: 1, type: 'opened', workshop: 'w', name: 'W', lab: 'l' },
    ...[1, 2, 3].map((seat) =>
      record(seat, { ...{ type: 'joined', seat, name: `s${seat}`, nonce: 'n' }, managed: false, pglab: '1' }),
    ),
    record(5, { ...one(unmet('image', 'gone'), hand(true, 'help')), more: 4 } as never),
    record(6, { type: 'taken', ...word }),
    record(7, other(unmet('port-mapping', 'closed'), unmet('port-mapping', 'closed'))),
    record(8, forked(unmet('image', 'gone'), unmet('image', 'gone'), unmet('image', 'gone'))),
    record(9, { type: 'said', id: 2, text: 'five minutes' }),
    record(10, { type: 'renamed', id: 3, seat: 2, name: 'Lin' }),
    record(11, { type: 'removed', id: 4, seat: 3 }),
    record(12, { type: 'pace', id: 5, step: 'image' }),
    record(13, { type: 'reset-wanted', id: 6, seats: 'all', next: true }),
    record(14, one({ type: 'proved', epoch: 2, asked: 6, left: 0, trouble: null })),
    record(15, { type: 'left', seat: 2, forgotten: true }),
  ];
  const told = (room: Room) => [1, 2].map((epoch) => room.view(LATER, epoch)).concat(room.proof() as never);
  const folded = (some: readonly BoardRecord[], room = new Room(STEPS, START), ledger = new Ledger()) => {
    for (const each of some) room.take(each);
    for (const each of some) ledger.take(each);
    return { room, ledger };
  };
  const all = folded(records);
  for (let at = 0; at <= records.length; at += 1) {
    const { room, ledger } = folded(records.slice(0, at));
    const kept = deserialize(serialize({ room: room.kept(), ledger: ledger.kept() }));
    const again = new Room(STEPS, START);
    again.recall(kept.room);
    assert.deepEqual(again.kept(), kept.room);
    const both = folded(records.slice(at), again, Ledger.of(kept.ledger));
    assert.deepEqual(told(both.room), told(all.room), `after ${at}`);
    assert.deepEqual(both.ledger.kept(), all.ledger.kept(), `after ${at}`);
  }
});
