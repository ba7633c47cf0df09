/** A line that has a limit in time is ended there, also where it does not heed Ctrl-C. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLine } from '../../src/shell.ts';

test('what takes longer than it may is interrupted, and killed where that does not help', async () => {
  assert.equal((await runLine('exec sleep 60', { withinMs: 100 })).exitCode, 130);
  assert.equal((await runLine('trap "" INT; sleep 60; sleep 60', { withinMs: 100 })).exitCode, 137);
});

test('what ends in time ends as it would without a limit', async () => {
  const { exitCode, output } = await runLine('echo here; exit 3', { withinMs: 60_000 });
  assert.deepEqual([exitCode, output.trim()], [3, 'here']);
});

test('a cancelled line that does not hear Ctrl-C is killed in the end', async () => {
  const { exitCode } = await runLine('trap "" INT; sleep 60; sleep 60', { signal: AbortSignal.timeout(100) });
  assert.equal(exitCode, 137);
});
