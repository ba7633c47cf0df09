/** What strangers on the engine may have: endless logs, endless outputs, devices in place of files. Nothing of it is read to its end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine } from '../../src/engine/types.ts';
import { CLI, ended, openLab, readResult, type TestLab } from './lab.ts';

let lab: TestLab;
let engine: Engine;
let loud: string;

before(async () => {
  lab = openLab();
  engine = await connectEngine({ url: process.env.DOCKER_HOST as string, from: 'DOCKER_HOST' });
  const says = 'echo the first; seq -f %1000.0f 20000; echo the last; sleep infinity';
  const given = ['-e', 'POSTGRES_PASSWORD_FILE=/dev/zero'];
  loud = await lab.docker('run', '-d', ...given, 'postgres', 'sh', '-c', says);
  while ((await lab.docker('logs', '--tail', '1', loud)) !== 'the last')
    await new Promise((resolve) => setTimeout(resolve, 200));
});

after(async () => {
  await lab.docker('rm', '-fv', loud);
  await lab.end();
});

const processes = () => lab.docker('top', loud, '-o', 'pid,args');

describe('a log of 20 MB', () => {
  test('is read at both of its ends, and it is shown that the middle is left out', async () => {
    const log = await engine.logs(loud);
    assert.ok(log.startsWith('the first\n') && log.endsWith('the last\n'));
    assert.ok(log.length < 1_100_000 && log.includes('\n⋮\n'), `${log.length}`);
  });

  test('is read at its beginning alone, or from a moment on', async () => {
    const head = await engine.logs(loud, { only: 'head' });
    assert.ok(head.startsWith('the first\n') && head.length <= 64_000);
    // It may speak before the engine has written down that it started.
    const { created } = (await engine.container(loud)) ?? { created: '' };
    assert.ok((await engine.logs(loud, { only: 'head', since: created })).startsWith('the first\n'));
    const later = new Date(Date.now() + 60_000).toISOString();
    assert.equal(await engine.logs(loud, { since: later }), '');
  });

  test('is followed from its last lines on', async () => {
    const lines: string[] = [];
    for await (const line of engine.logLines(loud, AbortSignal.timeout(10_000))) {
      lines.push(line);
      if (line === 'the last') break;
    }
    assert.ok(lines.length <= 200, `${lines.length}`);
  });
});

describe('a program that does not end', () => {
  test('is ended when it has printed enough', async () => {
    const { exitCode, stdout, stderr } = await engine.exec(loud, ['cat', '/dev/zero']);
    assert.equal(exitCode, 124);
    assert.ok(stdout.length < 1_200_000);
    assert.match(stderr, /printed more than/);
    for (let tries = 0; tries < 600 && (await processes()).includes('cat /dev/zero'); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.doesNotMatch(await processes(), /cat \/dev\/zero/);
  });

  test('one that ends by itself has its own exit code', async () => {
    const told = await engine.exec(loud, ['sh', '-c', 'echo out; echo err >&2; exit 3']);
    assert.deepEqual(told, { exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });
});

test('a password file that is a device is not read to its end, and nothing of it goes on being read', async () => {
  // Seconds on a core, whatever else keeps the machine busy: to read for the minute that an exec may take needs more.
  const bounded = ['-c', 'ulimit -t 20; exec "$@"', 'bash', process.execPath, CLI];
  const verb = ['check', 'detached-run', 'volume-persistence', '--yes', '--format', 'json'];
  const told = await ended('bash', [...bounded, ...verb], lab.env);
  assert.equal(told.code, 1, told.stderr);
  assert.equal(readResult(told).steps.length, 2);
  assert.doesNotMatch(await processes(), /\/dev\/zero/);
});
