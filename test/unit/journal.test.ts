import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal, readJournal } from '../../src/runner/journal.ts';
import { nextStep, progressOf } from '../../src/runner/progress.ts';
import { Trouble } from '../../src/trouble.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'pglab-journal-'));

function begun(file: string): void {
  const journal = openJournal(file, 'me');
  journal.append({ type: 'step-started', step: 'image', values: {} });
  journal.append({
    type: 'step-ended',
    step: 'image',
    outcome: 'met',
    reason: null,
    durationMs: 1,
    values: {},
  });
  journal.append({ type: 'step-started', step: 'exec-psql', values: {} });
  journal.close();
}

test('what was appended is read back in order of seq', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  const { events } = readJournal(file);
  assert.deepEqual(
    events.map(({ seq, type }) => [seq, type]),
    [
      [1, 'step-started'],
      [2, 'step-ended'],
      [3, 'step-started'],
    ],
  );
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [lines[2], lines[0], lines[1], ''].join('\n'));
  assert.deepEqual(
    readJournal(file).events.map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test('a torn last line is cut off, and the next event takes its place', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  appendFileSync(file, '{"v":1,"seq":4,"type":"step-en');
  const journal = openJournal(file, 'me');
  journal.append({ type: 'hinted', step: 'image', level: 1 });
  journal.close();
  const { events, unreadable } = readJournal(file);
  assert.deepEqual([events.length, unreadable, events.at(-1)?.seq], [4, 0, 4]);
});

test('a line that cannot be read is passed over and counted', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  const lines = readFileSync(file, 'utf8').split('\n');
  lines[1] = 'garbage \u0000';
  writeFileSync(file, lines.join('\n'));
  const { events, unreadable } = readJournal(file);
  assert.deepEqual([events.length, unreadable], [2, 1]);
});

test('a journal of a later version is read, and not written', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  appendFileSync(file, '{"v":3,"seq":9,"type":"something"}\n');
  assert.equal(readJournal(file).foreign, 1);
  assert.throws(
    () => openJournal(file, 'me'),
    (error) => error instanceof Trouble && error.code === 'journal-newer',
  );
});

test('progress is what the journal says: done, interrupted, next', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  const progress = progressOf(['image', 'exec-psql', 'disposable'], readJournal(file).events);
  assert.deepEqual(progress, [
    { id: 'image', outcome: 'met', interrupted: false },
    { id: 'exec-psql', outcome: null, interrupted: true },
    { id: 'disposable', outcome: null, interrupted: false },
  ]);
  assert.equal(nextStep(progress)?.id, 'exec-psql');
});
