/** An engine, a server, a process that does not come to its end: each is said, and waited for no longer. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { type Canaries, canaries } from './canaries.ts';
import { CLI, containerOf, ended, homeIdOf, openLab, readResult, setUpBy, type TestLab } from './lab.ts';
import { openRelay, type Relay } from './relay.ts';

const RUN = 'stuck';

describe('what does not come to its end', () => {
  let lab: TestLab;
  let birds: Canaries;
  let relay: Relay | null = null;
  const run = (...args: string[]) => lab.pglab(...args, '--run', RUN);
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6590' });
    assert.equal((await run('run', 'detached-run', 'volume-persistence', '--yes')).code, 0);
    birds = await canaries(lab, RUN, homeIdOf(lab));
  });
  afterEach(async () => {
    relay?.close();
    await birds.areWell();
  });
  after(async () => {
    await birds.remove();
    await run('reset', '--yes');
    await lab.end();
  });
  const behindRelay = async (name: string) => {
    const opened = await openRelay(join(lab.home, name), (process.env.DOCKER_HOST ?? '').slice(7));
    relay = opened;
    return { opened, through: ['--run', RUN, '--host', opened.url] };
  };

  for (const [name, then, told] of [
    ['is gone', (opened: Relay) => opened.close(), /^engine-unreachable: No Docker engine answers at /],
    [
      'comes back',
      (opened: Relay) => opened.leadTo((process.env.DOCKER_HOST ?? '').slice(7)),
      /^(engine-broke-off|command-silent): .*`docker exec -i [0-9a-f]{12} bash <<< /,
    ],
  ] as const) {
    test(`an engine that ends under a command which then says nothing, and ${name}`, async () => {
      const { opened, through } = await behindRelay(`dies-${then.length}${name.length}.sock`);
      const held = opened.holdUp('/start HTTP');
      const running = lab.json('run', 'exec-psql', '--yes', ...through);
      await held.isThere;
      then(opened);
      held.letGo();
      const { code, trouble } = await running;
      assert.equal(code, 2);
      assert.match(`${trouble?.code}: ${trouble?.message}`, told);
    });
  }

  test('an answer of the engine that breaks off is trouble, not a wait without end', async () => {
    const { opened, through } = await behindRelay('broken.sock');
    opened.breakOff('/containers/json');
    for (const verb of [
      ['check', 'detached-run'],
      ['check', 'detached-run', '--watch'],
      ['reset', '--yes'],
    ]) {
      const { code, stderr } = await lab.pglab(...verb, ...through);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /No Docker engine answers at .* \(ECONNRESET\)/);
    }
  });

  test('an engine that says nothing any more: SIGTERM ends it all the same', async () => {
    const { opened, through } = await behindRelay('silent.sock');
    const { isThere, letGo } = opened.holdUp('/containers/json');
    const child = lab.start('check', 'detached-run', ...through);
    const exit = once(child, 'exit');
    await isThere;
    child.kill('SIGTERM');
    assert.deepEqual(await exit, [130, null]);
    letGo();
  });

  test('a lock that somebody holds: could not tell, and why; never not met', async () => {
    const keeper = await containerOf(lab, RUN, 'keeper');
    const psql = ['exec', '-i', keeper, 'psql', '-X', '-U', 'postgres'];
    const theirs = spawn('docker', psql, { env: lab.env, stdio: ['pipe', 'pipe', 'inherit'] });
    theirs.stdin.write('begin; lock table kept;\n');
    while (!String((await once(theirs.stdout, 'data'))[0]).includes('LOCK')) {}
    const { code, steps } = await lab.json('check', 'volume-persistence', '--run', RUN);
    const ended = once(theirs, 'exit');
    theirs.stdin.end();
    await ended;
    const found = steps.flatMap(({ checks }) =>
      checks.map(({ outcome, finding }) => `${outcome} ${finding}`),
    );
    assert.equal(code, 2, found.join());
    assert.ok(found.includes('unknown query-slow'), found.join());
    assert.ok(!found.some((each) => each.startsWith('not-met')), found.join());
    assert.equal((await run('check', 'volume-persistence')).code, 0, 'and when it is let go, it is met');
  });

  test('a container that has not said a word yet is not taken for a server', async () => {
    // As the image's own start, on a machine so busy that it has not come to anything.
    const silent = ['run', '-d', '--entrypoint', 'sh', 'postgres:17', '-c', 'sleep infinity', 'postgres'];
    const id = await lab.docker(...silent);
    const { code, steps } = await lab.json('check', 'detached-run', '--run', 'silent');
    await lab.docker('rm', '-fv', id);
    await lab.pglab('reset', '--yes', '--run', 'silent');
    assert.equal(code, 2);
    const found = steps.flatMap(({ checks }) =>
      checks.map(({ outcome, finding }) => `${outcome} ${finding}`),
    );
    assert.deepEqual([...new Set(found)], ['unknown not-ready']);
  });

  test('a container that was to be refused, and runs, holds its window no longer than until it is ready', async () => {
    const image = 'own-password-by-test:17';
    const id = await lab.docker('create', 'postgres:17');
    await lab.docker('commit', '--change', 'ENV POSTGRES_PASSWORD=of-the-image', id, image);
    await lab.docker('rm', '-v', id);
    try {
      const given = ['--yes', '--run', 'unrefused', '--image', image];
      const { code, steps } = await lab.json('run', 'foreground-run', ...given);
      const [refused] = steps[0]?.checks ?? [];
      assert.deepEqual([code, refused?.outcome, refused?.finding], [1, 'not-met', 'not-refused']);
    } finally {
      await lab.pglab('reset', '--yes', '--run', 'unrefused');
      await lab.docker('image', 'rm', image);
    }
  });

  test('a server on another port inside is not waited for: the step says where it listens', async () => {
    const image = 'other-port-by-test:17';
    const made = await lab.docker('create', 'postgres:17');
    await lab.docker('commit', '--change', 'ENV PGPORT=5433', made, image);
    await lab.docker('rm', '-v', made);
    const given = ['--yes', '--run', 'elsewhere', '--image', image];
    try {
      const { code, steps } = await lab.json('run', 'port-mapping', ...given);
      const found = steps.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding ?? []));
      assert.deepEqual([code, ...new Set(found)], [1, 'server-on-another-port']);
      // Its window is closed as that of any server which is up.
      const window = await lab.json('run', 'foreground-run', ...given);
      assert.deepEqual(window.steps[0]?.checks.at(-1)?.outcome, 'met');
    } finally {
      await lab.pglab('reset', '--yes', '--run', 'elsewhere');
      await lab.docker('image', 'rm', image);
    }
  });

  test('a server that refuses whoever asks is up all the same, and not waited for', async () => {
    const refuse = 'sed -i "1i host all all all reject" "$PGDATA/pg_hba.conf"\n';
    const mount = setUpBy(lab, 'refuse.sh', refuse);
    await lab.pglab('show', 'detached-run', '--run', 'refusing');
    const id = await lab.docker('run', '-d', '-e', 'POSTGRES_PASSWORD=theirs', ...mount, 'postgres:17');
    try {
      await lab.pglab('check', 'detached-run', '--yes', '--run', 'refusing');
      const { code, steps } = await lab.json('run', 'exec-psql', '--yes', '--run', 'refusing');
      const [step] = steps;
      assert.equal(step?.commands.length, 1, 'it came to its command');
      const found = step.checks.map(({ id, outcome }) => `${id} ${outcome}`);
      // Its socket lets in, and what asks everybody outside for a password is not there.
      assert.deepEqual([code, ...found], [1, 'running met', 'answers-inside met', 'trusted-inside not-met']);
    } finally {
      await lab.docker('rm', '-fv', id);
      await lab.pglab('reset', '--yes', '--run', 'refusing');
    }
  });

  test('a psql inside a container, or a docker, that does nothing: what waited for it says so, and ends', async () => {
    const clock = join(import.meta.dirname, 'fast-clock.mjs');
    const sooner = { ...lab.env, NODE_OPTIONS: `--import ${clock}` };
    const bin = join(lab.home, 'bin');
    mkdirSync(bin);
    // What it begins keeps its output open.
    writeFileSync(join(bin, 'docker'), '#!/bin/bash\nsleep 10000\n', { mode: 0o755 });
    const troubleOf = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
      const words = [CLI, ...args, '--run', RUN, '--format', 'json'];
      const told = await ended(process.execPath, words, env);
      const { trouble, doctor } = readResult(told);
      const bad = (doctor as { state: string; text: string }[] | undefined)?.find(
        ({ state }) => state === 'bad',
      );
      return [told.code, trouble?.code, trouble?.message ?? bad?.text].join(' ');
    };
    const keeper = await containerOf(lab, RUN, 'quiet');
    const inside = (line: string) => lab.docker('exec', keeper, 'sh', '-c', line);
    const psql = await inside('readlink -f "$(command -v psql)"');
    await inside(`mv ${psql} ${psql}.own && printf '#!/bin/sh\\nsleep 10000' > ${psql} && chmod 755 ${psql}`);
    const told = await troubleOf(sooner, 'run', 'exec-psql', '--yes');
    await inside(`mv ${psql}.own ${psql}`);
    assert.match(told, /^2 command-endless `docker exec .* had not come to its end/);
    assert.equal((await run('run', 'exec-psql', '--yes')).code, 0);
    const held = { ...sooner, PATH: `${bin}:${lab.env.PATH}` };
    assert.match(await troubleOf(held, 'doctor'), /^2 .*`docker --version` has not ended/);
    for (const step of ['exec-psql', 'foreground-run'])
      assert.match(await troubleOf(held, 'run', step, '--yes'), /^2 command-endless `docker (exec|run) /);
  });

  test('a docker of ours that stays for ever: a reset says which, and does not call it clean', async () => {
    const labels = [`pglab.run=${RUN}`, `pglab.home=${homeIdOf(lab)}`, 'pglab.step=detached-run'];
    // A shell that is about to become docker, and does not.
    const orphan = spawn('bash', ['-c', 'read', 'docker', ...labels], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      assert.equal(
        (await run('reset', 'config-outside', '--yes')).code,
        0,
        'of another step, it is no matter',
      );
      const { code, stderr } = await run('reset', 'detached-run', '--yes');
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`Process ${orphan.pid}\\b.*\\n→ .*kill ${orphan.pid}\\b`));
    } finally {
      const end = once(orphan, 'exit');
      orphan.kill('SIGTERM');
      await end;
    }
    assert.equal((await run('reset', 'detached-run', '--yes')).code, 0);
  });
});
