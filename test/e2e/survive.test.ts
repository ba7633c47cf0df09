/** A run that is interrupted, resumed and changed from outside; with canaries beside it. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lineOf } from '../../src/journal/line.ts';
import { besideCanaries } from './canaries.ts';
import { CLI, containerOf, ended, homeIdOf, listenOn } from './lab.ts';
import { openRelay } from './relay.ts';
import { heldBack } from './shim.ts';

const RUN = 'survivor';

describe('a run survives', () => {
  const { lab, run, idOf, journalFile, journal } = besideCanaries(RUN, '6520');

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
    assert.match(stdout, /The container of step 3, [0-9a-f]{12}, has been paused/);
    assert.match(stdout, /The container of step 6, [0-9a-f]{12}, has stopped/);
    assert.match(stdout, /The second container of step 11, [0-9a-f]{12}, has been\s+removed/);
    assert.match(stdout, /The volume of step 11 has been removed/);
    const told = stdout.split('\n').filter((line) => line.startsWith('·'));
    const walked = (await run('next', '--yes')).stdout;
    assert.deepEqual(
      told.filter((line) => !walked.includes(line)),
      [],
      walked,
    );
    const next = await run('run', 'three-connections', '--yes');
    assert.equal(next.code, 0, next.stdout);
    assert.match(next.stdout, /The container of step 6 has stopped;\s+`docker start/);
    assert.equal(await idOf('mapped'), mapped, 'started, not made anew');
    assert.equal(
      await lab.docker('inspect', '--format', '{{.State.Status}}', quiet),
      'paused',
      'not needed, not touched',
    );
    const kept = await run('run', 'volume-persistence', '--yes');
    assert.equal(kept.code, 0, kept.stdout);
    assert.doesNotMatch((await run()).stdout, /The volume of step 11 has been removed/, 'and it is mended');
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
    // A process that begins now sees it as well.
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
});
