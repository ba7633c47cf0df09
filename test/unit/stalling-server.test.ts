/** A server at a port may be anybody: one that lets us in and then says nothing, or never stops, holds up nobody. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { keepsAnswering } from '../../src/kit.ts';
import type { Look } from '../../src/lab/look.ts';
import { openSession, query } from '../../src/postgres/query.ts';

/** AuthenticationOk, then ReadyForQuery: every client is in. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
/** A notice of a megabyte. */
const NOTICE = Buffer.concat([Buffer.from([0x4e, 0, 0x10, 0, 4, 0x4d]), Buffer.alloc((1 << 20) - 1)]);
NOTICE.fill('x', 6, NOTICE.length - 2);

/** Lets everybody in, and does this at each question; `sent` counts bytes. */
async function serverThat(answers: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(WELCOME);
      socket.on('data', () => answers(socket));
    });
  }).listen(0, '127.0.0.1');
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'u', database: 'd' };
}

test('one that says nothing any more is no answer: that is said, and not waited for', async () => {
  const target = await serverThat(() => {});
  await assert.rejects(query(target, 'select 1', 1_000, 100), { code: 'query-slow' });
});

test('one that never stops is broken off, before it fills our memory', async () => {
  let sent = 0;
  const flood = (socket: Socket) => {
    while (!socket.destroyed) {
      sent += NOTICE.length;
      if (!socket.write(NOTICE)) return void socket.once('drain', () => flood(socket));
    }
  };
  const target = await serverThat(flood);
  const answer = await query(target, 'select 1');
  assert.deepEqual(answer.ok ? 'answered' : answer.cause, 'too-much');
  const session = await openSession(target);
  const asked = await session.ask('select 1');
  assert.deepEqual(asked.ok ? 'answered' : asked.cause, 'too-much');
  await session.end();
  assert.ok(sent < 100e6, `${sent} bytes`);
});

test('a session ends though its server has stopped in the middle of a question', async () => {
  const target = await serverThat(() => {});
  const session = await openSession(target);
  const asked = session.ask('select 1');
  await session.end();
  const answer = await asked;
  assert.equal(answer.ok, false);
});

test('a watch of a server that stops answering comes to its end, and a query was lost', async (t) => {
  let end = () => {};
  const unanswered = new Promise<void>((resolve) => {
    end = resolve;
  });
  const mark = { ok: true, rows: [['1', '2']] };
  const session = {
    ask: async (sql: string) =>
      sql.includes('postmaster_start')
        ? mark
        : unanswered.then(() => ({ ok: false, cause: 'closed', message: '' })),
    end: async () => end(),
  };
  const look = {
    container: async () => ({ env: {}, bindings: [{ containerPort: 5432, hostIp: '0.0.0.0', hostPort: 1 }] }),
    trust: () => ({ isOfRun: true, isTheirs: false, md5: false }),
    session: async () => session,
    serverMark: async () => mark,
  } as unknown as Look;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stop = await keepsAnswering('mapped').watch?.(look);
  const stopped = stop?.();
  const isOver = { yet: false };
  void stopped?.then(() => {
    isOver.yet = true;
  });
  while (!isOver.yet) {
    t.mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(await stopped, { asked: 1, lost: 1, cause: 'closed' });
});
