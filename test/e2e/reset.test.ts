/** What a reset takes, what it leaves, and what it cannot; with canaries beside it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { besideCanaries } from './canaries.ts';
import { containerOf, homeIdOf, labelled } from './lab.ts';
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
