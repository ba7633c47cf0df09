/** A reset beside what the learner made: what was adopted goes when it is asked for, all else of theirs stays. Canaries beside it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openJournal } from '../../src/journal/record.ts';
import { besideCanaries } from './canaries.ts';
import { containerOf, labelled, openLab } from './lab.ts';

describe('a reset beside what is theirs', () => {
  const { lab } = besideCanaries('resetter', '6520');

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
});
