/** Interrupted while docker is at work: what it still makes is waited for, made once, and found by a reset. Canaries beside it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawn } from '../drawn.ts';
import { besideCanaries } from './canaries.ts';
import { CLI, ended, homeIdOf, labelled } from './lab.ts';
import { openRelay } from './relay.ts';
import { heldBack } from './shim.ts';

const RUN = 'interrupted';

describe('interrupted while docker is at work', () => {
  const { lab, run, idOf } = besideCanaries(RUN, '6510');

  const broken = [
    ['SIGINT', 'before', 'cancelled before docker has made it'],
    ['SIGINT', 'after', 'cancelled when docker has made it'],
    ['SIGKILL', 'before', 'killed before docker has made it'],
    ['SIGKILL', 'after', 'killed when docker has made it'],
  ] as const;
  for (const [signal, when, how] of drawn(broken, String)) {
    test(`${how}: that command is run again, and the step is met`, async () => {
      const shim = await heldBack(lab.env, '"run -d"*', when);
      const child = spawn(process.execPath, [CLI, 'run', 'detached-run', '--yes'], { env: shim.env });
      const exit = once(child, 'exit');
      await shim.reached();
      child.kill(signal);
      await exit;
      shim.letGo();
      const { code, stdout } = await run('run', 'detached-run', '--yes');
      assert.equal(code, 0, stdout);
      assert.match(stdout, /it goes on at command 1 of 7/);
      assert.equal((await idOf('quiet')).split('\n').length, 1, 'and there is one of it');
      await run('reset', 'detached-run', '--yes');
    });
  }

  test('killed while the first server sets up the volume of its step: the volume is made anew', async () => {
    const shim = await heldBack(lab.env, '"run -d"*"-data:"*', 'after');
    const child = spawn(process.execPath, [CLI, 'run', 'volume-persistence', '--yes'], { env: shim.env });
    const exit = once(child, 'exit');
    await shim.reached();
    const first = await idOf('first');
    const inside = (line: string) => ended('docker', ['exec', first, 'bash', '-c', line], lab.env);
    while ((await inside('test -s /var/lib/postgresql/data/PG_VERSION')).code !== 0) {}
    await lab.docker('pause', first);
    child.kill('SIGKILL');
    await exit;
    shim.letGo();
    const { code, stdout } = await run('run', 'volume-persistence', '--yes');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /begins anew/);
    assert.equal((await run('reset', 'volume-persistence', '--yes')).code, 0);
  });

  test('a server that was killed in its first set-up is made anew by the step that needs it', async () => {
    const shim = await heldBack(lab.env, '"run -d"*', 'after');
    const started = ended(process.execPath, [CLI, 'run', 'detached-run', '--yes'], shim.env);
    await shim.reached();
    const quiet = await idOf('quiet');
    const inside = (line: string) => ended('docker', ['exec', quiet, 'bash', '-c', line], lab.env);
    while ((await inside('test -s /var/lib/postgresql/data/PG_VERSION')).code !== 0) {}
    await lab.docker('kill', quiet);
    shim.letGo();
    assert.equal((await started).code, 1, 'it does not run');
    const { code, stdout } = await run('run', 'exec-psql', '--yes');
    assert.equal(code, 0, stdout);
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /The container of step 3, [0-9a-f]{12}, ended in the middle of its set-up;/,
    );
    assert.equal((await run('reset', 'detached-run', '--yes')).code, 0);
  });

  test('killed while docker makes what another step needs: that step waits for it, and makes one', async () => {
    const shim = await heldBack(lab.env, '*"-p 6510:"*');
    const child = spawn(process.execPath, [CLI, 'run', 'port-mapping', '--yes'], { env: shim.env });
    const exit = once(child, 'exit');
    await shim.reached();
    child.kill('SIGKILL');
    await exit;
    const needing = run('run', 'three-connections', '--yes');
    await sleep(1_500);
    assert.equal(await idOf('mapped'), '', 'nothing is made beside it');
    shim.letGo();
    const { code, stdout } = await needing;
    assert.equal(code, 0, stdout);
    assert.equal((await idOf('mapped')).split('\n').length, 1);
    assert.equal((await run('reset', 'port-mapping', '--yes')).code, 0);
  });

  const gone = [
    ['stopped', 'stop'],
    ['removed', 'rm', '-fv'],
  ] as const;
  for (const [what, ...how] of drawn(gone, String)) {
    test(`killed, and what the step had started was ${what} meanwhile: it begins anew`, async () => {
      const shim = await heldBack(lab.env, '"container ps"*');
      const child = spawn(process.execPath, [CLI, 'run', 'detached-run', '--yes'], { env: shim.env });
      const exit = once(child, 'exit');
      await shim.reached();
      child.kill('SIGKILL');
      await exit;
      shim.letGo();
      await lab.docker(...how, await idOf('quiet'));
      const { code, stdout } = await run('run', 'detached-run', '--yes');
      assert.equal(code, 0, stdout);
      assert.match(stdout, /begins anew/);
      await run('reset', 'detached-run', '--yes');
    });
  }

  test('the engine goes while docker runs: back again, the step is met', async () => {
    const relay = await openRelay(join(lab.home, 'short.sock'), (process.env.DOCKER_HOST ?? '').slice(7));
    const env = { ...lab.env, DOCKER_HOST: `unix://${relay.path}` };
    const shim = await heldBack(env, '"run -d"*');
    const started = ended(process.execPath, [CLI, 'run', 'detached-run', '--yes'], shim.env);
    await shim.reached();
    relay.close();
    shim.letGo();
    const { code, stderr } = await started;
    assert.equal(code, 2, stderr);
    const again = await run('run', 'detached-run', '--yes');
    assert.equal(again.code, 0, again.stdout);
    await run('reset', 'detached-run', '--yes');
  });

  test('killed while docker runs, and reset at once: what docker still makes goes as well', async () => {
    const shim = await heldBack(lab.env, '"run -d"*');
    const child = spawn(process.execPath, [CLI, 'run', 'detached-run', '--yes', '--run', 'late'], {
      env: shim.env,
    });
    const exit = once(child, 'exit');
    await shim.reached();
    child.kill('SIGKILL');
    await exit;
    const reset = lab.pglab('reset', '--yes', '--run', 'late');
    await sleep(1_000);
    shim.letGo();
    const done = await reset;
    assert.equal(done.code, 0, done.stderr + done.stdout);
    assert.deepEqual(await labelled(lab, 'late'), []);
  });

  test('a volume in use while such a docker is at work goes when it has ended', async () => {
    const labels = ['--label', 'pglab.run=late', '--label', `pglab.home=${homeIdOf(lab)}`];
    await lab.docker('volume', 'create', ...labels, 'late-data');
    await lab.docker('create', '--name', 'late-user', '-v', 'late-data:/data', 'postgres:17');
    // Known as ours by its command line, as a docker is; what uses the volume goes at its end.
    // Bash would become the last command, and lose the labels.
    const script = 'sleep 5; docker rm -v late-user; exit 0';
    const orphan = spawn('bash', ['-c', script, 'docker', ...labels], { env: lab.env });
    const end = once(orphan, 'exit');
    const { code, stdout, stderr } = await lab.pglab('reset', '--yes', '--run', 'late');
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await end, [0, null]);
    assert.deepEqual(await labelled(lab, 'late'), []);
  });
});
