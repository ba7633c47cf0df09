/** An engine that is slow to say what it is: one that is there is waited for, one that says nothing is not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';

/** More than its version may take, as `info` of a busy Podman does. */
const SLOW_MS = 11_000;

const folder = mkdtempSync(join(tmpdir(), 'pglab-slow-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** An engine with these answers, each after so many milliseconds; null: never. */
async function engineThat(name: string, waits: { version: number | null; info: number | null }) {
  const answers = {
    version: { ApiVersion: '1.44', Version: '26.1', MinAPIVersion: '1.24' },
    info: { ID: 'slow', Name: 'there' },
  };
  const server = createServer(({ url = '' }, response) => {
    const what = url.endsWith('/info') ? 'info' : 'version';
    const after = waits[what];
    if (after !== null) setTimeout(() => response.end(JSON.stringify(answers[what])), after);
  }).listen(join(folder, name));
  await once(server, 'listening');
  const end = () => {
    server.close();
    server.closeAllConnections();
  };
  return { endpoint: { url: `unix://${join(folder, name)}`, from: 'option' as const }, end };
}

test('who says its version is there, and what it tells of its machine is waited for', {
  timeout: 60_000,
}, async () => {
  const [slow, silent] = await Promise.all([
    engineThat('slow.sock', { version: 0, info: SLOW_MS }),
    engineThat('silent.sock', { version: null, info: 0 }),
  ]);
  const nobody = assert.rejects(connectEngine(silent.endpoint), {
    code: 'engine-unreachable',
    values: { endpoint: silent.endpoint.url, why: 'ETIMEDOUT', ssh: '' },
  });
  try {
    const [{ info }] = await Promise.all([connectEngine(slow.endpoint), nobody]);
    assert.deepEqual([info.id, info.version], ['slow', '26.1']);
  } finally {
    slow.end();
    silent.end();
  }
});
