/**
 * Who wants in where they may not, on a workshop's network: sockets of the tests' own against the process of a real board,
 * while ten seats write as fast as they are answered. What is tried is refused, and the seats still get on.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { instructorToken, joinIdentity, shownCode } from '../../src/workshop/codes.ts';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { Line, lineOfSeat, rangeOf } from '../seat-of-test.ts';
import { asking, COURIER, joined, NOTHING, plainly, silentAfter, times, unharmed } from './attackers.ts';
import { openedRoom, type RoomOfTest } from './room-of-test.ts';

let room: RoomOfTest;
before(async () => {
  room = await openedRoom('Attacked', { seats: 60, writers: 10 });
});
after(() => room?.end());

describe('a wrong code', () => {
  it('is tried a hundred times and then five a second; who scanned the right one joins meanwhile', async () => {
    const began = Date.now();
    const identity = joinIdentity('00000000', room.ticket.id, 1);
    const meant = { isDone: false };
    const newcomer = delay(500).then(() => joined(room));
    void newcomer.finally(() => {
      meant.isDone = true;
    });
    const told: string[] = [];
    await times(40, 40, async (at) => {
      while (!meant.isDone || told.length < 400) {
        const line = new Line(room.port, identity, Buffer.alloc(32, at + 1));
        const { code } = await line.say('POST', '/api/1/seats', asking()).then(
          () => ({ code: 'let in' }),
          (error) => error,
        );
        told.push(code);
        line.end();
      }
    });
    (await newcomer).line.end();
    const compared = told.filter((code) => code === 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC').length;
    const unasked = told.filter((code) => code === 'ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY').length;
    assert.equal(compared + unasked, told.length, [...new Set(told)].join(' '));
    const most = 100 + (5 * (Date.now() - began)) / 1_000 + 40;
    assert.ok(compared >= 100 && compared <= most, `${compared} of ${told.length}, ${most} may be`);
    await unharmed(room);
  });
});

describe('a replay', () => {
  it('of what went over the network is refused: each handshake has a secret of its own', async () => {
    const { seat, nonce } = await joined(room);
    const said: Buffer[] = [];
    const tap = createServer((socket) => {
      const board = connect(room.port, '127.0.0.1');
      socket.on('data', (part) => said.push(part)).pipe(board);
      board.pipe(socket);
      for (const each of [socket, board]) each.on('error', () => {});
    }).listen(0, '127.0.0.1');
    await once(tap, 'listening');
    const line = lineOfSeat((tap.address() as AddressInfo).port, seat, nonce);
    assert.equal((await line.bring('abc', rangeOf('abc', NOTHING, 3, COURIER))).status, 200);
    line.end();
    tap.close();
    await silentAfter(room.port, Buffer.concat(said));
    const own = lineOfSeat(room.port, seat, nonce);
    assert.equal((await own.through('abc')).body.seq, 3);
    own.end();
    await unharmed(room);
  });

  it('of a batch is stored once, of a join the same seat, of a join with another’s nonce no key of theirs', async () => {
    const { seat, nonce, line } = await joined(room);
    const batch = rangeOf('abc', NOTHING, 3, COURIER);
    for (let time = 0; time < 3; time += 1) assert.deepEqual((await line.bring('abc', batch)).body.seq, 3);
    const log = readFileSync(join(room.home, 'workshops', room.ticket.id, 'board.jsonl'), 'utf8');
    const stored = log.split('\n').filter((each) => each.includes(`"seat":${seat.seat},"journal":"abc"`));
    assert.equal(stored.length, 1);
    const again = await line.say('POST', '/api/1/seats', asking({ nonce }));
    assert.deepEqual([again.status, again.body.seat, again.body.key], [200, seat.seat, seat.key]);
    const other = await joined(room);
    const theirs = await other.line.say('POST', '/api/1/seats', asking({ nonce }));
    assert.deepEqual([theirs.status, theirs.body], [403, { refused: 'not-yours' }]);
    for (const each of [line, other.line]) each.end();
  });

  it('of the link to the page lets nobody in again, nor does a cookie that was made up', async () => {
    const page = new URL((await room.standing()).page);
    const port = Number(page.port);
    const first = await plainly(port, page.pathname + page.search);
    assert.equal(first.status, 303);
    const [cookie = ''] = (first.headers['set-cookie'] ?? []).map((each) => each.split(';')[0] ?? '');
    assert.equal((await plainly(port, '/', { headers: { cookie } })).status, 200);
    assert.equal((await plainly(port, page.pathname + page.search)).status, 403);
    const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const bad of [forged, `${cookie.split('=')[0]}=`, '']) {
      const { status } = await plainly(port, '/', { headers: bad === '' ? {} : { cookie: bad } });
      assert.equal(status, 403, bad);
    }
    // What is let in under our own name is not under another, nor from another page.
    for (const host of [`evil.example:${port}`, `localhost:${port}`, 'evil.example'])
      assert.equal((await plainly(port, '/', { headers: { cookie, host } })).status, 421);
    for (const origin of ['http://evil.example', `http://localhost:${port}`, 'null', undefined]) {
      const headers = { cookie, 'content-type': 'application/json', ...(origin ? { origin } : {}) };
      const { status } = await plainly(port, '/act', {
        ...{ headers, method: 'POST' },
        body: JSON.stringify({ act: 'lock' }),
      });
      assert.equal(status, 403, origin);
    }
    assert.equal((await room.standing()).locked, false);
  });
});

describe('what is meant for the machine of the instructor alone', () => {
  it('is not on the network, and answers nobody without the word, under another name, or from a page', async () => {
    const { apiPort: port } = readTickets(room.home)[0] as Ticket;
    const token = instructorToken(Buffer.from(room.ticket.secret, 'hex'));
    const authorization = `Bearer ${token}`;
    assert.equal((await plainly(port, '/api/1/board', { headers: { authorization } })).status, 200);
    for (const headers of [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${'0'.repeat(64)}` },
      { authorization, host: 'evil.example' },
      { authorization, origin: 'http://evil.example' },
    ])
      assert.equal((await plainly(port, '/api/1/board', { headers })).status, 403);
    for (const path of ['/api/1/board', '/api/1/seats', '/api/1/acts', '/live', '/words', '/act', '/seats/1'])
      assert.equal((await plainly(room.port, path, { headers: { authorization } })).status, 404, path);
    const seen = [...(await everythingPlain())].join('\n');
    for (const secret of [token, room.ticket.secret, room.code('spoken'), room.code('scanned')])
      assert.ok(!seen.includes(secret) && !seen.includes(shownCode(secret)));
  });
});

async function everythingPlain(): Promise<string[]> {
  const paths = ['/hello', '/', '/join', '/kit/kit.json', '/kit/queue', '/../board.jsonl', '/%2e%2e/lock'];
  return Promise.all(paths.map(async (path) => (await plainly(room.port, path)).text));
}
