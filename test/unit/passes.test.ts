/** Passes of a run, in the order in which they were made. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { archive, archivedIn, passesIn } from '../../src/journal/passes.ts';

test('passes follow one another as they ended, also where the clock was set back or two end at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-passes-'));
  try {
    const live = join(folder, 'journal.jsonl');
    // A clock that was a day ahead had written it.
    writeFileSync(join(folder, `journal.${Date.now() + 86_400_000}.archived.jsonl`), 'first');
    for (const pass of ['second', 'third']) {
      writeFileSync(live, pass);
      archive(live);
    }
    writeFileSync(live, 'fourth');
    const read = (files: string[]) => files.map((file) => readFileSync(file, 'utf8'));
    assert.deepEqual(read(archivedIn(folder)), ['first', 'second', 'third']);
    assert.deepEqual(read(passesIn(folder)), ['first', 'second', 'third', 'fourth']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
