/** A step that the learner leaves out, and the one that stands on it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLab } from './lab.ts';

test('a step that was skipped stays skipped, and the next one makes what it needs of it', async () => {
  const lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6775' });
  const recorded = async () => {
    const list = (await lab.json('list')).list as { id: string; outcome: string; reason: string | null }[];
    const row = list.find(({ id }) => id === 'port-mapping');
    return [row?.outcome, row?.reason];
  };
  try {
    const skipped = await lab.pglab('skip', 'port-mapping', 'not', 'today');
    assert.equal(skipped.code, 0, skipped.stderr);
    const { steps, code } = await lab.json('run', 'three-connections', '--yes');
    assert.deepEqual([code, ...steps.map(({ outcome }) => outcome)], [0, 'met'], JSON.stringify(steps));
    assert.deepEqual(await recorded(), ['skipped', 'not today']);
    await lab.pglab('skip', 'port-mapping', '--undo');
    assert.deepEqual(await recorded(), [null, null]);
  } finally {
    await lab.end();
  }
});
