/** A command that only shows something, and never comes to its end, as a look at a dead network drive does. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLab } from './lab.ts';
import { pathWith } from './path-with.ts';

test('a look at open files that never ends is ended, and the step is judged all the same', async () => {
  const path = pathWith('bash', 'docker', 'env', 'psql', 'sleep');
  writeFileSync(join(path, 'lsof'), '#!/bin/bash\nexec sleep infinity\n', { mode: 0o755 });
  const lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6785', PATH: path });
  try {
    const { steps, code } = await lab.json('run', 'isolated-port', '--yes');
    const lsof = steps[0]?.commands.find(({ ran }) => ran.includes('lsof'));
    assert.deepEqual([code, steps[0]?.outcome], [0, 'met'], JSON.stringify(steps));
    assert.notEqual(lsof?.exitCode, 0);
  } finally {
    await lab.end();
    rmSync(path, { recursive: true });
  }
});
