/** A lab from a folder outside src: no Postgres in it, nothing of the article. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLab } from './lab.ts';

test('a lab from elsewhere is listed, run, judged and reset', async () => {
  const lab = openLab({ PGLAB_LAB: join(import.meta.dirname, '../labs/tiny'), PGLAB_IMAGE: 'postgres:17' });
  const listed = await lab.json('list');
  assert.deepEqual([listed.lab, (listed.list as unknown[]).length], ['tiny', 1]);
  const before = await lab.json('check', 'hello');
  assert.deepEqual([before.code, before.steps[0]?.outcome], [1, 'not-met']);
  const { code, steps } = await lab.json('run', 'hello', '--yes');
  assert.deepEqual([code, steps[0]?.outcome, steps[0]?.checks[0]?.observed], [0, 'met', 'hello']);
  const done = await lab.pglab('next');
  assert.deepEqual([done.code, /All steps are done/.test(done.stdout)], [0, true]);
  await lab.end();
});
