/** What befalls an engine in the middle of a run: restarted, killed, emptied, replaced. Canaries beside it. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../../src/engine/processes.ts';
import { type Apart, openApart } from './apart.ts';
import { type Canaries, canaries } from './canaries.ts';
import { CLI, containerOf, type Ended, labelled, openLab, processesOf } from './lab.ts';
import { openRelay } from './relay.ts';
import { RUN, SETTINGS, TARBALL } from './troubled-run.ts';

/** Without the line breaks of a narrow window. */
const flat = ({ stdout }: Pick<Ended, 'stdout'>) => stdout.replace(/\s+/g, ' ');

/** Where it is still there. */
function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
  }
}

async function pair({ inside, lab }: Apart, one: string, other: string): Promise<void> {
  const words = ['link', 'add', one, 'type', 'veth', 'peer', 'name', other];
  assert.equal((await inside(lab.env, 'ip', ...words)).code, 0);
}

const idOf = ({ lab }: Apart, name: string) => containerOf(lab, RUN, name);

describe('an engine that goes and comes back', () => {
  let apart: Apart;
  let birds: Canaries;
  const pglab = (...args: string[]) => apart.pglab(...args, '--run', RUN);
  before(async () => {
    apart = await openApart(SETTINGS);
    assert.equal((await pglab('engine', 'up')).code, 0);
    assert.equal((await pglab('image', 'load', TARBALL)).code, 0);
    await pglab('list', '--all-runs');
    birds = await canaries(apart.lab, RUN, 'somebody-else');
  });
  after(async () => {
    try {
      await birds.remove();
    } finally {
      await apart.end();
    }
  });

  test('restarted: it is said, and a step starts what it needs', async () => {
    assert.equal((await pglab('run', 'detached-run', 'port-mapping', '--yes')).code, 0);
    const mapped = await idOf(apart, 'mapped');
    assert.equal((await pglab('engine', 'down')).code, 0);
    assert.match(flat(await pglab()), /engine of this run, unix:\S+, does not answer/);
    assert.equal((await pglab('engine', 'up')).code, 0);
    assert.match(flat(await pglab()), /All 2 containers of this run have stopped since/);
    const next = await pglab('run', 'three-connections', '--yes');
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.match(next.stdout, /The container of step 6 has stopped;\s+`docker start/);
    assert.equal(await idOf(apart, 'mapped'), mapped, 'started, not made anew');
    await birds.areWell('engine-ended');
  });

  test('killed in the middle of a step: trouble with a mend; back again, the step goes on', async () => {
    const started = pglab('run', 'disposable', '--yes');
    while ((await idOf(apart, 'doomed')) === '') await sleep(50);
    process.kill(apart.pid(), 'SIGKILL');
    const { code, stdout, stderr } = await started;
    assert.equal(code, 2, stdout + stderr);
    assert.match(stderr, /→/);
    assert.doesNotMatch(stderr, /at .*\.js:\d+/);
    assert.equal((await pglab('engine', 'up')).code, 0);
    const again = await pglab('run', 'disposable', '--yes');
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /it goes on at command|begins anew/);
    await birds.areWell('engine-ended');
  });

  test('emptied: what is gone is said, and a step makes what it needs anew, the image first', async () => {
    const kept = `${apart.data}-kept`;
    await pglab('engine', 'down');
    renameSync(apart.data, kept);
    assert.equal((await pglab('engine', 'up')).code, 0);
    const told = flat(await pglab());
    assert.match(told, /The container of step 6, [0-9a-f]{12}, has been removed/);
    assert.match(told, /The image that this run began with \([0-9a-f]{12}\) is gone/);
    const next = await pglab('run', 'three-connections', '--yes');
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.equal((await pglab('reset', '--yes')).code, 0);
    assert.deepEqual(await labelled(apart.lab, RUN), []);
    await pglab('engine', 'down');
    rmSync(apart.data, { recursive: true });
    renameSync(kept, apart.data);
    assert.equal((await pglab('engine', 'up')).code, 0);
    await birds.areWell('engine-ended');
    // The journal of what came back is in the archive: its labels alone find it.
    assert.equal((await pglab('reset', '--all-runs', '--yes')).code, 0);
    assert.deepEqual(await labelled(apart.lab), []);
  });

  test('killed, and ended without coming up in between: nothing of it runs any more', async () => {
    assert.equal((await pglab('run', 'detached-run', '--yes')).code, 0);
    process.kill(apart.pid(), 'SIGKILL');
    assert.equal((await pglab('engine', 'down')).code, 0);
    assert.deepEqual(processesOf(apart.lab.home), []);
    assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(apart.lab.home), 'nor mounted');
    assert.equal((await pglab('engine', 'up')).code, 0);
    assert.match(flat(await pglab()), /The container of step 3, [0-9a-f]{12}, has stopped/);
    assert.equal((await pglab('reset', '--yes')).code, 0);
    await birds.areWell('engine-ended');
  });

  test('killed with all that it ran, and ended: nothing of it is mounted or remembered', async () => {
    const engine = processesOf(apart.lab.home).map(Number);
    for (const pid of [apart.pid(), ...engine, ...engine.flatMap(childrenOf)]) endAtOnce(pid);
    const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8').includes(apart.lab.home);
    assert.ok(mounts(), 'so far something of it is');
    const down = await pglab('engine', 'down');
    assert.equal(down.code, 0);
    assert.doesNotMatch(down.stdout, /was not running/);
    assert.ok(!mounts());
    assert.ok(!existsSync(join(apart.lab.home, 'engine', 'run')));
    assert.match((await pglab('engine', 'down')).stdout, /was not running/);
    assert.equal((await pglab('engine', 'up')).code, 0);
    await birds.areWell('engine-ended');
  });

  test('killed with all that it ran: the engine of another home finds its containers’ networks gone', async () => {
    const { DOCKER_HOST: _, ...blind } = apart.lab.env;
    const other = { ...blind, PGLAB_HOME: mkdtempSync(join(tmpdir(), 'pglab-other-')) };
    const others = (...words: string[]) => apart.inside(other, process.execPath, CLI, ...words);
    const links = async () => (await apart.inside(blind, 'ip', '-brief', 'link')).stdout;
    assert.equal((await pglab('run', 'detached-run', '--yes')).code, 0);
    const engine = processesOf(apart.lab.home).map(Number);
    for (const pid of [apart.pid(), ...engine, ...engine.flatMap(childrenOf)]) endAtOnce(pid);
    assert.match(await links(), /^veth/m, 'a network outlives the container that it was made for');
    // As by an engine that was killed while it took a container's end back.
    await pair(apart, 'vethaaaaaa1', 'vethaaaaaa2');
    try {
      const up = await others('engine', 'up');
      assert.equal(up.code, 0, up.stderr);
      assert.doesNotMatch(await links(), /^veth/m);
    } finally {
      assert.equal((await others('engine', 'down')).code, 0);
    }
    rmSync(other.PGLAB_HOME, { recursive: true });
    assert.equal((await pglab('engine', 'up')).code, 0);
    assert.match(flat(await pglab()), /The container of step 3, [0-9a-f]{12}, has stopped/);
    assert.equal((await pglab('reset', '--yes')).code, 0);
    await birds.areWell('engine-ended');
  });

  test('two homes bring one up at once: one comes up, and the other is told', async () => {
    assert.equal((await pglab('engine', 'down')).code, 0);
    const { DOCKER_HOST: _, ...blind } = apart.lab.env;
    await pair(apart, 'vethbbbbbb1', 'vethbbbbbb2');
    const homes = [apart.lab.home, mkdtempSync(join(tmpdir(), 'pglab-other-'))];
    const each = (...words: string[]) =>
      Promise.all(
        homes.map((home) =>
          apart.inside({ ...blind, PGLAB_HOME: home }, process.execPath, CLI, 'engine', ...words),
        ),
      );
    const up = await each('up');
    assert.deepEqual(up.map(({ code }) => code).sort(), [0, 2], JSON.stringify(up));
    const told = up.find(({ code }) => code === 2)?.stderr ?? '';
    assert.match(told, /^An engine runs on this machine already \(dockerd, process \d+\)/);
    assert.deepEqual(
      (await each('down')).map(({ code }) => code),
      [0, 0],
    );
    const { stdout } = await apart.inside(blind, 'ip', 'link', 'show', 'vethbbbbbb1');
    assert.match(stdout, /^\d+: vethbbbbbb1@/, 'what was there before an engine stays');
    assert.equal((await apart.inside(blind, 'ip', 'link', 'delete', 'vethbbbbbb1')).code, 0);
    rmSync(homes[1] as string, { recursive: true });
    assert.equal((await pglab('engine', 'up')).code, 0);
    await birds.areWell('engine-ended');
  });

  test('replaced by another at its address: said, nothing is taken for ours, then gone on with', async () => {
    const engines = [process.env.DOCKER_HOST, apart.lab.env.DOCKER_HOST].map((url) => url?.slice(7) ?? '');
    const relay = await openRelay(join(apart.lab.home, 'relay.sock'), engines[0] as string);
    const lab = openLab({ ...SETTINGS, DOCKER_HOST: `unix://${relay.path}` });
    const run = (...args: string[]) => lab.pglab(...args, '--run', RUN);
    const journal = () => readFileSync(join(lab.home, 'runs', RUN, 'journal.jsonl'), 'utf8');
    assert.equal((await run('run', 'detached-run', '--yes')).code, 0);
    const [before, made] = [journal(), await labelled(lab, RUN)];
    relay.leadTo(engines[1] as string);
    assert.match(flat(await run('list', '--all-runs')), new RegExp(`${RUN} .* on another engine`));
    assert.match(flat(await run()), /began on another engine than the one that answers at unix:/);
    for (const verb of [['next', '--yes'], ['check'], ['reset', '--yes']]) {
      // As the home's current run: by its name a reset would let it go.
      const { code, stderr } = await lab.pglab(...verb);
      assert.equal(code, 2, stderr);
      assert.match(flat({ stdout: stderr }), /than the one that answers at unix:.* → .*--run second/);
    }
    const all = await run('reset', '--all-runs', '--yes');
    assert.equal(all.code, 2);
    assert.match(flat({ stdout: all.stderr }), new RegExp(`${RUN}: Run ${RUN} began on another engine`));
    assert.deepEqual(await labelled(lab, RUN), [], 'nothing of it is there');
    assert.ok(journal().startsWith(before), 'and nothing is lost');
    await birds.areWell('engine-ended');
    relay.leadTo(engines[0] as string);
    assert.deepEqual(await labelled(lab, RUN), made);
    assert.equal((await run('run', 'isolated-port', '--yes')).code, 0);
    // Gone for good, the run can be let go by its name, and only its journal is touched.
    const kept = await labelled(lab, RUN);
    relay.leadTo(engines[1] as string);
    assert.equal((await run('reset', '--yes')).code, 0);
    assert.equal((await lab.json('reset', '--all-runs', '--yes')).code, 0, 'and stands in the way no more');
    relay.leadTo(engines[0] as string);
    assert.deepEqual(await labelled(lab, RUN), kept);
    assert.equal((await run('reset', '--yes')).code, 0, 'should it come back, its labels are enough');
    assert.deepEqual(await labelled(lab), []);
    await lab.end();
    relay.close();
  });

  test('pointed at another engine: the same, with the way back', async () => {
    assert.equal((await pglab('run', 'detached-run', '--yes')).code, 0);
    const host = ['--host', process.env.DOCKER_HOST ?? '', '--run', RUN];
    assert.match(flat(await apart.lab.pglab(...host)), /is another and has nothing of it/);
    const { code, stderr } = await apart.lab.pglab('next', '--yes', ...host);
    assert.equal(code, 2);
    assert.match(
      flat({ stdout: stderr }),
      new RegExp(`Go back to the first one \\(--host unix://${apart.lab.home}`),
    );
    assert.equal((await pglab('reset', '--yes')).code, 0);
    assert.deepEqual(await labelled(apart.lab, RUN), []);
    await birds.areWell('engine-ended');
  });
});
