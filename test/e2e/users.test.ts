/** Users of all kinds: without an account, outside and inside the engine's group, root in a home of another. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLab } from './lab.ts';
import { openRelay, type Relay } from './relay.ts';
import { openUser, type User } from './users.ts';

/** Of nobody on this machine: whom the socket of the engine is opened to. */
const GROUP = 59_999;

describe('users', () => {
  let user: User;
  let member: User;
  let relay: Relay;
  before(async () => {
    user = openUser();
    member = openUser([GROUP]);
    relay = await openRelay(join(user.folder, 'docker.sock'), (process.env.DOCKER_HOST ?? '').slice(7));
    chownSync(relay.path, 0, GROUP);
    chmodSync(relay.path, 0o660);
  });
  after(() => {
    relay.close();
    user.end();
    member.end();
  });

  test('without an account and without HOME: help is given, and what is missing is one sentence', async () => {
    const help = await user.pglab({}, '--help');
    assert.deepEqual([help.code, help.stderr], [0, '']);
    for (const env of [{}, { HOME: '' }, { HOME: 'not/absolute' }]) {
      const { code, stdout, stderr } = await user.pglab(env, 'list');
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(
        stderr,
        new RegExp(`^This user \\(uid ${user.uid}\\) has no home folder: .*\n→ Set HOME.*\n$`),
      );
    }
    const { trouble } = await user.json({}, 'doctor');
    assert.equal(trouble?.code, 'no-home');
  });

  test('without an account, but with PGLAB_HOME, all is well', async () => {
    const env = { PGLAB_HOME: join(user.own, 'runs'), DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const listed = await user.pglab(env, 'list');
    assert.deepEqual([listed.code, listed.stderr], [0, '']);
    const { doctor } = await user.json(env, 'doctor');
    const states = (doctor as { what: string; state: string }[]).map(({ what, state }) => `${what} ${state}`);
    assert.ok(states.includes('home good') && states.includes('engine bad'), states.join());
  });

  test('outside the engine’s group: told so, without a word on who named the engine', async () => {
    const env = { HOME: user.own, DOCKER_HOST: relay.url };
    const { code, stderr } = await user.pglab(env, 'next', '--yes');
    assert.equal(code, 2);
    assert.match(stderr, /^The engine at unix:.* does not let you in \(EACCES\)\.\n→ Add yourself .*\n$/);
  });

  test('inside the group a step is met, and a reset leaves nothing', async () => {
    const env = { HOME: member.own, DOCKER_HOST: relay.url, PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6960' };
    const { steps, code, trouble } = await member.json(env, 'run', 'port-mapping', '--yes');
    assert.deepEqual([code, steps[0]?.outcome], [0, 'met'], JSON.stringify(trouble));
    const reset = await member.pglab(env, 'reset', '--yes');
    assert.equal(reset.code, 0, reset.stderr);
  });

  test('root in the home of another user leaves no folder of its own there', async () => {
    const home = join(user.own, 'home');
    mkdirSync(home);
    chownSync(home, user.uid, user.uid);
    const lab = openLab({ HOME: home, PGLAB_HOME: '' });
    const { code, stderr } = await lab.pglab('next', '--yes');
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^${home} belongs to another user \\(uid ${user.uid}; you are uid 0\\)`));
    assert.deepEqual(readdirSync(home), []);
  });
});
