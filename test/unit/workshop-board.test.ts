import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Board, startBoard } from '../../src/workshop/board/board.ts';
import { standingOf } from '../../src/workshop/board/desk-api.ts';
import { codeOf } from '../../src/workshop/codes.ts';
import type { Joined } from '../../src/workshop/protocol.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { openLogStore } from '../../src/workshop/store/log-store.ts';
import { newTicket, type Ticket } from '../../src/workshop/ticket.ts';
import { Line, lineOfSeat, lineToJoin, newNonce, rangeOf } from '../seat-of-test.ts';
import { WireOfTest } from '../wire-of-test.ts';

const NOTHING = { seq: 0, mark: null, fork: 0 };
const STEPS = [{ id: 'image', title: { en: 'The image', zh: '镜像' } }];
const COURIER = '0123456789abcdef';
const homes: string[] = [];
const ends: (() => unknown)[] = [];
after(async () => {
  for (const end of ends) await end();
  for (const home of homes) rmSync(home, { recursive: true });
});

function aTicket(seats = 30): Ticket {
  return newTicket({
    ...{ name: 'Docker', lab: 'postgres-in-docker', seats, store: null, steps: STEPS },
    listen: { host: '127.0.0.1', port: 0 },
  });
}

async function aBoard(
  ticket = aTicket(),
  folder?: string,
): Promise<{ board: Board; room: Room; ticket: Ticket; folder: string }> {
  const home = folder ?? mkdtempSync(join(tmpdir(), 'pglab-board-'));
  if (folder === undefined) homes.push(home);
  const room = new Room(ticket.steps, Date.now());
  const board = await startBoard({ ticket, room, store: await openLogStore(home), version: '0.2.0' });
  ends.push(() => board.stop());
  return { board, room, ticket, folder: home };
}

function codeFor({ secret }: Ticket, epoch = 1, kind: 'spoken' | 'scanned' = 'spoken'): string {
  return codeOf(Buffer.from(secret, 'hex'), epoch, kind);
}

async function aJoin(board: Board, ticket: Ticket) {
  const line = await lineToJoin(board.port, codeFor(ticket), ticket.id, board.ledger.epoch);
  ends.push(() => line.end());
  return line;
}

const asking = (nonce: string, more: object = {}) => ({
  ...{ nonce, pglab: '0.2.0', name: 'Ada', seat: null, managed: false },
  ...more,
});

async function aSeat(board: Board, ticket: Ticket, nonce = newNonce()) {
  const join = await aJoin(board, ticket);
  const { status, body } = await join.say('POST', '/api/1/seats', asking(nonce));
  assert.equal(status, 200);
  const joined: Joined = body;
  const line = lineOfSeat(board.port, joined, nonce);
  ends.push(() => line.end());
  return { joined, nonce, line };
}

describe('a board', () => {
  it('says who it is in clear text, on the port that seats come in by', async () => {
    const { board, ticket } = await aBoard();
    const said = await new Promise<string>((resolve) => {
      get({ port: board.port, path: '/hello' }, (response) =>
        response.on('data', (text) => resolve(`${text}`)),
      );
    });
    const { workshop, protocol, epoch, lab } = JSON.parse(said);
    assert.deepEqual(
      { workshop, protocol, epoch, lab },
      { workshop: ticket.id, protocol: 2, epoch: 1, lab: ticket.lab },
    );
    assert.doesNotMatch(said, new RegExp(codeFor(ticket)));
  });

  it('lets in who has the code, said or scanned, and nobody else', async () => {
    const { board, ticket } = await aBoard();
    for (const kind of ['spoken', 'scanned'] as const) {
      const line = await lineToJoin(board.port, codeFor(ticket, 1, kind), ticket.id);
      ends.push(() => line.end());
      assert.equal((await line.say('POST', '/api/1/seats', asking(newNonce()))).status, 200);
    }
    const wrong = await lineToJoin(board.port, 'K7QM2PDX', ticket.id);
    await assert.rejects(wrong.say('POST', '/api/1/seats', asking(newNonce())));
    const stranger = new Line(board.port, 'admin', Buffer.alloc(32));
    await assert.rejects(stranger.say('POST', '/api/1/seats', asking(newNonce())));
  });

  it('gives one seat to a join that is tried again, also after it was killed', async () => {
    const { board, ticket, folder } = await aBoard();
    const nonce = newNonce();
    const first = await aSeat(board, ticket, nonce);
    const again = await aSeat(board, ticket, nonce);
    assert.deepEqual(again.joined, first.joined);
    assert.notEqual((await aSeat(board, ticket)).joined.seat, first.joined.seat);
    await board.stop();
    const { board: later } = await aBoard(ticket, folder);
    assert.deepEqual((await aSeat(later, ticket, nonce)).joined, first.joined);
  });

  it('acknowledges what it stored, once, and tells where it is after a hole', async () => {
    const { board, ticket, folder } = await aBoard();
    const { line } = await aSeat(board, ticket);
    assert.deepEqual((await line.through('abc')).body, NOTHING);
    const first = await line.bring('abc', rangeOf('abc', NOTHING, 10, COURIER));
    assert.equal(first.body.seq, 10);
    assert.match(readFileSync(join(folder, 'board.jsonl'), 'utf8'), /"to":10/);
    assert.deepEqual((await line.bring('abc', rangeOf('abc', NOTHING, 10, COURIER))).body, first.body);
    const hole = await line.bring('abc', rangeOf('abc', { seq: 12, mark: '00000000', fork: 0 }, 15, COURIER));
    assert.equal(hole.status, 409);
    assert.equal(hole.body.seq, 10);
    const { length } = readFileSync(join(folder, 'board.jsonl'), 'utf8').trim().split('\n');
    assert.equal(length, 3, 'opened, joined, one range');
  });

  it('begins a new stream where a journal was cut back, and keeps both', async () => {
    const { board, ticket, folder } = await aBoard();
    const { line } = await aSeat(board, ticket);
    const { body: through } = await line.bring('abc', rangeOf('abc', NOTHING, 10, COURIER));
    const other = rangeOf('abc', { ...NOTHING, fork: 1 }, 10, COURIER, 'other');
    const forked = await line.bring('abc', other);
    assert.deepEqual(forked.body, { seq: 10, mark: other.mark, fork: 1 });
    assert.notEqual(forked.body.mark, through.mark);
    const log = readFileSync(join(folder, 'board.jsonl'), 'utf8');
    assert.match(log, new RegExp(through.mark));
    assert.match(log, new RegExp(other.mark));
  });

  it('lets no seat write, read or hear what is another’s', async () => {
    const { board, ticket } = await aBoard();
    const one = await aSeat(board, ticket);
    const two = await aSeat(board, ticket);
    const told = await one.line.wire({ seat: two.joined.seat });
    assert.ok(!(told instanceof WireOfTest));
    assert.deepEqual([told.status, told.body], [403, { refused: 'not-yours' }]);
    const forged = { ...two.joined, key: one.joined.key };
    const liar = lineOfSeat(board.port, forged, two.nonce);
    await assert.rejects(liar.through('abc'));
  });

  it('says to a seat what it has not heard, and nothing twice', async () => {
    const { board, ticket } = await aBoard();
    const { line } = await aSeat(board, ticket);
    await board.act({ act: 'say', text: 'before' });
    const first = await opened(line);
    await board.act({ act: 'pace', step: 'image' });
    await until(() => first.heard.length === 3);
    assert.deepEqual(typesOf(first), ['beat', 'said', 'pace']);
    first.socket.destroy();
    await first.ended;
    const later = await opened(line, 1);
    await until(() => later.heard.length === 2);
    assert.deepEqual(typesOf(later), ['beat', 'pace']);
  });

  it('tells a home that was cloned: another courier may not speak for a seat that is here', async () => {
    const { board, ticket } = await aBoard();
    const { line } = await aSeat(board, ticket);
    const beat = { ask: 'beat', more: 0 };
    assert.equal((await line.ask(beat, COURIER)).status, 200);
    const { status, body } = await line.ask(beat, 'fedcba9876543210');
    assert.deepEqual([status, body], [423, { refused: 'other-courier' }]);
  });

  it('waits for lines of one that left, as far as it knows of them, and for none of one that is forgotten', async () => {
    const { board, room, ticket } = await aBoard();
    const { joined, nonce } = await aSeat(board, ticket);
    const asked = async (what: object) => {
      // The wire of one that leaves is closed behind the answer.
      const line = lineOfSeat(board.port, joined, nonce);
      ends.push(() => line.end());
      assert.equal((await line.ask(what, COURIER)).status, 200);
      return standingOf({ board, room }).behind.map(({ more, hasLeft }) => ({ more, hasLeft }));
    };
    assert.deepEqual(await asked({ ask: 'beat', more: 3 }), [{ more: 3, hasLeft: false }]);
    assert.deepEqual(await asked({ ask: 'leave', forget: false }), [{ more: 3, hasLeft: true }]);
    assert.deepEqual(await asked({ ask: 'leave', forget: true }), [{ more: 0, hasLeft: true }]);
    assert.deepEqual(await asked({ ask: 'beat', more: 2 }), [{ more: 0, hasLeft: true }]);
  });

  it('refuses new seats in a locked room, when it is full, and who was removed', async () => {
    const { board, ticket } = await aBoard(aTicket(2));
    const one = await aSeat(board, ticket);
    await board.act({ act: 'lock' });
    const locked = await (await aJoin(board, ticket)).say('POST', '/api/1/seats', asking(newNonce()));
    assert.deepEqual([locked.status, locked.body.refused], [403, 'locked']);
    await board.act({ act: 'unlock' });
    await aSeat(board, ticket);
    const full = await (await aJoin(board, ticket)).say('POST', '/api/1/seats', asking(newNonce()));
    assert.deepEqual([full.status, full.body.refused], [403, 'full']);
    await board.act({ act: 'remove', seats: [one.joined.seat] });
    const gone = await one.line.bring('abc', rangeOf('abc', NOTHING, 1, COURIER));
    assert.deepEqual([gone.status, gone.body.refused], [410, 'removed']);
  });

  it('gives the next group a new code; late lines of the first stay with it', async () => {
    const { board, ticket } = await aBoard();
    const { line } = await aSeat(board, ticket);
    await board.act({ act: 'reset', seats: 'all', next: true });
    assert.equal(board.ledger.epoch, 2);
    const old = await lineToJoin(board.port, codeFor(ticket, 1), ticket.id, 1);
    await assert.rejects(old.say('POST', '/api/1/seats', asking(newNonce())));
    await line.bring('abc', rangeOf('abc', NOTHING, 5, COURIER));
    assert.equal(board.ledger.through(1, 1, 'abc').seq, 5);
    assert.equal(board.ledger.through(2, 1, 'abc').seq, 0);
    const next = await lineToJoin(board.port, codeFor(ticket, 2), ticket.id, 2);
    ends.push(() => next.end());
    assert.equal((await next.say('POST', '/api/1/seats', asking(newNonce()))).body.epoch, 2);
  });

  it('has the seats back, with their own keys, after its folder was deleted', async () => {
    const { board, ticket, folder } = await aBoard();
    await aSeat(board, ticket);
    const { line, nonce, joined } = await aSeat(board, ticket);
    await line.bring('abc', rangeOf('abc', NOTHING, 5, COURIER));
    await board.stop();
    rmSync(join(folder, 'board.jsonl'));
    const { board: later } = await aBoard(ticket, folder);
    const back = lineOfSeat(later.port, joined, nonce);
    ends.push(() => back.end());
    assert.deepEqual((await back.through('abc')).body, { refused: 'unknown-seat' });
    assert.deepEqual((await back.say('POST', '/api/1/seats', asking(nonce))).body, joined);
    assert.deepEqual((await back.through('abc')).body, NOTHING);
  });
});

async function opened(line: Line, after = 0): Promise<WireOfTest> {
  const wire = await line.wire({ after });
  assert.ok(wire instanceof WireOfTest);
  return wire;
}

const typesOf = ({ heard }: WireOfTest) => heard.map(({ type }) => type);

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3_000 && !isSo(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(isSo());
}
