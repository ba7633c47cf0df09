/** The command line as others use it: behind pipes and signals, without a run, and with one that was killed. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CLI, ended, NOT_HERE, openLab, type TestLab } from './lab.ts';

describe('the command line as others use it', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  test('pglab alone: what this is, how long it takes, what it needs; then three lines', async () => {
    const { stdout, code } = await lab.pglab();
    assert.equal(code, 0);
    const [first, second, third] = stdout.trimEnd().split('\n').slice(-3);
    const about = stdout
      .slice(0, stdout.indexOf(first as string))
      .replaceAll('\n', ' ')
      .trim();
    assert.match(about, /^A guided lab, postgres-in-docker: 12 steps, ~30 minutes\. Needs Docker, or root/);
    assert.match(`${first}\n${second}\n${third}`, /^○{12} {2}No run yet: 12 .*\nNext: 1, .*\npglab next /);
  });

  test('a full disk behind the output is trouble, with its mend', async () => {
    const line = `"${process.execPath}" "${CLI}" list > /dev/full`;
    const { code, stderr } = await ended('bash', ['-c', line], lab.env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^The output could not be written: .*ENOSPC.*\n→ /);
    assert.doesNotMatch(stderr, /bug/);
  });

  test('a closed pipe ends it with 0, without a word', async () => {
    const line = `"${process.execPath}" "${CLI}" list; echo "exit $?" >&2`;
    const { stdout, stderr } = spawnSync('bash', ['-c', `(${line}) | head -1`], {
      env: lab.env,
      encoding: 'utf8',
    });
    assert.match(stdout, /The image\n$/);
    assert.equal(stderr, 'exit 0\n');
  });

  test('who named an engine that is dead, wrong or unknown is said where anything is asked of it', async () => {
    const config = mkdtempSync(join(tmpdir(), 'pglab-config-'));
    writeFileSync(join(config, 'config.json'), '{"currentContext":"lost"}');
    const blind = { DOCKER_HOST: '', DOCKER_CONTEXT: '' };
    for (const [env, who, mend] of [
      [{ DOCKER_HOST: NOT_HERE }, 'by DOCKER_HOST', 'unset DOCKER_HOST'],
      [{ DOCKER_HOST: 'junk::' }, 'by DOCKER_HOST', 'unset DOCKER_HOST'],
      [{ ...blind, DOCKER_CONTEXT: 'gone' }, 'by DOCKER_CONTEXT', 'unset DOCKER_CONTEXT'],
      [{ ...blind, DOCKER_CONFIG: config }, join(config, 'config.json'), 'docker context use default'],
      [{ PGLAB_HOST: NOT_HERE }, 'by --host or PGLAB_HOST', 'unset PGLAB_HOST'],
    ] as const) {
      const bad = openLab({ PGLAB_HOME: lab.home, ...env });
      const { stderr } = await bad.pglab('next', '--yes');
      const lines = stderr.trimEnd().split('\n');
      assert.ok(lines.at(-2)?.includes(who) && lines.at(-1)?.includes(mend), stderr);
      const { trouble } = await bad.json('check', 'image');
      assert.ok(trouble?.message.includes(who) && trouble.fix.includes(mend), JSON.stringify(trouble));
    }
  });

  test('show prints the password’s export line, and runs nothing', async () => {
    const { stdout, code } = await lab.pglab('show', 'port-mapping');
    assert.equal(code, 0);
    assert.match(stdout, /^Once in each shell.*keeps it:$/m);
    assert.match(stdout, /^export POSTGRES_PASSWORD="\$\{POSTGRES_PASSWORD:-[0-9a-f]{24}\}"$/m);
    assert.match(stdout, /docker run -d -e POSTGRES_PASSWORD -p 6700:5432 postgres/);
  });

  test('a run that is not there is said where others are; a verb that only reads its journal makes none', async () => {
    const { code, stderr } = await lab.pglab('list', '--run', 'mistyped');
    assert.deepEqual([code, /There is no run mistyped yet\. Other runs: /.test(stderr)], [0, true], stderr);
    assert.ok(!existsSync(join(lab.home, 'runs', 'mistyped')));
    const hint = await lab.pglab('hint', 'image', '--run', 'hinted');
    assert.match(hint.stderr, /There was no run hinted; it begins here\. Other runs: /);
    assert.doesNotMatch((await lab.pglab('hint', 'image', '--run', 'hinted')).stderr, /no run/);
  });

  test('hints rise, and the last stays', async () => {
    const levels: unknown[] = [];
    for (let at = 0; at < 4; at += 1)
      levels.push(((await lab.json('hint', 'port-mapping')).hint as { level: number }).level);
    assert.deepEqual(levels, [1, 2, 3, 3]);
    // Before a container is there, a word stands in its place.
    const places: [string, RegExp][] = [
      ['exec-psql', /docker exec -it CONTAINER psql/],
      ['three-connections', /-h 127\.0\.0\.1 -p PORT`/],
    ];
    for (const [step, place] of places) {
      for (let at = 0; at < 2; at += 1) await lab.pglab('hint', step, '--run', 'empty');
      assert.match((await lab.pglab('hint', step, '--run', 'empty')).stdout.replace(/\s+/g, ' '), place);
    }
  });

  test('a run that was killed in the middle of a step is resumed', async () => {
    const child = lab.start('run', 'detached-run', 'exec-psql', '--yes', '--run', 'killed');
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (text) => String(text).includes('docker container ps') && resolve());
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    const { stdout } = await lab.pglab('--run', 'killed');
    assert.match(
      stdout,
      /Interrupted as well: detached-run was begun and not ended; `pglab run detached-run`/,
    );
    assert.match(stdout, /^Next: 1, /m);
    assert.match(stdout, /Needs Docker, or root\s+on/);
    assert.match(stdout, /^○{12} {2}Run killed: 0 of 12/m);
    const { code, steps } = await lab.json('run', 'detached-run', '--yes', '--run', 'killed');
    assert.deepEqual([code, steps[0]?.outcome], [0, 'met']);
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'killed')).code, 0);
  });

  test('SIGTERM ends it with 130 and leaves no foreground container running', async () => {
    const filter = ['--filter', 'event=start', '--filter', 'label=pglab.name=foreground'];
    const events = spawn('docker', ['events', ...filter], {
      env: lab.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const started = new Promise((resolve) => events.stdout.once('data', resolve));
    const child = lab.start('run', 'foreground-run', '--yes', '--run', 'ended');
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await started;
    events.kill();
    child.kill('SIGTERM');
    assert.equal(await ended, 130);
    assert.equal(await lab.docker('ps', '-q', '--filter', 'label=pglab.run=ended'), '');
  });
});
