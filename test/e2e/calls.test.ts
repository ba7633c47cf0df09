/** How often a command asks the engine: each request counted on its way, those of `docker` left out. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLab, type TestLab } from './lab.ts';
import { openRelay, type Relay } from './relay.ts';

const SOCKET = /^unix:\/\/(.+)$/;

describe('one look at the engine a command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-calls-'));
  let relay: Relay;
  let lab: TestLab;
  before(async () => {
    const [, engine = ''] = SOCKET.exec(process.env.DOCKER_HOST ?? '') ?? [];
    relay = await openRelay(join(folder, 'docker.sock'), engine);
    lab = openLab({ DOCKER_HOST: relay.url, PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6560' });
    const { code, stderr } = await lab.pglab('run', '--all', '--yes');
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await lab.end();
    relay.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What pglab itself asked while it ran, as lines of method and path with short ids. */
  async function asked(...args: string[]): Promise<string[]> {
    const from = relay.requests.length;
    const { code, stderr } = await lab.pglab(...args);
    assert.equal(code, 0, stderr);
    const ours = relay.requests.slice(from).filter(({ byDocker }) => !byDocker);
    return ours.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{52}(?=\b)/g, '')}`);
  }

  const many = (lines: readonly string[]) => `${lines.length} calls:\n${[...lines].sort().join('\n')}`;

  // Each container of a whole walk is there beside the one that the step is about.
  test('a step that makes nothing', async () => {
    const lines = await asked('run', 'three-connections', '--yes');
    // Of less than that, something was counted elsewhere: the engine is asked who it is, and what is there.
    assert.ok(lines.length >= 5, many(lines));
    assert.ok(lines.length <= 25, many(lines));
  });

  test('all steps judged', async () => {
    const lines = await asked('check', '--all');
    assert.ok(lines.length >= 12, many(lines));
    assert.ok(lines.length <= 60, many(lines));
  });

  test('where the run stands', async () => {
    const lines = await asked();
    assert.ok(lines.length >= 3, many(lines));
    assert.ok(lines.length <= 10, many(lines));
  });

  test('the engine is asked once who it is', async () => {
    const lines = await asked('check', 'detached-run');
    for (const question of ['GET /version', 'GET /info'])
      assert.equal(lines.filter((line) => line === question).length, 1, many(lines));
  });
});
