/** Engines that are set up otherwise than usual: judged by what is so. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI, ended, openLab, readResult, type TestLab } from './lab.ts';

/** An address of that network beside its loopback's. */
const OTHER = '10.99.0.1';
const UP_WITHIN_MS = 60_000;

describe('odd engines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-odd-'));
  const socket = join(folder, 'docker.sock');
  let lab: TestLab;
  let network: ChildProcess;
  let engine: ChildProcess;

  const inside = (...command: string[]) =>
    ended('nsenter', [`--net=/proc/${network.pid}/ns/net`, ...command], lab.env);
  const pglab = async (...args: string[]) => {
    const told = await inside(process.execPath, CLI, ...args);
    return { ...readResult(told), code: told.code };
  };
  const run = (...args: string[]) => pglab('run', ...args, '--yes', '--format', 'json');
  const isUp = async () => (await inside('docker', 'version')).code === 0;

  async function start(...flags: string[]): Promise<void> {
    const own = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
    const at = ['--pidfile', join(folder, 'pid'), '--host', `unix://${socket}`];
    const there = [`--net=/proc/${network.pid}/ns/net`, 'dockerd', ...own, ...at, ...flags];
    engine = spawn('nsenter', there, { stdio: 'ignore' });
    for (const deadline = performance.now() + UP_WITHIN_MS; !(await isUp()); await sleep(100)) {
      if (performance.now() > deadline) throw new Error('the engine did not come up');
    }
  }

  async function stop(): Promise<void> {
    await pglab('reset', '--all-runs', '--yes', '--format', 'json');
    const left = (await inside('docker', 'ps', '-aq')).stdout;
    engine.kill();
    await once(engine, 'exit');
    assert.equal(left, '');
  }

  before(async () => {
    lab = openLab({ DOCKER_HOST: `unix://${socket}`, PGLAB_IMAGE: 'postgres:17' });
    const line = `ip link set lo up && ip addr add ${OTHER}/32 dev lo && echo up && exec cat`;
    network = spawn('unshare', ['--net', 'bash', '-c', line], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(network.stdout as NodeJS.ReadableStream, 'data');
    await start();
    await inside('docker', 'load', '--input', join(process.env.PGLAB_IMAGES as string, 'postgres-17.tar'));
    await inside('docker', 'tag', 'pglab/postgres:17', 'postgres:17');
    await stop();
  });
  after(async () => {
    network.stdin?.end();
    rmSync(lab.home, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  test('publishing on 127.0.0.1 alone, with an init in each container and no proxy', async () => {
    await start('--ip', '127.0.0.1', '--init', '--userland-proxy=false');
    const ran = await run('foreground-run', 'port-mapping', 'three-connections', 'failure-isolation');
    assert.deepEqual(unmet(ran), [], JSON.stringify(ran.trouble));
    assert.deepEqual([ran.code, ran.steps.length], [0, 4]);
    await stop();
  });

  test('publishing on another address: that is where the server is asked', async () => {
    await start('--ip', OTHER);
    const ran = await run('port-mapping', 'three-connections');
    assert.deepEqual(unmet(ran), [], JSON.stringify(ran.trouble));
    const [published] = ran.steps[0]?.checks ?? [];
    assert.ok(JSON.stringify(ran.steps[0]?.checks).includes(`${OTHER}:6700`), published?.observed);
    await stop();
  });
});

function unmet({ steps }: { steps: { outcome: string }[] }): unknown[] {
  return steps.filter(({ outcome }) => outcome !== 'met');
}
