/** The children of a process, as the end of an engine looks for them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { childrenOf } from '../../src/engine/processes.ts';

const STARTS_ONE = `
  const child = require('node:child_process').spawn('sleep', ['60']);
  require('node:worker_threads').parentPort.postMessage(child.pid);
`;

test('are those of every thread, and of a process that is gone there are none', async (t) => {
  const own = spawn('sleep', ['60']);
  const worker = new Worker(STARTS_ONE, { eval: true });
  const [other] = await once(worker, 'message');
  t.after(async () => {
    own.kill();
    process.kill(other);
    await worker.terminate();
  });
  const children = childrenOf(process.pid);
  assert.ok(children.includes(own.pid as number), `${own.pid} in ${children}`);
  assert.ok(children.includes(other), `${other} in ${children}`);
  own.kill();
  await once(own, 'exit');
  assert.deepEqual(childrenOf(own.pid as number), []);
});
