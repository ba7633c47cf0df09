/** Who listens at a port may say anything: what is no message of Postgres' protocol is an answer that tells so. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, test } from 'node:test';
import { openSession, query } from '../../src/postgres/query.ts';
import { soundMessages } from '../../src/postgres/sound-messages.ts';

function message(kind: string, body: Buffer | string = '', length?: number): Buffer {
  const bytes = Buffer.from(body as string);
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeUInt32BE(length ?? bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

const short = (number: number) => Buffer.from([number >> 8, number & 0xff]);
const long = (number: number) => Buffer.from([number >> 24, number >> 16, number >> 8, number]);
const error = (code: string) => message('E', `SFATAL\0C${code}\0Mno\0\0`);
const WELCOME = Buffer.concat([message('R', long(0)), message('Z', 'I')]);
const COLUMN = Buffer.concat([
  Buffer.from('a\0'),
  ...[long(0), short(0), long(25), short(0), long(0), short(0)],
]);

/** What it says to whoever comes, and then to each question. */
async function serverThatSays(first: Buffer, then: Buffer = Buffer.alloc(0)) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(first);
      socket.on('data', () => socket.write(then));
    });
  }).listen(0, '127.0.0.1');
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, user: 'u', database: 'd', password: 'secret' };
}

const GREETINGS: [string, Buffer][] = [
  ['a page of the web', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['nothing but zeros', Buffer.alloc(1_000)],
  ['a way to sign on that nobody knows', message('R', long(99))],
  ['a way to sign on that names none', message('R')],
  ['a length that is none', message('R', '', 0)],
  ['a length of gigabytes', message('S', 'a', 0x7fffffff)],
  ['a key that is cut off', message('K', 'a')],
  ['a copy of as many columns as less than none', message('G', Buffer.concat([Buffer.alloc(1), short(-1)]))],
  ['an error without an end', message('E', 'SFATAL')],
  ['an error whose last text ends, and it does not', message('E', 'SFATAL\0')],
  ['a notice of nothing at all', message('N')],
];

const ANSWERS: [string, Buffer][] = [
  ['fewer columns than none', message('T', short(-1))],
  ['columns that are not there', message('T', short(32_767))],
  ['fewer cells than none', message('D', short(-1))],
  ['a cell of a length below none', message('D', Buffer.concat([short(1), long(-5)]))],
  ['a cell of gigabytes', message('D', Buffer.concat([short(1), long(0x7fffffff)]))],
  [
    'cells that lead back to a long one again and again',
    message('D', Buffer.concat([short(32_767), long(65_536), Buffer.alloc(65_536), long(-65_544)])),
  ],
  ['a sign-on in the middle', message('R', long(99))],
];

for (const [what, said] of GREETINGS)
  test(`greeted with ${what}`, async () => {
    const answer = await query(await serverThatSays(said), 'select 1');
    assert.equal(answer.ok ? 'answered' : answer.cause, 'other-protocol');
    await assert.rejects(openSession(await serverThatSays(said)), { code: 'other-protocol' });
  });

for (const [what, said] of ANSWERS)
  test(`answered with ${what}`, async () => {
    const described = Buffer.concat([message('T', Buffer.concat([short(1), COLUMN])), said]);
    const target = await serverThatSays(WELCOME, said[0] === 0x44 ? described : said);
    const answer = await query(target, 'select 1');
    assert.equal(answer.ok ? 'answered' : answer.cause, 'other-protocol');
    const session = await openSession(target);
    const asked = await session.ask('select 1');
    assert.equal(asked.ok ? 'answered' : asked.cause, 'other-protocol');
    await session.end();
  });

test('a code is one of Postgres’, never the name of one of ours', async () => {
  for (const code of ['ECONNREFUSED', 'asked-for-cleartext', 'closed', '__proto__']) {
    const answer = await query(await serverThatSays(error(code)), 'select 1');
    assert.equal(answer.ok ? 'answered' : answer.cause, 'failed', code);
  }
  const answer = await query(await serverThatSays(error('28000')), 'select 1');
  assert.equal(answer.ok ? 'answered' : answer.cause, '28000');
});

test('a server that can begin no process for us says so as bare text, and is a Postgres', async () => {
  const said = Buffer.from(
    'Ecould not fork new process for connection: Resource temporarily unavailable\n\0',
  );
  const answer = await query(await serverThatSays(said), 'select 1');
  assert.equal(answer.ok ? 'answered' : answer.cause, 'failed');
});

test('messages pass whole, however they come in pieces', () => {
  const row = message('D', Buffer.concat([short(2), long(1), Buffer.from('1'), long(-1)]));
  const all = [WELCOME, message('T', Buffer.concat([short(1), COLUMN])), row, message('Z', 'I')];
  const heard = Buffer.concat(all);
  for (const size of [1, 3, 7, heard.length]) {
    const stream = new EventEmitter();
    const passed: Buffer[] = [];
    const refuse = () => assert.fail(`pieces of ${size}`);
    soundMessages(stream as Duplex, refuse).on('data', (one: Buffer) => passed.push(one));
    for (let at = 0; at < heard.length; at += size) stream.emit('data', heard.subarray(at, at + size));
    assert.equal(passed.length, 5);
    assert.deepEqual(Buffer.concat(passed), heard);
  }
});
