/** A run that is interrupted, resumed, changed from outside, and begun anew; with canaries beside it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lineOf } from '../../src/journal/line.ts';
import { openJournal } from '../../src/journal/record.ts';
import { type Canaries, canaries } from './canaries.ts';
import { CLI, containerOf, ended, homeIdOf, labelled, listenOn, openLab, type TestLab } from './lab.ts';
import { openTerminal } from './pty.ts';
import { openRelay } from './relay.ts';
import { heldBack } from './shim.ts';

const RUN = 'survivor';

describe('a run survives', () => {
  let lab: TestLab;
  let birds: Canaries;
  const run = (...args: string[]) => lab.pglab(...args, '--run', RUN);
  const idOf = (name: string) => containerOf(lab, RUN, name);
  const journalFile = () => join(lab.home, 'runs', RUN, 'journal.jsonl');
  const journal = () => readFileSync(journalFile(), 'utf8');

  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6520', PGLAB_RUN: RUN });
    await run('list', '--all-runs');
    birds = await canaries(lab, RUN, homeIdOf(lab));
  });
  after(async () => {
    await birds.remove();
    await lab.end();
  });
  afterEach(() => birds.areWell());

  test('what changed outside is said by pglab and next, and mended only where it is needed', async () => {
    assert.equal(
      (await run('run', 'image', 'detached-run', 'port-mapping', 'volume-persistence', '--yes')).code,
      0,
    );
    const [quiet, mapped, keeper] = [await idOf('quiet'), await idOf('mapped'), await idOf('keeper')];
    await lab.docker('pause', quiet);
    await lab.docker('stop', mapped);
    await lab.docker('rm', '-f', keeper);
    const volume = `pglab-${homeIdOf(lab).slice(0, 6)}-${RUN}-data`;
    await lab.docker('volume', 'rm', volume);
    const { stdout, code } = await run();
    assert.equal(code, 0);
    assert.match(stdout, /quiet \([0-9a-f]{12}\), from detached-run, has been paused/);
    assert.match(stdout, /mapped \([0-9a-f]{12}\), from port-mapping, has stopped/);
    assert.match(stdout, /keeper \([0-9a-f]{12}\), from volume-persistence, has been removed/);
    assert.match(stdout, /the volume of volume-persistence/);
    const told = stdout.split('\n').filter((line) => line.startsWith('·'));
    const walked = (await run('next', '--yes')).stdout;
    assert.deepEqual(
      told.filter((line) => !walked.includes(line)),
      [],
      walked,
    );
    const next = await run('run', 'three-connections', '--yes');
    assert.equal(next.code, 0, next.stdout);
    assert.match(next.stdout, /mapped had stopped; `docker start/);
    assert.equal(await idOf('mapped'), mapped, 'started, not made anew');
    assert.equal(
      await lab.docker('inspect', '--format', '{{.State.Status}}', quiet),
      'paused',
      'not needed, not touched',
    );
    const kept = await run('run', 'volume-persistence', '--yes');
    assert.equal(kept.code, 0, kept.stdout);
    assert.doesNotMatch((await run()).stdout, /the volume of volume-persistence/, 'and it is mended');
  });

  test('an image whose name was moved or removed is said; the run stays with the one it began with', async () => {
    const other = await lab.docker('image', 'inspect', '--format', '{{.Id}}', 'postgres:15');
    const own = await lab.docker('image', 'inspect', '--format', '{{.Id}}', 'postgres:17');
    try {
      await lab.docker('tag', 'postgres:15', 'postgres:17');
      assert.match(
        (await run()).stdout,
        new RegExp(`postgres:17 names another image now \\(${other.slice(7, 19)}\\)`),
      );
      const { stdout, code } = await run('run', 'detached-run', '--yes');
      assert.equal(code, 0, stdout);
      assert.match(
        stdout.replace(/\s+/g, ' '),
        new RegExp(`stays with the one it began with, ${own.slice(7, 19)}`),
      );
    } finally {
      await lab.docker('tag', own, 'postgres:17');
    }
    assert.doesNotMatch((await run()).stdout, /names another image/);
    await lab.docker('tag', 'postgres:17', 'kept-by-test:1');
    try {
      await lab.docker('rmi', 'postgres:17');
      const gone = new RegExp(`postgres:17 names no image any more; .* ${own.slice(7, 19)}`);
      assert.match((await run()).stdout.replace(/\s+/g, ' '), gone);
      const { stdout, code } = await run('run', 'image', '--yes');
      assert.equal(code, 0, stdout);
      assert.match(stdout.replace(/\s+/g, ' '), gone);
    } finally {
      await lab.docker('tag', 'kept-by-test:1', 'postgres:17');
      await lab.docker('rmi', 'kept-by-test:1');
    }
  });

  test('a container that has stopped, and whose port was taken meanwhile: made anew on the next', async () => {
    await lab.docker('stop', await idOf('mapped'));
    const thief = await listenOn(6520);
    const { code, stdout } = await run('run', 'three-connections', '--yes');
    thief.close();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /-p 6521:5432/);
  });

  test('a port lost between choosing and running: the next one, and who has it is said', async () => {
    // Before the first run that publishes, somebody else takes the port: a listener of this test's.
    const env = { ...lab.env, PGLAB_PORT: '6540', PGLAB_RUN: 'lost' };
    const shim = await heldBack(env, '*"-p 6540:"*');
    const started = ended(process.execPath, [CLI, 'run', 'port-mapping', '--yes'], shim.env);
    await shim.reached();
    const thief = await listenOn(6540);
    shim.letGo();
    const { code, stdout, stderr } = await started;
    thief.close();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Port 6540 has been taken since, by node \(\d+\)/);
    assert.match(stdout, /0\.0\.0\.0:6541/);
    assert.doesNotMatch(stdout.slice(stdout.indexOf('has been taken since')), /-p 6540:/);
    // The thief is gone, and its port free again: the run stays where it is.
    const check = await ended(process.execPath, [CLI, 'check', 'port-mapping'], env);
    assert.equal(check.code, 0, check.stdout);
    assert.match(check.stdout, /0\.0\.0\.0:6541/);
    for (const verb of [['show', 'port-mapping'], ...Array(3).fill(['hint', 'port-mapping'])]) {
      const told = (await ended(process.execPath, [CLI, ...verb], env)).stdout;
      assert.doesNotMatch(told, /6540/, `${verb.join(' ')}: ${told}`);
      if (verb[0] === 'show') assert.match(told, /-p 6541:5432/);
    }
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'lost')).code, 0);
  });

  test('a server that is down for a moment keeps its port: another run takes the next one', async () => {
    const other = (of: string) => containerOf(lab, of, 'other');
    // Both choose the same while nobody has it.
    for (const of of ['early', 'late']) assert.equal((await lab.pglab('run', 'image', '--run', of)).code, 0);
    assert.equal((await lab.pglab('run', 'two-versions', '--yes', '--run', 'early')).code, 0);
    const down = await other('early');
    await lab.docker('kill', down);
    const { code, stdout } = await lab.pglab('run', 'two-versions', '--yes', '--run', 'late');
    assert.equal(code, 0, stdout);
    const name = (await lab.docker('inspect', '--format', '{{.Name}}', down)).slice(1);
    assert.ok(stdout.includes(`Port 6701 has been taken since, by ${name}`), stdout);
    assert.match(stdout, /-p 6702:5432/);
    assert.doesNotMatch(stdout, /-p 6701:/);
    await lab.docker('start', down);
    // Whoever begins now sees it as well.
    await lab.docker('stop', down);
    const fresh = await lab.pglab('run', 'image', '--run', 'fresh');
    assert.match(fresh.stdout, /Port 6701 is taken by/);
    await lab.docker('start', down);
    for (const of of ['early', 'late', 'fresh'])
      assert.equal((await lab.pglab('reset', '--yes', '--run', of)).code, 0);
  });

  test('its port is taken while it is down: trouble, then the step begins anew on another', async () => {
    const env = { ...lab.env, PGLAB_RUN: 'robbed' };
    assert.equal((await lab.pglab('run', 'two-versions', '--yes', '--run', 'robbed')).code, 0);
    const shim = await heldBack(env, '"start "*');
    const started = ended(process.execPath, [CLI, 'run', 'failure-isolation', '--yes'], shim.env);
    await shim.reached();
    const thief = await listenOn(6701);
    shim.letGo();
    const { code, stderr } = await started;
    assert.equal(code, 2);
    assert.match(stderr, /docker start [0-9a-f]{12}[\s\S]*(already allocated|already in use)/);
    const again = await lab.pglab('run', 'failure-isolation', '--yes', '--run', 'robbed');
    thief.close();
    assert.equal(again.code, 0, again.stdout);
    assert.match(again.stdout, /-p 6702:5432/);
    assert.doesNotMatch(
      again.stdout,
      /does not exist/,
      'nothing is asked of the new one as if it were the old',
    );
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'robbed')).code, 0);
  });

  test('reset of a step takes it and what builds on it, and nothing else', async () => {
    assert.equal((await run('run', 'two-versions', '--yes')).code, 0);
    const quiet = await idOf('quiet');
    const other = await idOf('other');
    const gone = await Promise.all(['port-mapping', 'two-versions'].map((step) => labelled(lab, RUN, step)));
    const stays = (await labelled(lab, RUN)).filter((id) => !gone.flat().includes(id));
    const plan = (await run('reset', 'port-mapping', '--dry-run')).stdout;
    assert.match(plan, /container \S+ \(other, labelled\) {2}[\d.]+ MB/, 'what, why it is ours, how large');
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

  test('the engine goes in the middle of a step: trouble with a mend; it goes on when it is back', async () => {
    const socket = (process.env.DOCKER_HOST ?? '').replace('unix://', '');
    const relay = await openRelay(join(lab.home, 'relay.sock'), socket);
    const started = ended(process.execPath, [CLI, 'run', 'disposable', '--yes'], {
      ...lab.env,
      DOCKER_HOST: `unix://${relay.path}`,
    });
    while ((await idOf('doomed')) === '') await sleep(50);
    relay.close();
    const { code, stderr } = await started;
    assert.equal(code, 2, stderr);
    assert.match(stderr, /→/);
    assert.doesNotMatch(stderr, /at .*\.js:\d+/);
    assert.match((await run()).stdout, /Interrupted as well: disposable was begun and not ended/);
    const again = await run('run', 'disposable', '--yes');
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /it goes on at command|begins anew/);
  });

  test('a clock that was set back changes nothing: order is by seq', async () => {
    const outcomeOf = async (step: string) =>
      ((await lab.json('list')).list as { id: string; outcome: string | null }[]).find(
        ({ id }) => id === step,
      )?.outcome;
    assert.equal((await run('reset', 'exec-psql', '--yes')).code, 0);
    assert.equal(await outcomeOf('exec-psql'), null);
    const last = journal().trimEnd().split('\n').length;
    const clock = join(import.meta.dirname, 'clock-back.mjs');
    const args = ['--import', clock, CLI, 'run', 'exec-psql', '--yes'];
    const { code, stdout } = await ended(process.execPath, args, lab.env);
    assert.equal(code, 0, stdout);
    const written = journal().trimEnd().split('\n').slice(last);
    const before = journal().split('\n')[0] as string;
    assert.ok(written.length > 0 && written.every((line) => JSON.parse(line).at < JSON.parse(before).at));
    assert.equal(await outcomeOf('exec-psql'), 'met');
    // And what comes after it, with the clock put right.
    assert.equal((await run('run', 'exec-psql', '--yes')).code, 0);
    assert.equal(await outcomeOf('exec-psql'), 'met');
  });

  test('a run that another version began is gone on with, and said; a later format is read-only', async () => {
    const [first = '', ...others] = journal().split('\n');
    const { sum: _, journal: __, ...begun } = JSON.parse(first);
    writeFileSync(journalFile(), [lineOf({ ...begun, v: 2, pglab: '0.2.0-test' }), ...others].join('\n'));
    const { stdout, code } = await run('run', 'image', '--yes');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /This run was begun by pglab 0\.2\.0-test/);
    const before = journal();
    writeFileSync(journalFile(), `${JSON.stringify({ ...begun, v: 1 })}\n`);
    const old = await run('next', '--yes');
    assert.deepEqual([old.code, /0\.1\.0, in a format that is no longer read/.test(old.stderr)], [2, true]);
    assert.match((await run()).stdout.replace(/\s+/g, ' '), /0\.1\.0 wrote, in a format/);
    writeFileSync(journalFile(), before);
    const whole = journal();
    const later9 = `${whole}{"v":9,"seq":99999,"at":"x","participant":"x","type":"later"}\n`;
    writeFileSync(journalFile(), later9);
    const later = await run('next', '--yes');
    assert.equal(later.code, 2);
    assert.equal((await run('list')).code, 0, 'it can be read all the same');
    assert.match((await run()).stdout.replace(/\s+/g, ' '), /a later version of pglab wrote: 1\./);
    const unread = join(lab.home, 'runs', 'unread');
    mkdirSync(join(unread, 'journal.jsonl'), { recursive: true });
    const all = await run('list', '--all-runs');
    rmSync(unread, { recursive: true });
    assert.equal(all.code, 0, all.stderr);
    assert.match(all.stdout, new RegExp(`${RUN} [\\s\\S]*unread +\\? .*no file at all`));
    assert.equal(journal(), later9, 'nothing was written');
    writeFileSync(journalFile(), whole);
  });

  test('the disk is full: trouble, and what was there is still there', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home]);
    try {
      const env = { ...lab.env, PGLAB_HOME: home };
      assert.equal((await ended(process.execPath, [CLI, 'run', 'image', '--yes'], env)).code, 0);
      const before = readFileSync(join(home, 'runs', RUN, 'journal.jsonl'), 'utf8');
      const fill = () =>
        execFileSync('bash', ['-c', `head -c 64k /dev/zero > '${home}/filler' || true`], { stdio: 'ignore' });
      fill();
      const { code, stderr } = await ended(process.execPath, [CLI, 'run', 'image', '--yes'], env);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /no space left|ENOSPC/i);
      rmSync(join(home, 'filler'));
      assert.ok(readFileSync(join(home, 'runs', RUN, 'journal.jsonl'), 'utf8').startsWith(before));
      assert.equal((await ended(process.execPath, [CLI, 'run', 'image', '--yes'], env)).code, 0);
      // A line that found no room is none that was lost, should there be room for the next.
      const told = openJournal(join(home, 'runs', RUN, 'journal.jsonl'), 'test');
      const hint = { type: 'hinted', step: 'image', level: 1 } as const;
      fill();
      assert.throws(() => {
        for (;;) told.append(hint);
      }, /home-full/);
      rmSync(join(home, 'filler'));
      told.append(hint);
      told.close();
      const { stdout } = await ended(process.execPath, [CLI, 'list'], env);
      assert.match(stdout, /✓ image/);
    } finally {
      execFileSync('umount', [home]);
      rmSync(home, { recursive: true });
    }
  });

  test('the home is deleted in the middle: trouble says so; the leftovers can be removed', async () => {
    const { PGLAB_HOME: _, ...env } = lab.env;
    const doomed = openLab({ ...env, PGLAB_PORT: '6530' });
    const child = ended(process.execPath, [CLI, 'run', 'detached-run', 'exec-psql', '--yes'], doomed.env);
    const id = () => readFileSync(join(doomed.home, 'home-id'), 'utf8').trim();
    let home = '';
    const made = async () =>
      home !== '' && (await lab.docker('ps', '-aq', '--filter', `label=pglab.home=${home}`)) !== '';
    while (!(await made())) {
      try {
        home = id();
      } catch {
        await sleep(20);
      }
    }
    rmSync(doomed.home, { recursive: true });
    const { code, stderr } = await child;
    assert.equal(code, 2, stderr);
    assert.match(stderr, /was removed while it went on/);
    mkdirSync(doomed.home, { recursive: true });
    const told = await doomed.pglab('reset', '--all-runs', '--dry-run');
    assert.match(told.stdout, new RegExp(`pglab reset --all-runs --home ${home}`));
    assert.equal((await doomed.pglab('reset', '--all-runs', '--home', home, '--yes')).code, 0);
    assert.equal(await lab.docker('ps', '-aq', '--filter', `label=pglab.home=${home}`), '');
    await doomed.end();
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
    // The run is begun anew: it was there before that, until the learner says that it is theirs.
    await adopted('check', 'port-mapping', '--yes');
    assert.deepEqual(
      JSON.parse((await adopted('reset', '--adopted', '--dry-run', '--format', 'json')).stdout).reset,
      {
        plan: [],
        kept: [],
      },
    );
    await adopted('check', 'port-mapping', '--yes', '--adopt', 'adopted-by-test');
    const plan = await adopted('reset', '--adopted', '--dry-run');
    assert.match(plan.stdout, /adopted-by-test \(mapped, yours, adopted\)\s+[\d.]+ MB/);
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
    const archived = readdirSync(dirname(journalFile())).filter((file) => file.endsWith('.archived.jsonl'));
    assert.equal(archived.length, 1, 'the journal is kept');
    const kept = readFileSync(join(dirname(journalFile()), archived[0] as string), 'utf8');
    assert.ok(kept.startsWith(told));
    assert.match(await lab.docker('image', 'inspect', '--format', '{{.Id}}', 'postgres:17'), /^sha256:/);
    assert.equal((await run('reset', '--yes')).code, 0, 'once more does no harm');
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
      assert.equal((await labelled(lab, 'copied-two')).length, 2);
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
      assert.match(session.text(), /quiet.* MB/);
      assert.deepEqual(await labelled(lab, 'asked'), left);
    }
  });

  test('a home that turns read-only: what is there can be read, and nothing else', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-turned-'));
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', home]);
    const pglab = (...args: string[]) =>
      ended(process.execPath, [CLI, ...args], { ...lab.env, PGLAB_HOME: home });
    try {
      assert.equal((await pglab('run', 'image', '--yes')).code, 0);
      execFileSync('mount', ['-o', 'remount,ro', home]);
      const { code, stderr } = await pglab('next', '--yes');
      assert.equal(code, 2);
      assert.match(stderr, /cannot be written/);
      const { code: listed, stdout } = await pglab('list');
      assert.equal(listed, 0);
      assert.match(stdout, /✓ image/);
    } finally {
      execFileSync('umount', [home]);
      rmSync(home, { recursive: true });
    }
  });

  test('a read-only home is trouble with a mend', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-ro-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', home]);
    try {
      const { code, stderr } = await ended(process.execPath, [CLI, 'next', '--yes'], {
        ...lab.env,
        PGLAB_HOME: home,
      });
      assert.equal(code, 2);
      assert.match(stderr, /cannot be written/);
    } finally {
      execFileSync('umount', [home]);
      chmodSync(home, 0o700);
      rmSync(home, { recursive: true });
    }
  });
});
