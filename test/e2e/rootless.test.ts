/**
 * A rootless engine, used by an unprivileged user, beside another engine with the same addresses: the whole walk, a
 * check of it, a port that the system forbids, and a reset.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ended, openLab, type TestLab } from './lab.ts';
import { ROOTLESS } from './mutants/rootless.ts';
import { openRootless, type Rootless } from './rootless.ts';

/** As many addresses as the walk has containers at once, and some more. */
const ADDRESSES = 14;

describe('a rootless engine', () => {
  let lab: TestLab;
  let neighbour = '';
  let rootless: Rootless;
  const image = ['--image', 'postgres:17'];

  before(async () => {
    rootless = await openRootless();
    lab = openLab();
    neighbour = await startNeighbour(lab);
    for (const major of [17, 15])
      rootless.load(join(process.env.PGLAB_IMAGES as string, `postgres-${major}.tar`));
    for (const major of [17, 15])
      await rootless.docker('tag', `pglab/postgres:${major}`, `postgres:${major}`);
  });
  after(async () => {
    await rootless?.end();
    if (neighbour !== '') await lab.docker('rm', '-fv', neighbour);
    await lab.end();
  });

  test('is found without a word, and all that doctor looks at is well', async () => {
    const { doctor, code, engine } = await rootless.json('doctor', ...image);
    assert.deepEqual(
      (doctor as { state: string }[]).filter(({ state }) => state === 'bad'),
      [],
    );
    assert.equal(code, 0);
    assert.equal(engine, null);
    const told = await rootless.pglab('engine', 'status');
    assert.ok(told.stdout.includes(rootless.url), told.stdout + told.stderr);
  });

  test('is walked from the first step to the last; no neighbour answers in a container’s place', async () => {
    const ran = await rootless.json('run', '--all', '--yes', ...image);
    assert.deepEqual(unmet(ran), [], JSON.stringify(ran.trouble));
    assert.deepEqual([ran.code, ran.steps.length], [0, 12]);
    assert.deepEqual(unmet(await rootless.json('check', '--all')), []);
    const { stderr: log } = await ended('docker', ['logs', neighbour], lab.env);
    assert.match(log, /ready to accept connections/);
    assert.doesNotMatch(log, /connection received: host=172\.17\.0\.1 /);
  });

  test('a port that the system forbids is passed over, and the next that it allows is taken', async () => {
    const low = ['--run', 'low', '--port', '81', ...image];
    const { doctor } = await rootless.json('doctor', ...low);
    const told = (doctor as { what: string; text: string }[]).filter(({ what }) => what === 'port');
    assert.match(told[0]?.text ?? '', /gives no container 81; 1024 /);
    const ran = await rootless.json('run', 'port-mapping', '--yes', ...low);
    assert.deepEqual(unmet(ran), [], JSON.stringify(ran.trouble));
    const tried = ran.steps[0]?.commands.flatMap((each) => / -p (\d+):5432 /.exec(each.ran)?.[1] ?? []);
    assert.equal(tried?.at(-1), '1024');
  });

  for (const { world, step, flags, finds } of ROOTLESS) {
    test(`${step}: ${world} → ${finds}`, async () => {
      await rootless.pglab('show', step, '--run', 'hand', ...image);
      const named = ['--name', 'by-hand', '-e', 'POSTGRES_PASSWORD=theirs', ...flags];
      await rootless.docker('run', '-d', ...named, 'postgres:17');
      const told = await rootless.json('check', step, '--run', 'hand', ...image);
      const found = told.steps.flatMap(({ checks }) => checks.flatMap(({ finding }) => finding ?? []));
      assert.deepEqual([...new Set(found)], finds);
      await rootless.docker('rm', '-fv', 'by-hand');
      // Its way on: another port will do.
      const another = ['-d', '--name', 'by-hand', '-e', 'POSTGRES_PASSWORD=theirs', '-p', '6700:5432'];
      await rootless.docker('run', ...another, 'postgres:17');
      const { steps } = await rootless.json('check', step, '--run', 'hand', ...image);
      const checks = steps.flatMap((each) => each.checks);
      assert.equal(checks.find(({ id }) => id === 'published')?.outcome, 'met', JSON.stringify(checks));
      await rootless.docker('rm', '-fv', 'by-hand');
    });
  }

  test('is left as it was by a reset', async () => {
    const reset = await rootless.pglab('reset', '--all-runs', '--yes');
    assert.equal(reset.code, 0, reset.stderr);
    for (const list of [
      ['ps', '-aq'],
      ['volume', 'ls', '-q'],
    ])
      assert.equal((await rootless.docker(...list)).stdout, '');
  });
});

function unmet({ steps }: { steps: { id: string; outcome: string; checks: unknown[] }[] }): unknown[] {
  return steps.filter(({ outcome }) => outcome !== 'met');
}

/** A server on the engine of the tests that lets everybody in, at each address that a rootless container gets. */
async function startNeighbour({ docker }: TestLab): Promise<string> {
  const open = ['-e', 'POSTGRES_HOST_AUTH_METHOD=trust', '-e', 'POSTGRES_INITDB_ARGS=--no-sync'];
  const id = await docker('run', '-d', ...open, 'postgres:17', '-c', 'log_connections=on');
  const pid = await docker('inspect', '--format', '{{.State.Pid}}', id);
  const own = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id);
  for (let last = 2; last < 2 + ADDRESSES; last += 1) {
    if (own === `172.17.0.${last}`) continue;
    const add = ['ip', 'addr', 'add', `172.17.0.${last}/16`, 'dev', 'eth0'];
    execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, ...add]);
  }
  return id;
}
