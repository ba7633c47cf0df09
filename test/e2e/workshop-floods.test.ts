/**
 * Too much for a board, too long, too slow, on sockets of the tests' own: it is refused or ended, and ten seats that write
 * meanwhile as fast as they are answered still get on.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { type Identity, identityOf, PSK_TLS } from '../../src/workshop/codes.ts';
import { type Joined, MOST } from '../../src/workshop/protocol.ts';
import { type Line, lineOfSeat, rangeOf } from '../seat-of-test.ts';
import { WireOfTest } from '../wire-of-test.ts';
import { asking, COURIER, joined, NOTHING, plainly, silentAfter, times, unharmed } from './attackers.ts';
import { openedRoom, type RoomOfTest } from './room-of-test.ts';

let room: RoomOfTest;
before(async () => {
  room = await openedRoom('Flooded', { seats: 60, writers: 10 });
});
after(() => room?.end());

describe('what is too large', () => {
  it('is refused: a body, a line, a bomb, a batch, a name, a head, a number', async () => {
    const { line, nonce } = await joined(room);
    const long = rangeOf('abc', NOTHING, 500, COURIER);
    const tries: [string, number, () => Promise<{ status: number }>][] = [
      ['a body', 413, () => line.say('POST', '/api/1/seats', Buffer.alloc(MOST.bodyBytes + 1, ' '))],
      ['a line', 413, () => line.ask(Buffer.alloc(MOST.bodyBytes + 1, ' '))],
      ['a bomb', 413, () => line.ask(Buffer.alloc(64 * 2 ** 20, ' '))],
      ['a bomb of lines', 400, () => line.ask(Buffer.alloc(64 * 2 ** 20, '\n'))],
      ['a nest', 400, () => line.ask(Buffer.from(`${'['.repeat(200_000)}\n`))],
      ['a batch', 400, () => line.bring('abc', rangeOf('abc', NOTHING, 501, COURIER))],
      [
        'its lines',
        400,
        () => line.bring('abc', { ...long, lean: [...long.lean, ...long.lean.slice(0, 1)] }),
      ],
      ['a number', 400, () => line.bring('abc', { ...long, to: 1e300 })],
      ['a name', 400, () => line.say('POST', '/api/1/seats', asking({ nonce, name: 'x'.repeat(10_000) }))],
      ['a name of a journal', 400, () => line.through('a'.repeat(65))],
    ];
    for (const [what, status, attempt] of tries) assert.equal((await attempt()).status, status, what);
    await assert.rejects(line.say('POST', '/api/1/seats', asking(), { 'x-long': 'a'.repeat(9_000) }));
    await assert.rejects(line.say('GET', `/api/1/${'a'.repeat(20_000)}`));
    assert.deepEqual((await line.through('abc')).body, NOTHING);
    line.end();
    await unharmed(room);
  });

  it('is cut where a name has too many letters, or such as nobody sees', async () => {
    const door = await room.door('scanned');
    const name = `\u202e\u001b[31m${'Eve '.repeat(60)}\u0000\n`;
    const { body } = await door.say('POST', '/api/1/seats', asking({ name }));
    door.end();
    assert.match(body.name, /^\[?3?1?m?[Eve ]{30,40}$/);
  });

  it('is of one seat no more in a second than it needs', async () => {
    const { line } = await joined(room);
    // Who is refused is hung up on, and what was said meanwhile goes without an answer.
    const answers = await times(400, 4, () =>
      line.through('abc').then(
        ({ status }) => status,
        () => 0,
      ),
    );
    line.end();
    assert.ok(answers.filter((status) => status === 429).length > 50, 'it is told to come later');
    assert.ok(answers.filter((status) => status === 200).length >= 200, 'and not at once');
    await unharmed(room);
  });

  it('is of one seat no more connections than it needs: the oldest are ended', {
    timeout: 30_000,
  }, async () => {
    const { seat, nonce } = await joined(room);
    const said = 'GET /api/1/seats HTTP/1.1\r\nHost: x\r\n\r\n';
    const identity = { is: 'seat', workshop: room.ticket.id, epoch: 1, seat: seat.seat, nonce } as const;
    const cut = Array.from({ length: 30 }, () => silentInside(identity, Buffer.from(seat.key, 'hex'), said));
    let ended = 0;
    for (const each of cut)
      void each.then(() => {
        ended += 1;
      });
    while (ended < 24) await delay(20);
    const line = lineOfSeat(room.port, seat, nonce);
    assert.equal((await line.through('abc')).status, 200);
    line.end();
    await unharmed(room);
  });
});

describe('what is no line of a seat’s', () => {
  it('is refused, and its wire ended: what nobody knows, what is torn, what is not packed', async () => {
    const { line } = await joined(room);
    const range = { ask: 'range', journal: 'abc', ...rangeOf('abc', NOTHING, 3, COURIER) };
    for (const asked of [{ ask: 'everything' }, {}, null, 7, { ...range, to: '3' }, { ask: 'beat' }])
      assert.equal((await line.ask(asked)).status, 400, JSON.stringify(asked));
    const whole = await opened(line);
    // All of it, without the end of the line: who was cut off there may have had more to say.
    await whole.cutOff(JSON.stringify(range));
    assert.deepEqual((await line.through('abc')).body, NOTHING);
    const unpacked = await opened(line);
    unpacked.socket.write(`${JSON.stringify(range)}\n`);
    await unpacked.ended;
    assert.deepEqual((await line.through('abc')).body, NOTHING);
    line.end();
    await unharmed(room);
  });
});

async function opened(line: Line): Promise<WireOfTest> {
  const wire = await line.wire();
  assert.ok(wire instanceof WireOfTest);
  return wire;
}

describe('who says nothing, or says it slowly', () => {
  it('is hung up on, in clear text as in TLS, before and after the handshake; by hundreds they keep nobody out', async () => {
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
    const open: Socket[] = [];
    const cut = [
      ...['', hello, 'GET / HTTP/1.1\r\nHost: x\r\n', 'GET /hello HTTP/1.1\r\nHost: x\r\n\r\n'],
      'POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{',
    ].flatMap((said) => Array.from({ length: 100 }, () => silentAfter(room.port, said, open)));
    const { seat, nonce } = await joined(room);
    const key = Buffer.from(seat.key, 'hex');
    const identity = { is: 'seat', workshop: room.ticket.id, epoch: 1, seat: seat.seat, nonce } as const;
    const head = 'POST /api/1/seats HTTP/1.1\r\nHost: x\r\n';
    const wire = `GET /api/1/seats/${seat.seat}/wire?courier=${COURIER} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: pglab-wire\r\n\r\n`;
    for (const said of ['', head, `${head}Content-Length: 90\r\n\r\n{`, wire])
      cut.push(silentInside(identity, key, said));
    (await joined(room)).line.end();
    assert.equal((await plainly(room.port, '/hello')).status, 200);
    await unharmed(room);
    await Promise.all(cut);
  });

  it('loses their place to who comes later, by thousands', async () => {
    const open: Socket[] = [];
    const cut = Array.from({ length: 1_700 }, () => silentAfter(room.port, '', open));
    await Promise.all(open.map((socket) => socket.readyState === 'open' || once(socket, 'connect')));
    (await joined(room)).line.end();
    assert.equal((await plainly(room.port, '/hello')).status, 200);
    await unharmed(room);
    for (const socket of open) socket.destroy();
    await Promise.all(cut);
  });
});

/** One who has a key, and says this and no more. */
function silentInside(identity: Identity, psk: Buffer, said: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectTls({
      ...{ ...PSK_TLS, port: room.port, host: '127.0.0.1', checkServerIdentity: () => undefined },
      pskCallback: () => ({ psk, identity: identityOf(identity) }),
    });
    socket.on('secureConnect', () => socket.write(said));
    socket.on('error', () => {});
    socket.resume();
    socket.on('close', () => resolve());
  });
}

describe('a flooder with the code', () => {
  it('gets no more seats than there are, none by a connection twice, and is thrown out', async () => {
    const told = await times(1_000, 30, async () => {
      const door = await room.door('spoken');
      const { status, body } = await door.say('POST', '/api/1/seats', asking());
      if (status === 200) {
        const second = await door.say('POST', '/api/1/seats', asking());
        assert.notEqual(second.status, 200);
      }
      door.end();
      return { status, body };
    });
    const seats = told.flatMap(({ status, body }) => (status === 200 ? [body as Joined] : []));
    assert.ok(seats.length > 0 && seats.length <= 50, `${seats.length} of 1,000`);
    const refused = new Set(told.filter(({ status }) => status !== 200).map(({ body }) => body.refused));
    assert.deepEqual([...refused].sort(), ['full', 'too-many']);
    await unharmed(room);
    assert.equal((await room.pglab('workshop', 'lock')).code, 0);
    assert.equal((await room.pglab('workshop', 'remove', '11-60')).code, 0);
    const door = await room.door('spoken');
    assert.equal((await door.say('POST', '/api/1/seats', asking())).body.refused, 'locked');
    door.end();
    assert.equal((await room.pglab('workshop', 'unlock')).code, 0);
    (await joined(room)).line.end();
    assert.equal((await room.standing()).all, 11);
    await unharmed(room);
  });
});
