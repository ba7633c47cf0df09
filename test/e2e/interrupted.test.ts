/** Whatever interrupts it, and whenever: it ends in order, and the next call goes on. Canaries beside it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawn } from '../drawn.ts';
import { besideCanaries } from './canaries.ts';
import { CLI, ended, homeIdOf, labelled } from './lab.ts';
import { openTerminal } from './pty.ts';
import { openRelay } from './relay.ts';

const RUN = 'interrupted';

describe('interrupted', () => {
  const { lab, run, idOf } = besideCanaries(RUN, '6510');
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

  for (const signal of drawn(['SIGINT', 'SIGTERM', 'SIGHUP'] as const, String)) {
    test(`${signal} ends a foreground run in order: the container too, exit 130`, async () => {
      await run('reset', 'foreground-run', '--yes');
      const child = lab.start('run', 'foreground-run', '--yes', '--run', RUN);
      const exit = new Promise((resolve) => child.on('exit', resolve));
      const isUp = async () => (await idOf('foreground')) !== '';
      while (!(await isUp())) await sleep(50);
      child.kill(signal);
      assert.equal(await exit, 130);
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
