/** However much is asked of an engine at once, few sockets are open: `ulimit -n` may be 256. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';
import { lineOf } from '../../src/journal/line.ts';
import { readJournal } from '../../src/journal/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-many-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('1,500 inspections at once', async () => {
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const answers = { version: { ApiVersion: '1.41', Version: '20.10' }, info: { ID: 'x' } };
    const [, found] = Object.entries(answers).find(([path]) => request.url?.endsWith(`/${path}`)) ?? [];
    setTimeout(() => {
      response.statusCode = found ? 200 : 404;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(found ?? { message: 'no such container' }));
    }, 2);
  }).listen(join(folder, 'engine.sock'));
  // A test that fails must not wait for it.
  server.unref();
  server.on('connection', (socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.on('close', () => {
      open -= 1;
    });
  });
  await once(server, 'listening');
  const url = `unix://${join(folder, 'engine.sock')}`;
  const engine = await connectEngine({ url, from: 'option' });
  const ids = Array.from({ length: 1_500 }, (_, at) => at.toString(16).padStart(64, '0'));
  const found = await Promise.all(ids.map((id) => engine.container(id)));
  server.close();
  assert.ok(found.every((container) => container === null));
  assert.ok(most > 1 && most <= 40, `${most} at once`);
});

test('a journal of 600 MB without a line in it is read in little memory', () => {
  const file = join(folder, 'journal.jsonl');
  const event = { type: 'noted', step: null, note: 'adopted', values: {} } as const;
  const line = lineOf({ v: 3, seq: 1, at: '', participant: 'me', ...event });
  writeFileSync(file, `${line}\n`);
  truncateSync(file, 600e6);
  const before = process.memoryUsage().rss;
  const { events, whole } = readJournal(file);
  assert.equal(events.length, 1);
  assert.equal(whole, line.length + 1);
  assert.ok(process.memoryUsage().rss - before < 150e6);
});

test('one that tells of more than a run can is refused with a sentence of its own', () => {
  const file = join(folder, 'long.jsonl');
  const event = { type: 'noted', step: null, note: 'adopted', values: { much: 'x'.repeat(15e6) } } as const;
  const line = lineOf({ v: 3, seq: 1, at: '', participant: 'me', ...event });
  writeFileSync(file, `${line}\n`.repeat(14));
  assert.throws(() => readJournal(file), { code: 'journal-too-long' });
});
