/** Whatever interrupts it, and whenever: it ends in order, and the next call goes on. Canaries beside it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Canaries, canaries } from './canaries.ts';
import { CLI, containerOf, ended, homeIdOf, labelled, openLab, type TestLab } from './lab.ts';
import { openTerminal } from './pty.ts';
import { openRelay } from './relay.ts';
import { heldBack } from './shim.ts';

const RUN = 'interrupted';

describe('interrupted', () => {
  let lab: TestLab;
  let birds: Canaries;
  const run = (...args: string[]) => lab.pglab(...args, '--run', RUN);
  const idOf = (name: string) => containerOf(lab, RUN, name);
  /** Whatever is left of it, it must not run. */
  const stateOf = async (name: string) => {
    const id = await idOf(name);
    const state = id && (await lab.docker('inspect', '--format', '{{.State.Running}}', id));
    return state === 'true' ? 'running' : 'not running';
  };

  /** What the lock of a run says of its holder; empty where nobody has it. */
  const holderOf = (of: string) => {
    try {
      return readlinkSync(join(lab.home, 'runs', of, 'lock'));
    } catch {
      return '';
    }
  };

  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6510', PGLAB_RUN: RUN });
    await run('list', '--all-runs');
    birds = await canaries(lab, RUN, homeIdOf(lab));
  });
  after(async () => {
    await birds.remove();
    await lab.end();
  });
  afterEach(() => birds.areWell());

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGHUP', 130],
  ] as const) {
    test(`${signal} ends a foreground run in order: the container too, exit ${code}`, async () => {
      await run('reset', 'foreground-run', '--yes');
      const child = lab.start('run', 'foreground-run', '--yes', '--run', RUN);
      const exit = new Promise((resolve) => child.on('exit', resolve));
      const isUp = async () => (await idOf('foreground')) !== '';
      while (!(await isUp())) await sleep(50);
      child.kill(signal);
      assert.equal(await exit, code);
      assert.equal(await stateOf('foreground'), 'not running');
      assert.equal((await run('run', 'foreground-run', '--yes')).code, 0, 'and it can be done after all');
    });
  }

  test('a closed pipe is no error, and ends a foreground run in order', async () => {
    const piped = (verb: string, reader: string) => {
      const line = `{ "${process.execPath}" "${CLI}" ${verb}; echo "exit $?" >&2; } | ${reader}`;
      return ended('bash', ['-c', line], lab.env);
    };
    // Nobody reads any more when the first line comes.
    const list = await piped('list', 'true');
    assert.match(list.stderr, /^exit 0$/m);
    assert.doesNotMatch(list.stderr, /bug|EPIPE/);
    const walk = await piped('run foreground-run --yes', 'head -1');
    assert.match(walk.stderr, /^exit 0$/m);
    assert.doesNotMatch(walk.stderr, /bug|EPIPE|ancelled/);
    assert.equal(await stateOf('foreground'), 'not running');
    // Somebody reads until the server is up, and then no more.
    await run('reset', 'foreground-run', '--yes');
    const reader = `{ while read -r line; do case "$line" in *"ready to accept"*) break;; esac; done; }`;
    const late = await piped('run foreground-run --yes', reader);
    assert.match(late.stderr, /^exit 0$/m);
    assert.notEqual(await idOf('foreground'), '', 'it had run');
    assert.equal(await stateOf('foreground'), 'not running');
  });

  test('a reset whose pipe is closed comes to its end all the same', async () => {
    assert.equal((await run('run', 'detached-run', 'port-mapping', '--yes')).code, 0);
    const line = `{ "${process.execPath}" "${CLI}" reset --yes; echo "exit $?" >&2; } | true`;
    const { stderr } = await ended('bash', ['-c', line], lab.env);
    assert.match(stderr, /^exit 0$/m);
    assert.deepEqual(await labelled(lab, RUN), []);
    assert.match((await run('reset', '--yes')).stdout, /Nothing to reset/);
  });

  test('a terminal that is closed ends it in order, the container of a foreground run too', async () => {
    await run('reset', 'foreground-run', '--yes');
    const session = openTerminal(lab, ['run', 'foreground-run', '--run', RUN]);
    // The prediction is asked first; its set-up has begun when the container is there.
    await session.sees(/❯|\?/);
    session.types('\r');
    await session.sees(/Enter: the next command/);
    session.types('\r');
    while ((await idOf('foreground')) === '') await sleep(50);
    session.hangUp();
    await session.ends();
    assert.equal(await stateOf('foreground'), 'not running');
    assert.equal((await run('run', 'foreground-run', '--yes')).code, 0);
  });

  for (const [signal, when, how] of [
    ['SIGINT', 'before', 'cancelled before docker has made it'],
    ['SIGINT', 'after', 'cancelled when docker has made it'],
    ['SIGKILL', 'before', 'killed before docker has made it'],
    ['SIGKILL', 'after', 'killed when docker has made it'],
  ] as const) {
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
      /in the middle of its set-up was the container of step 3, [0-9a-f]{12};/i,
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

  test('finished by another pglab just before it had the lock: a next takes the one after', async () => {
    const next = [CLI, 'next', '--yes', '--run', 'late-next', '--image', 'postgres:17'];
    const line = `"${process.execPath}" ${next.join(' ')}`;
    const args = ['--import', join(import.meta.dirname, 'before-lock.mjs'), ...next];
    const { code, stdout } = await ended(process.execPath, args, { ...lab.env, BEFORE_LOCK: line });
    assert.equal(code, 0, stdout);
    const { list } = await lab.json('list', '--run', 'late-next');
    const met = (list as { id: string; outcome: string }[]).filter(({ outcome }) => outcome === 'met');
    assert.deepEqual(
      met.map(({ id }) => id),
      ['image', 'foreground-run'],
    );
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'late-next')).code, 0);
  });

  for (const [what, ...how] of [
    ['stopped', 'stop'],
    ['removed', 'rm', '-fv'],
  ]) {
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

  test('Ctrl-C in the middle of a reset: it ends, and the next one goes on where it was', async () => {
    assert.equal((await run('run', 'detached-run', 'port-mapping', '--yes')).code, 0);
    const relay = await openRelay(join(lab.home, 'slow.sock'), (process.env.DOCKER_HOST ?? '').slice(7));
    const { isThere, letGo } = relay.holdUp('DELETE /');
    const child = lab.start('reset', 'detached-run', 'port-mapping', '--yes', '--host', relay.url);
    const exit = once(child, 'exit');
    await isThere;
    child.kill('SIGINT');
    assert.deepEqual(await exit, [130, null]);
    relay.close();
    letGo();
    const again = /was interrupted\. `pglab reset detached-run port-mapping` goes on/;
    assert.match((await run()).stdout.replace(/\s+/g, ' '), again);
    assert.equal((await run('reset', 'detached-run', 'port-mapping', '--yes')).code, 0);
    for (const step of ['detached-run', 'port-mapping']) assert.deepEqual(await labelled(lab, RUN, step), []);
  });

  test('a second writer is told who holds the run', async () => {
    const child = lab.start('run', 'foreground-run', '--yes', '--run', RUN);
    const exit = new Promise((resolve) => child.on('exit', resolve));
    while (!holderOf(RUN).startsWith(`${child.pid} `)) await sleep(20);
    const { code, stderr } = await run('next', '--yes');
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`${child.pid}`));
    // Nor does a reset of all runs go round the lock, however it is called.
    const reset = await lab.pglab('reset', '--all-runs', '--home', homeIdOf(lab), '--yes', '--dry-run');
    assert.equal(reset.code, 0, reset.stderr);
    assert.match(reset.stdout, /Left on this engine by the runs of home [0-9a-f]+: \d+ in all/);
    assert.doesNotMatch(reset.stdout, /foreground/);
    await exit;
  });
});
