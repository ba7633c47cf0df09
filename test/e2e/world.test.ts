/** Worlds that are right though not as expected: taken ports, missing tools, things that vanished. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect } from '../../src/host.ts';
import { homeIdOf, labelled, listenOn, openLab, type TestLab } from './lab.ts';
import { pathWith } from './path-with.ts';
import { openRelay } from './relay.ts';
import { MAJORS } from './stage.ts';

describe('worlds that are right though not as expected', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6750' });
  });
  after(() => lab.end());

  test('the port is taken: the next one is used, said aloud, and in every later text', async () => {
    const holder = await listenOn(6750);
    try {
      const { stdout, code } = await lab.pglab('run', 'port-mapping', '--yes');
      assert.equal(code, 0, stdout);
      assert.match(stdout, /Port 6750 is taken by node \(\d+\); this run uses 6751 instead\./);
      assert.match(stdout, /-p 6751:5432/);
      assert.match(stdout, /0\.0\.0\.0:6751/);
      assert.doesNotMatch(stdout, /6750(?! is taken)/);
    } finally {
      holder.close();
    }
    const { steps } = await lab.json('check', 'port-mapping');
    assert.equal(steps[0]?.outcome, 'met');
  });

  test('a Postgres of the learner’s own on 5432 is named, and judged rightly', async () => {
    const run = ['run', '-d', '--network', 'host', '-e', 'POSTGRES_PASSWORD=theirs', 'postgres:17'];
    const theirs = await lab.docker(...run);
    try {
      while ((await connect('127.0.0.1', 5432)) !== null)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const { stdout, code } = await lab.pglab('run', 'isolated-port', 'three-connections', '--yes');
      assert.equal(code, 0, stdout);
      assert.match(stdout, /Another program listens on 5432 of this machine: postgres \(\d+\)/);
      assert.match(stdout, /postgres \(\d+\) listens on 5432 .*the first way/s);
      assert.match(stdout, /psql .* -p 5433 /);
      const { steps } = await lab.json('check', 'isolated-port', 'three-connections');
      assert.deepEqual(
        steps.map(({ outcome }) => outcome),
        ['met', 'met'],
      );
    } finally {
      await lab.docker('rm', '-fv', theirs);
    }
  });

  test('without psql and lsof the same is shown by other means, and said', async () => {
    const path = pathWith('bash', 'docker', 'env');
    const poor = openLab({ ...lab.env, PATH: path, PGLAB_HOME: lab.home });
    const steps = ['isolated-port', 'port-mapping', 'three-connections'];
    const { stdout, stderr, code } = await poor.pglab('run', ...steps, '--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /There is no lsof on this machine/);
    // For all the lines that are left out for it.
    assert.equal(stdout.match(/^· There is no psql on this machine/gm)?.length, 1, stdout);
    assert.match(stdout, /✓ the third reaches this container/);
    rmSync(path, { recursive: true });
    rmSync(poor.home, { recursive: true, force: false });
  });

  test('what vanished, stopped or was paused is said, and repaired by the fewest commands', async () => {
    const home = homeIdOf(lab);
    const id = (name: string) =>
      lab.docker(
        'ps',
        '-aq',
        '--no-trunc',
        '--filter',
        `label=pglab.home=${home}`,
        '--filter',
        `label=pglab.name=${name}`,
      );
    const quiet = await id('quiet');
    await lab.docker('pause', quiet);
    const unpaused = await lab.pglab('run', 'exec-psql', '--yes');
    assert.deepEqual([unpaused.code, await id('quiet')], [0, quiet], unpaused.stdout);
    assert.match(unpaused.stdout, /The container of step 3 is paused;\s+`docker unpause /);
    await lab.docker('stop', quiet);
    const started = await lab.pglab('run', 'exec-psql', '--yes');
    assert.deepEqual([started.code, await id('quiet')], [0, quiet], started.stdout);
    assert.match(started.stdout, /The container of step 3 has stopped;\s+`docker start /);
    const mapped = await id('mapped');
    await lab.docker('rm', '-fv', mapped);
    const rebuilt = await lab.pglab('run', 'three-connections', '--yes');
    assert.equal(rebuilt.code, 0, rebuilt.stdout);
    assert.match(
      rebuilt.stdout,
      new RegExp(`The container of step 6, ${mapped.slice(0, 12)}, is gone;\\s+it\\s+is\\s+made\\s+again`),
    );
    assert.equal(await id('quiet'), quiet, 'what was not needed is left alone');
  });

  test('only one major to be had: two-versions cannot be told, with the reason and the way, and is skipped when the learner says so', async () => {
    const { docker } = lab;
    // No tarball, no way to build, and no registry that this machine reaches.
    const path = pathWith('bash', 'docker', 'env', 'psql', 'lsof');
    const { json } = openLab({ ...lab.env, PATH: path, PGLAB_HOME: lab.home, PGLAB_IMAGES: path });
    // A container that runs keeps its image alive while all its names are taken away.
    const kept: { id: string; tags: string[]; holder: string }[] = [];
    const named = ['image', 'inspect', '--format', '{{.Id}}{{range .RepoTags}} {{.}}{{end}}'];
    for (const major of MAJORS.filter((each) => each !== 17)) {
      const [id = '', ...tags] = (await docker(...named, `postgres:${major}`)).split(' ');
      const sleeps = ['--entrypoint', 'sleep', `postgres:${major}`, 'infinity'];
      kept.push({ id, tags, holder: await docker('run', '-d', ...sleeps) });
      await docker('rmi', '-f', ...tags);
    }
    try {
      const { steps, code, outcome } = await json('run', 'two-versions', '--yes');
      assert.deepEqual([code, outcome, steps[0]?.outcome], [2, 'unknown', 'unknown']);
      assert.match(
        steps[0]?.reason ?? '',
        /Postgres 17 is the only major here.*pglab image build --major 15.*pglab skip two-versions/s,
      );
      // What builds on it does not stand in the way of what comes after.
      const later = await json('run', 'failure-isolation', 'disposable', '--yes');
      assert.deepEqual([later.code, ...later.steps.map((step) => step.outcome)], [2, 'unknown', 'met']);
      const left = await json('skip', 'two-versions', 'one', 'image', 'here');
      assert.deepEqual(left.skip, { step: 'two-versions', outcome: 'skipped', reason: 'one image here' });
    } finally {
      for (const { id, tags, holder } of kept) {
        for (const tag of tags) await docker('tag', id, tag);
        await docker('rm', '-fv', holder);
      }
    }
    const listed = (await json('list')).list as { id: string; outcome: string; reason: string | null }[];
    const row = listed.find(({ id }) => id === 'two-versions');
    assert.deepEqual([row?.outcome, row?.reason], ['skipped', 'one image here']);
    await json('skip', 'two-versions', '--undo');
    const { steps } = await json('check', 'two-versions');
    assert.equal(steps[0]?.reason, null, 'with another major here again it is judged');
  });

  test('on a remote engine a volume and a copy stand in for the folder of this machine', async () => {
    const relay = await openRelay('tcp', (process.env.DOCKER_HOST ?? '').replace('unix://', ''));
    const { PGLAB_HOME: _, ...env } = lab.env;
    const far = openLab({ ...env, PGLAB_HOST: relay.url, PGLAB_PORT: '6770' });
    try {
      const { steps, code } = await far.json('run', 'port-mapping', 'config-outside', '--yes');
      assert.deepEqual(
        [code, ...steps.map(({ outcome }) => outcome)],
        [0, 'met', 'met'],
        JSON.stringify(steps),
      );
      const ran = steps[1]?.commands.map((command) => command.ran).join('\n') ?? '';
      assert.match(ran, /docker volume create .*-config\n/);
      assert.match(ran, /docker cp .*postgresql\.conf/);
      const again = await far.pglab('run', 'config-outside', '--yes');
      assert.equal(again.code, 0, again.stderr);
      // Both forms of a command create one container.
      assert.equal(again.stdout.match(/An earlier try has left/g)?.length, 1, again.stdout);
    } finally {
      await far.end();
      relay.close();
    }
  });

  test('so busy that an answer takes seconds: the server is ready all the same', async () => {
    const relay = await openRelay('tcp', (process.env.DOCKER_HOST ?? '').replace('unix://', ''));
    const { PGLAB_HOME: _, ...env } = lab.env;
    const busy = openLab({ ...env, PGLAB_HOST: relay.url, PGLAB_PORT: '6780' });
    try {
      // Its port is not published, so a remote server is asked by an exec: and that takes longer than a beat.
      relay.slowDown('/start HTTP', 2_500);
      const { steps, code } = await busy.json('run', 'detached-run', '--yes');
      assert.deepEqual([code, steps[0]?.outcome], [0, 'met'], JSON.stringify(steps));
    } finally {
      await busy.end();
      relay.close();
    }
  });

  test('the engine goes in the middle of a check: trouble with a mend, and nothing is called not met', async () => {
    const socket = (process.env.DOCKER_HOST ?? '').replace('unix://', '');
    const open = new Set<Socket>();
    let asked = 0;
    const relay = createServer((client) => {
      const engine = connectSocket({ path: socket });
      for (const end of [client, engine]) {
        open.add(end);
        end.on('error', () => {});
      }
      client.on('data', (bytes) => {
        if (/GET \/v[\d.]+\/containers\/json/.test(String(bytes))) asked += 1;
        if (asked < 2) {
          engine.write(bytes);
          return;
        }
        relay.close();
        for (const end of open) end.destroy();
      });
      engine.pipe(client);
    });
    const path = join(lab.home, 'relay.sock');
    await new Promise<void>((resolve) => relay.listen(path, resolve));
    const { PGLAB_HOME: _, ...env } = lab.env;
    const mortal = openLab({ ...env, DOCKER_HOST: `unix://${path}` });
    const { code, outcome, trouble, steps } = await mortal.json('check', 'detached-run');
    assert.ok(asked >= 2, 'it was asked for containers before it went');
    assert.deepEqual([code, outcome, trouble?.code], [2, 'unknown', 'engine-unreachable']);
    assert.ok(trouble?.fix);
    for (const check of steps.flatMap(({ checks }) => checks)) assert.notEqual(check.outcome, 'not-met');
    rmSync(mortal.home, { recursive: true });
  });

  test('reset removes what is ours, and only that', async () => {
    const { docker } = lab;
    const { run } = await lab.json('list');
    const canaries = [
      ['pglab-looks-like-ours', 'nothing=here'],
      ['pglab-other-home', `pglab.run=${run}`, 'pglab.home=another'],
      ['pglab-other-run', 'pglab.run=another', `pglab.home=${homeIdOf(lab)}`],
    ];
    const names = canaries.map(([name]) => name as string);
    try {
      for (const [name = '', ...labels] of canaries) {
        const flags = labels.flatMap((label) => ['--label', label]);
        await docker('create', '--name', name, ...flags, 'postgres:17');
        await docker('volume', 'create', ...flags, name);
      }
      const plan = await lab.json('reset', '--dry-run');
      assert.ok((plan.reset as { plan: unknown[] }).plan.length >= 4);
      const { code, stderr } = await lab.pglab('reset', '--yes');
      assert.equal(code, 0, stderr);
      const containers = (await docker('ps', '-a', '--format', '{{.Names}}')).split('\n');
      const volumes = (await docker('volume', 'ls', '-q')).split('\n');
      for (const name of names) assert.ok(containers.includes(name) && volumes.includes(name), name);
    } finally {
      await docker('rm', '-v', ...names);
      await docker('volume', 'rm', ...names);
    }
    assert.deepEqual(await labelled(lab), []);
  });
});
