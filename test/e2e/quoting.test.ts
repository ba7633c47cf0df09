/** Paths and names that a shell would take apart reach docker as they are. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLab } from './lab.ts';

test('a home whose path has quotes, blanks and all that a shell minds', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'pglab-quoting-'));
  const home = join(
    parent,
    `it's "a" $(touch ${parent}/taken) \`touch ${parent}/taken\` ; & !! \\ {a,b} * home`,
  );
  const lab = openLab({ PGLAB_HOME: home });
  rmSync(lab.home, { recursive: true });
  const { code, steps } = await lab.json('run', 'config-outside', '--yes');
  const outcomes = steps[0]?.checks.map(({ outcome, observed }) => [outcome, observed]);
  assert.deepEqual([code, steps[0]?.outcome], [0, 'met'], JSON.stringify(outcomes));
  const ran = steps[0]?.commands.map((command) => command.ran).join('\n') ?? '';
  assert.ok(ran.includes("/it'\\''s "), ran);
  assert.equal(existsSync(join(parent, 'taken')), false, 'nothing of the path was run');
  const hints = await lab.pglab('hint', 'config-outside');
  assert.equal(hints.code, 0, hints.stderr);
  const reset = await lab.pglab('reset', '--yes');
  assert.equal(reset.code, 0, reset.stderr);
  rmSync(parent, { recursive: true });
});
