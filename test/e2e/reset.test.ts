/** What a reset takes, what it leaves, and what it cannot; with canaries beside it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { openJournal } from '../../src/journal/record.ts';
import { besideCanaries } from './canaries.ts';
import { containerOf, homeIdOf, labelled, openLab } from './lab.ts';
import { openTerminal } from './pty.ts';
import { openRelay } from './relay.ts';

const RUN = 'resetter';

describe('a reset', () => {
  const { lab, run, idOf, journalFile, journal } = besideCanaries(RUN, '6520');

  before(async () => {
    assert.equal((await run('run', 'image', 'detached-run', 'volume-persistence', '--yes')).code, 0);
  });

  test('reset of a step takes it and what builds on it, and nothing else', async () => {
    assert.equal((await run('run', 'two-versions', '--yes')).code, 0);
    const quiet = await idOf('quiet');
    const other = await idOf('other');
    const gone = await Promise.all(['port-mapping', 'two-versions'].map((step) => labelled(lab, RUN, step)));
    const stays = (await labelled(lab, RUN)).filter((id) => !gone.flat().includes(id));
    const plan = (await run('reset', 'port-mapping', '--dry-run')).stdout;
    assert.match(
      plan,
      /container \S+ \(the container of step 8, labelled\) {2}[\d.]+ MB/,
      'what, why it is ours, how large',
    );
    const { code, stdout, stderr } = await run('reset', 'port-mapping', '--yes');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /port-mapping, three-connections, two-versions, failure-isolation can be done anew/);
    assert.deepEqual([await idOf('mapped'), await idOf('other'), await idOf('quiet')], ['', '', quiet]);
    assert.ok(other !== '' && stays.length > 0);
    assert.deepEqual(await labelled(lab, RUN), stays);
    const { list } = await lab.json('list');
    const outcomes = Object.fromEntries(
      (list as { id: string; outcome: string }[]).map((row) => [row.id, row.outcome]),
    );
    assert.deepEqual(
      [outcomes['detached-run'], outcomes['port-mapping'], outcomes['three-connections']],
      ['met', null, null],
    );
  });

  test('the files that a step kept outside go with it, and are in the plan', async () => {
    assert.equal((await run('run', 'config-outside', '--yes')).code, 0);
    const folder = join(lab.home, 'runs', RUN, 'files');
    const plan = (await run('reset', 'config-outside', '--dry-run')).stdout;
    assert.match(plan, new RegExp(`folder ${folder} \\(files of its steps\\)  [\\d.]+ MB`));
    assert.doesNotMatch((await run('reset', 'detached-run', '--dry-run')).stdout, /folder/);
    assert.ok(existsSync(folder), 'so far it was a plan');
    assert.equal((await run('reset', 'config-outside', '--yes')).code, 0);
    assert.ok(!existsSync(folder));
  });

  test('what comes into being between the plan and the answer is named, as well', async () => {
    const labels = [`pglab.home=${homeIdOf(lab)}`, 'pglab.run=in-between', 'pglab.step=later'];
    const flags = labels.flatMap((label) => ['--label', label]);
    await lab.docker('volume', 'create', ...flags, 'planned');
    const session = openTerminal(lab, ['reset', '--run', 'in-between']);
    await session.sees(/volume planned \(labelled\)/);
    await session.sees(/Remove all of this\?/);
    await lab.docker('volume', 'create', ...flags, 'in-between');
    session.types('y');
    await session.sees(/Not in the plan.*1 in all\s+volume in-between\s/);
    await session.sees(/2 removed/);
    assert.equal(await session.ends(), 0);
  });

  test('whatever carries the labels goes, a network and a volume that no step made too', async () => {
    const labels = [`pglab.home=${homeIdOf(lab)}`, 'pglab.run=labels-alone', 'pglab.step=later'];
    const flags = labels.flatMap((label) => ['--label', label]);
    await lab.docker('network', 'create', ...flags, 'of-a-later-version');
    await lab.docker('volume', 'create', ...flags, 'of-a-later-version');
    const { stdout } = await lab.pglab('reset', '--dry-run', '--run', 'labels-alone');
    assert.match(stdout, /network of-a-later-version \(labelled\)/);
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'labels-alone')).code, 0);
    assert.deepEqual(await labelled(lab, 'labels-alone'), []);
  });

  test('what was adopted goes only when it is asked for', async () => {
    const adopted = (...args: string[]) => lab.pglab(...args, '--run', 'adopting', '--port', '6521');
    await adopted('show', 'port-mapping');
    const theirs = await lab.docker(
      'run',
      '-d',
      '--name',
      'adopted-by-test',
      '-e',
      'POSTGRES_PASSWORD=x',
      '-p',
      '6521:5432',
      'postgres:17',
    );
    await adopted('check', 'port-mapping', '--yes');
    assert.equal((await adopted('reset', '--yes')).code, 0);
    assert.equal(await lab.docker('inspect', '--format', '{{.State.Running}}', theirs), 'true');
    // What the journal tells is needed still to remove it.
    const plan = await adopted('reset', '--adopted', '--dry-run');
    assert.match(plan.stdout, /adopted-by-test \(the container of step 6, yours, adopted\)\s+[\d.]+ MB/);
    assert.equal((await adopted('reset', '--adopted', '--yes')).code, 0);
    assert.equal(await lab.docker('ps', '-aq', '--filter', 'name=adopted-by-test'), '');
  });

  test('what each of several runs adopted goes, not only the last of a name', async () => {
    const apart = openLab({ PGLAB_IMAGE: 'postgres:17' });
    const made: string[] = [];
    for (const port of ['6522', '6523']) {
      const flags = ['-e', 'POSTGRES_PASSWORD=x', '-p', `${port}:5432`];
      await apart.pglab('show', 'port-mapping', '--run', `adopt-${port}`);
      made.push(await apart.docker('run', '-d', ...flags, 'postgres:17'));
      await apart.pglab('check', 'port-mapping', '--yes', '--port', port, '--run', `adopt-${port}`);
    }
    const { code, stdout } = await apart.pglab('reset', '--all-runs', '--adopted', '--yes');
    assert.equal(code, 0, stdout);
    const left = (await apart.docker('ps', '-aq', '--no-trunc'))
      .split('\n')
      .filter((id) => made.includes(id));
    assert.deepEqual(left, []);
    await apart.end();
  });

  test('a volume under the name of ours that somebody else made is left alone, and said', async () => {
    const volume = `pglab-${homeIdOf(lab).slice(0, 6)}-${RUN}-data`;
    await run('reset', 'volume-persistence', '--yes');
    await lab.docker('volume', 'create', volume);
    const { code, stderr } = await run('run', 'volume-persistence', '--yes');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /there is one of that name that pglab did\s+not make/);
    assert.equal((await run('run', 'volume-persistence', '--yes')).code, 2, 'and again');
    assert.equal((await run('reset', 'volume-persistence', '--yes')).code, 0);
    assert.equal(await lab.docker('volume', 'inspect', '--format', '{{.Labels}}', volume), 'map[]');
    await lab.docker('volume', 'rm', volume);
  });

  test('what cannot be removed is named, and the rest goes; then it goes on where it was', async () => {
    await run('run', 'volume-persistence', '--yes');
    const volume = `pglab-${homeIdOf(lab).slice(0, 6)}-${RUN}-data`;
    await lab.docker(
      'run',
      '-d',
      '--name',
      'canary-user',
      '-v',
      `${volume}:/theirs`,
      '--entrypoint',
      'sleep',
      'postgres:17',
      'infinity',
    );
    const told = journal();
    const { code, stderr } = await run('reset', '--yes');
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`volume ${volume}`));
    assert.deepEqual(await labelled(lab, RUN), [volume]);
    await lab.docker('rm', '-fv', 'canary-user');
    assert.equal((await run('reset', '--yes')).code, 0);
    assert.deepEqual(await labelled(lab, RUN), []);
    assert.ok(!existsSync(journalFile()));
    // What its steps explained can be read on, and that it was reset is said.
    const list = await run('list');
    assert.match(list.stdout, /The pass before the reset finished \d+ of 12/);
    const archived = readdirSync(dirname(journalFile())).filter((file) => file.endsWith('.archived.jsonl'));
    assert.equal(archived.length, 1, 'the journal is kept');
    const kept = readFileSync(join(dirname(journalFile()), archived[0] as string), 'utf8');
    assert.ok(kept.startsWith(told));
    assert.match(await lab.docker('image', 'inspect', '--format', '{{.Id}}', 'postgres:17'), /^sha256:/);
    assert.equal((await run('reset', '--yes')).code, 0, 'once more does no harm');
    const { stdout } = await run('show', 'image');
    assert.match(stdout, /From the pass of this run that was reset/);
    assert.match(stdout, /is image `[0-9a-f]{12}` here[\s\S]+Then and now/);
  });

  test('what the engine fails to remove is named, and the rest goes', async () => {
    const failing = (...args: string[]) => lab.pglab(...args, '--run', 'failing', '--port', '6524');
    assert.equal((await failing('run', 'detached-run', 'port-mapping', '--yes')).code, 0);
    const quiet = await containerOf(lab, 'failing', 'quiet');
    const relay = await openRelay(join(lab.home, 'refusing.sock'), (process.env.DOCKER_HOST ?? '').slice(7));
    relay.refuse(`/containers/${quiet}?`);
    const { code, stderr } = await failing('reset', '--yes', '--host', relay.url);
    relay.close();
    assert.equal(code, 2, stderr);
    assert.match(stderr, /refused by the test/);
    assert.equal(await containerOf(lab, 'failing', 'quiet'), quiet);
    assert.equal(await containerOf(lab, 'failing', 'mapped'), '');
    assert.equal((await failing('reset', '--yes')).code, 0);
    assert.deepEqual(await labelled(lab, 'failing'), []);
  });

  test('one that the engine can list and not inspect stops no others, and goes as well', async () => {
    const broken = (...args: string[]) => lab.pglab(...args, '--run', 'broken', '--port', '6526');
    assert.equal((await broken('run', 'detached-run', 'port-mapping', '--yes')).code, 0);
    const quiet = await containerOf(lab, 'broken', 'quiet');
    const relay = await openRelay(join(lab.home, 'faulty.sock'), (process.env.DOCKER_HOST ?? '').slice(7));
    relay.refuse(`/containers/${quiet}/json`);
    const { code, stderr } = await broken('reset', '--yes', '--host', relay.url);
    relay.close();
    assert.equal(code, 0, stderr);
    assert.deepEqual(await labelled(lab, 'broken'), []);
  });

  test('what the learner runs from an image of a container of ours is theirs', async () => {
    const copied = (...args: string[]) => lab.pglab(...args, '--run', 'copied');
    assert.equal((await copied('run', 'detached-run', '--yes')).code, 0);
    const quiet = await containerOf(lab, 'copied', 'quiet');
    // An image of ours carries our labels, and so does all that is made from it.
    await lab.docker('commit', quiet, 'copied-by-test:1');
    const theirs = await lab.docker('run', '-d', '--name', 'theirs-by-test', 'copied-by-test:1');
    const look = () => lab.docker('inspect', '--format', '{{.State.StartedAt}} {{json .Mounts}}', theirs);
    const before = await look();
    try {
      assert.equal((await copied('run', 'detached-run', '--yes')).code, 0);
      assert.equal((await copied('reset', 'detached-run', '--yes')).code, 0);
      assert.equal((await copied('run', 'detached-run', '--yes')).code, 0);
      assert.equal((await copied('reset', '--yes')).code, 0);
      assert.equal(await look(), before, 'untouched');
      // And what pglab runs from it for another run is ours, though the image has some of our labels.
      const from = ['--run', 'copied-two', '--image', 'copied-by-test:1'];
      assert.equal((await lab.pglab('run', 'detached-run', '--yes', ...from)).code, 0);
      assert.equal((await labelled(lab, 'copied-two')).length, 4);
      assert.equal((await lab.pglab('reset', '--yes', '--run', 'copied-two')).code, 0);
      assert.deepEqual(await labelled(lab, 'copied-two'), []);
      assert.equal(await look(), before, 'untouched');
      // Nor is it lost where it is the same run, and the image has all of them.
      const same = ['run', 'detached-run', '--yes', '--image', 'copied-by-test:1'];
      assert.equal((await copied(...same)).code, 0);
      const ours = (await containerOf(lab, 'copied', 'quiet')).split('\n').filter((id) => id !== theirs);
      assert.equal(ours.length, 1);
      assert.equal((await copied('reset', '--yes')).code, 0);
      assert.equal(await containerOf(lab, 'copied', 'quiet'), theirs, 'ours is gone');
      assert.equal(await look(), before, 'untouched');
    } finally {
      await lab.docker('rm', '-fv', theirs);
      await lab.docker('rmi', 'copied-by-test:1');
    }
    assert.deepEqual(await labelled(lab, 'copied'), []);
  });

  test('of what has no label, what the journal saw in a container of ours goes; a named volume never', async () => {
    const known = (...args: string[]) => lab.pglab(...args, '--run', 'known');
    assert.equal((await known('run', 'image', '--yes')).code, 0);
    const anonymous = await lab.docker('volume', 'create');
    const named = await lab.docker('volume', 'create', 'named-by-test');
    const told = openJournal(join(lab.home, 'runs', 'known', 'journal.jsonl'), 'test');
    const bare = { image: null, ports: [], networks: [], mounts: [] };
    for (const volume of [anonymous, named])
      told.append({ type: 'made', kind: 'container', name: 'quiet', id: 'f'.repeat(64), volume, ...bare });
    told.close();
    const plan = async (...steps: string[]) => (await known('reset', ...steps, '--dry-run')).stdout;
    assert.match(await plan(), new RegExp(anonymous.slice(0, 12)));
    assert.doesNotMatch(await plan('port-mapping'), new RegExp(anonymous.slice(0, 12)), 'of another step');
    // A reset of its step takes it: no later one would know of it any more.
    assert.equal((await known('reset', 'detached-run', '--yes')).code, 0);
    const left = (await lab.docker('volume', 'ls', '-q')).split('\n');
    assert.deepEqual([left.includes(anonymous), left.includes(named)], [false, true]);
    assert.equal((await known('reset', '--yes')).code, 0);
    assert.match(await lab.docker('volume', 'ls', '-q'), /^named-by-test$/m);
    await lab.docker('volume', 'rm', named);
  });

  test('reset asks: no leaves all as it is, yes removes it; where nobody can be asked it wants --yes', async () => {
    assert.equal((await lab.pglab('run', 'detached-run', '--yes', '--run', 'asked')).code, 0);
    const made = await labelled(lab, 'asked');
    const unasked = await lab.pglab('reset', '--run', 'asked');
    assert.equal(unasked.code, 64);
    assert.match(unasked.stderr, /--yes/);
    for (const [key, left] of [
      ['n', made],
      ['y', []],
    ] as const) {
      const session = openTerminal(lab, ['reset', '--run', 'asked', '--lang', 'en']);
      await session.sees(/Remove all of this\?/);
      session.types(key);
      assert.equal(await session.ends(), 0, session.text());
      assert.match(session.text(), /the container of step 3.* MB/);
      assert.deepEqual(await labelled(lab, 'asked'), left);
    }
  });
});
