/** A line that has a limit in time is ended there, also where it does not heed Ctrl-C. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runLine, startLine } from '../../src/shell.ts';

/** Time in which a shell on a busy machine comes to its first command. */
const BEGINS_WITHIN_MS = 2_000;

test('what takes longer than it may is interrupted, and killed where that does not help', async () => {
  assert.equal((await runLine('exec sleep 60', { withinMs: 100 })).exitCode, 130);
  assert.equal(
    (await runLine('trap "" INT; sleep 60; sleep 60', { withinMs: BEGINS_WITHIN_MS })).exitCode,
    137,
  );
});

test('what ends in time ends as it would without a limit', async () => {
  const { exitCode, output } = await runLine('echo here; exit 3', { withinMs: 60_000 });
  assert.deepEqual([exitCode, output.trim()], [3, 'here']);
});

test('what says nothing for so long is ended; what speaks is not', async () => {
  const silent = await runLine('echo here; exec sleep 60', { silentMs: BEGINS_WITHIN_MS });
  assert.deepEqual([silent.exitCode, silent.isLate, silent.output], [130, true, 'here\n']);
  const speaking = await runLine('for i in 1 2 3 4 5 6; do sleep 0.2; echo $i; done', { silentMs: 1_000 });
  assert.deepEqual([speaking.exitCode, speaking.isLate], [0, false]);
});

test('what has left the line with its output open is not waited for', async () => {
  const left = `trap "" INT; setsid sleep 60 & echo $!; sleep 60`;
  const { exitCode, output } = await runLine(left, { withinMs: BEGINS_WITHIN_MS });
  process.kill(Number(output), 'SIGKILL');
  assert.equal(exitCode, 137);
});

test('a window that is closed does not wait for what its program has begun', async () => {
  const { ended, kill } = await startLine(`bash -c 'sleep 60; true'`);
  kill();
  assert.equal((await ended).exitCode, 137);
});

test('a cancelled line that does not hear Ctrl-C is killed in the end', async () => {
  const cancelled = new AbortController();
  const { exitCode } = await runLine('trap "" INT; echo deaf; sleep 60; sleep 60', {
    signal: cancelled.signal,
    onLine: () => cancelled.abort(),
  });
  assert.equal(exitCode, 137);
});

test('both work where there is no ps', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'no-ps-'));
  symlinkSync('/bin/sleep', join(folder, 'sleep'));
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  });
  process.env.PATH = folder;
  assert.equal((await runLine('exec sleep 60', { withinMs: 100 })).exitCode, 130);
  assert.equal(
    (await runLine('trap "" INT; sleep 60; sleep 60', { withinMs: BEGINS_WITHIN_MS })).exitCode,
    137,
  );
});
