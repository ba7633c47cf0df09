/**
 * Killed with SIGKILL right after events of a whole walk, and resumed each time: nothing is lost,
 * nothing is left without a label. And killed at each kind of event in each step: a reset of the step
 * leaves nothing of it. Canaries stand beside it all. Where tests are drawn,
 * it is one event in thirty-two of the walk, one in four of one step, and one of the other moments.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { labFolders } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import { drawn, seedOfDraw } from '../drawn.ts';
import { type Canaries, canaries } from './canaries.ts';
import { KILLED, killing } from './killing.ts';
import { containerOf, everything, homeIdOf, labelled, openLab, type TestLab } from './lab.ts';

const SEED = seedOfDraw();
const WALK = 'killed';
const RESETS = 'killed-and-reset';
/** Events within a step, and those of them that are written before anything of it is shown. */
const IN_A_STEP = /^(step-started|step-resumed|command-started|command-ended|judged|watched) /;
const BEGINS = /^step-/;
/** More than this many processes would mean that it does not get on. */
const TRIES = 600;

describe('killed at every boundary', () => {
  let lab: TestLab;
  let birds: Canaries;
  let bare: string[];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6560' });
    await lab.pglab('list', '--all-runs');
    birds = await canaries(lab, WALK, homeIdOf(lab));
    bare = await everything(lab);
  });
  after(async () => {
    await birds.remove();
    await lab.end();
  });
  afterEach(() => birds.areWell());

  const { file, killedAt, killed } = killing(() => lab);

  const unmet = async (run: string, of: string[]) => {
    const { code, steps } = await lab.json('check', ...of, '--run', run);
    const checks = steps.flatMap(({ id, checks }) => checks.map((check) => ({ step: id, ...check })));
    const told = checks.flatMap(({ step, id, outcome, finding }) =>
      outcome === 'met' ? [] : [`${step} ${id} ${finding}`],
    );
    assert.equal(code, told.length === 0 ? 0 : 1);
    return told;
  };

  describe('two runs beside each other', { concurrency: true }, () => {
    test('each resume goes on or repairs, and the walk comes to its end', async () => {
      const { steps } = await loadLab(labFolders(null));
      // What only shows changes nothing: one of them a step is killed.
      const shows = steps.flatMap(({ id, commands }) =>
        commands.flatMap((each, at) => (each.illustrates ? [`${id} ${at}`] : [])).slice(1),
      );
      for (let at = ''; ; at = killedAt(WALK).at(-1) ?? '') {
        const by = 'type step index check name note';
        const { code, stdout, stderr } = await killed(WALK, by, ['run', '--all'], {
          ...{ KILL_SEED: SEED, KILL_ONE_IN: '32', KILL_SPARES: `${shows}` },
        });
        const next = code === KILLED ? (killedAt(WALK).at(-1) as string) : 'judged';
        // Begun, and no more: nothing was interrupted, and it begins as if for the first time.
        const hasRun = IN_A_STEP.test(at) && !at.startsWith('step-started ');
        if (hasRun && IN_A_STEP.test(next) && !BEGINS.test(next)) {
          assert.match(stdout, /was interrupted/, `killed at ${at}, then at ${next}`);
        }
        assert.ok(killedAt(WALK).length < TRIES, `no end after ${TRIES} kills: ${stdout}`);
        if (code === KILLED) continue;
        assert.equal(code, 0, `${stdout}\n${stderr}`);
        break;
      }
      console.log(`killed at ${killedAt(WALK).length} boundaries`);
      assert.deepEqual(await unmet(WALK, ['--all']), []);
    });

    test('killed at each kind of event in each step, a reset of the step leaves nothing of it', async () => {
      const { list } = await lab.json('list');
      // Where tests are drawn it is one step.
      const steps = drawn(list as { id: string }[], ({ id }) => id).map(({ id }) => id);
      let resets = 0;
      // What a process begins with belongs to no step: once is enough.
      let preamble = '';
      for (const step of steps) {
        writeFileSync(file(RESETS), preamble);
        for (;;) {
          const { code, stdout, stderr } = await killed(RESETS, 'type', ['run', step], {
            KILL_SEED: SEED,
            KILL_ONE_IN: '4',
          });
          if (code !== KILLED) {
            assert.equal(code, 0, `${step}: ${stdout}\n${stderr}`);
            break;
          }
          const at = `${step}, killed at ${killedAt(RESETS).at(-1)}`;
          const reset = await lab.pglab('reset', step, '--yes', '--run', RESETS);
          assert.equal(reset.code, 0, `${at}: ${reset.stderr}`);
          assert.deepEqual(await labelled(lab, RESETS, step), [], at);
          resets += 1;
        }
        preamble ||= 'run-started\nengine-pinned\nimage-pinned\n';
      }
      console.log(`reset after ${resets} kills`);
      assert.deepEqual(await unmet(RESETS, steps), [], 'and what was reset is done in the end');
      assert.equal((await lab.pglab('reset', '--yes', '--run', RESETS)).code, 0);
    });
  });

  test('a reset that is killed in the middle goes on where it was', async () => {
    const before = (await labelled(lab, WALK)).length;
    rmSync(file(WALK), { force: true });
    const { code } = await killed(WALK, 'seq', ['reset'], { KILL_AFTER: '2' });
    assert.equal(code, KILLED);
    const left = (await labelled(lab, WALK)).length;
    assert.ok(0 < left && left < before, `${before} before, ${left} after the kill`);
    assert.match(
      (await lab.pglab('--run', WALK)).stdout,
      /A reset of this run was interrupted\.\s+`pglab reset`/,
    );
  });

  test('a reset leaves nothing labelled, and nothing of it went without a label', async () => {
    assert.equal((await lab.pglab('reset', '--yes', '--run', WALK)).code, 0);
    assert.deepEqual(await labelled(lab, WALK), []);
    assert.deepEqual(await everything(lab), bare);
  });

  /** Killed at an event of a step, by type, step and index; then the step is run again. */
  const killedAtEvent = async (event: string, meanwhile: () => Promise<unknown>) => {
    const step = event.split(' ')[1] as string;
    rmSync(file(WALK), { force: true });
    const { code } = await killed(WALK, 'type step index', ['run', step], { KILL_ONLY: event });
    assert.equal(code, KILLED);
    await meanwhile();
    return lab.pglab('run', step, '--yes', '--run', WALK);
  };
  const reset = (...args: string[]) => lab.pglab('reset', ...args, '--yes', '--run', WALK);

  /** Each begins with nothing of the run, and leaves nothing. */
  const moments: Record<string, () => Promise<void>> = {
    'a reset of a step that is killed is gone on with as what it was': async () => {
      assert.equal((await lab.pglab('run', 'detached-run', 'port-mapping', '--yes', '--run', WALK)).code, 0);
      rmSync(file(WALK), { force: true });
      const { code } = await killed(WALK, 'type', ['reset', 'port-mapping'], { KILL_ONLY: 'reset-begun' });
      assert.equal(code, KILLED);
      const { stdout } = await lab.pglab('--run', WALK);
      assert.match(stdout.replace(/\s+/g, ' '), /was interrupted\. `pglab reset port-mapping` goes on/);
      assert.equal((await lab.pglab('reset', '--yes', '--run', WALK)).code, 0);
    },

    'a reset that is killed, and gone on with by another step: what is gone is said': async () => {
      assert.equal((await lab.pglab('run', 'detached-run', 'port-mapping', '--yes', '--run', WALK)).code, 0);
      rmSync(file(WALK), { force: true });
      assert.equal((await killed(WALK, 'type', ['reset'], { KILL_ONLY: 'removed' })).code, KILLED);
      assert.equal((await lab.pglab('run', 'image', '--yes', '--run', WALK)).code, 0);
      const { stdout } = await lab.pglab('--run', WALK);
      const gone: RegExp[] = [];
      const said = stdout.replace(/\s+/g, ' ');
      for (const [name, step] of Object.entries({ quiet: 3, mapped: 6 }))
        if ((await containerOf(lab, WALK, name)) === '')
          gone.push(new RegExp(`The container of step ${step}, [0-9a-f]{12}, has been removed`));
      assert.ok(gone.length > 0);
      assert.ok(
        gone.every((each) => each.test(said)),
        stdout,
      );
      assert.equal((await lab.pglab('reset', '--yes', '--run', WALK)).code, 0);
    },

    'killed, and what had come to its end was pruned meanwhile: it begins anew': async () => {
      const { code, stdout } = await killedAtEvent('command-ended foreground-run 1', async () => {
        for (const name of ['refused', 'foreground'])
          await lab.docker('rm', '-v', await containerOf(lab, WALK, name));
      });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /begins anew/);
      assert.equal((await reset()).code, 0);
    },

    'killed, and its server was only just started again: it is judged when that is ready': async () => {
      const { code, stdout } = await killedAtEvent('command-ended three-connections 2', async () =>
        lab.docker('kill', await containerOf(lab, WALK, 'mapped')),
      );
      assert.equal(code, 0, stdout);
      assert.match(stdout, /The container of step 6 has stopped;\s+`docker start/);
      assert.equal((await reset()).code, 0);
    },

    'killed, and a reset that did not come to its end took its files: it begins anew': async () => {
      assert.equal((await lab.pglab('run', 'volume-persistence', '--yes', '--run', WALK)).code, 0);
      const volume = `pglab-${homeIdOf(lab).slice(0, 6)}-${WALK}-data`;
      const theirs = await lab.docker('create', '-v', `${volume}:/theirs`, 'postgres:17');
      const { code, stdout } = await killedAtEvent('command-started config-outside 1', async () =>
        assert.equal((await reset()).code, 2),
      );
      await lab.docker('rm', '-v', theirs);
      assert.equal(code, 0, stdout);
      assert.equal((await reset()).code, 0);
    },

    'with its reset begun, what was seen of a step counts no more': async () => {
      assert.equal((await lab.pglab('run', 'disposable', '--yes', '--run', WALK)).code, 0);
      assert.equal((await lab.pglab('check', 'disposable', '--run', WALK)).code, 0);
      rmSync(file(WALK), { force: true });
      const begun = { KILL_ONLY: 'reset-begun' };
      assert.equal((await killed(WALK, 'type', ['reset', 'disposable'], begun)).code, KILLED);
      assert.equal((await lab.pglab('check', 'disposable', '--run', WALK)).code, 2);
      assert.equal((await reset()).code, 0);
    },

    'killed, and the volume that a container left was pruned: none of its name is made': async () => {
      const { code, stdout } = await killedAtEvent('command-started disposable 5', async () => {
        const told = readFileSync(join(lab.home, 'runs', WALK, 'journal.jsonl'), 'utf8').split('\n');
        const made = told.filter(Boolean).map((line) => JSON.parse(line));
        const { volume } = made.find(({ type, name }) => type === 'made' && name === 'doomed');
        await lab.docker('volume', 'rm', volume);
      });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /begins anew/);
      assert.equal((await reset('disposable')).code, 0);
      assert.equal((await reset()).code, 0);
      assert.deepEqual(await everything(lab), bare);
    },

    'killed, and what the step had made was removed meanwhile: it begins anew': async () => {
      const args = ['run', 'volume-persistence'];
      rmSync(file(WALK), { force: true });
      const { code } = await killed(WALK, 'type name', args, { KILL_ONLY: 'removed first' });
      assert.equal(code, KILLED);
      const filter = ['--filter', `label=pglab.run=${WALK}`, '--filter', 'label=pglab.name=data'];
      await lab.docker('volume', 'rm', await lab.docker('volume', 'ls', '-q', ...filter));
      const again = await lab.pglab(...args, '--yes', '--run', WALK);
      assert.equal(again.code, 0, again.stdout + again.stderr);
      assert.match(again.stdout, /begins anew/);
      assert.equal((await lab.pglab('reset', '--yes', '--run', WALK)).code, 0);
      assert.deepEqual(await everything(lab), bare, 'and nothing of it went without a label');
    },
  };
  for (const [name, moment] of drawn(Object.entries(moments), ([each]) => each)) test(name, moment);
});
