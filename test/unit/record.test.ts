/** What is recorded: a line is on the disk before anybody takes it. */
import assert from 'node:assert/strict';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalLine, LabEvent } from '../../src/journal/events.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal, record } from '../../src/journal/record.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'pglab-journal-'));

test('a line is yielded when it is on the disk, as a reader finds it; a consumer that goes away ends the work', async () => {
  const file = join(folder(), 'journal.jsonl');
  const journal = openJournal(file, 'me');
  let ended = false;
  async function* events(): AsyncGenerator<LabEvent, string> {
    try {
      yield { type: 'run-started', lab: 'l', content: '1', pglab: '1', journal: 'j' };
      yield { type: 'waiting', what: 'ready', name: 'quiet' };
      yield { type: 'begun-anew', step: 'image' };
      return 'done';
    } finally {
      ended = true;
    }
  }
  const lines = record(journal, events());
  const first = await lines.next();
  assert.deepEqual(readJournal(file).events, [first.value]);
  assert.equal((first.value as JournalLine).run, file.split('/').at(-2));
  assert.deepEqual((await lines.next()).value, { type: 'waiting', what: 'ready', name: 'quiet' });
  assert.equal(readJournal(file).events.length, 1, 'what only lives on the screen is not written');
  const third = await lines.next();
  assert.deepEqual(readJournal(file).events, [first.value, third.value]);
  assert.deepEqual(await lines.next(), { value: 'done', done: true });
  ended = false;
  for await (const _ of record(journal, events())) break;
  assert.ok(ended);
  journal.close();
});

test('several events are flushed at once, numbered on and read back one by one; of a file that is gone none counts', (t) => {
  const file = join(folder(), 'journal.jsonl');
  const journal = openJournal(file, 'me');
  t.after(() => journal.close());
  journal.append({ type: 'hinted', step: 'image', level: 1 });
  const flushed = t.mock.method(fs, 'fsyncSync');
  syncBuiltinESMExports();
  const hints = [2, 3].map((level) => ({ type: 'hinted' as const, step: 'image', level }));
  const lines = journal.appendAll(hints);
  assert.equal(flushed.mock.callCount(), 1);
  assert.deepEqual(
    lines.map(({ seq }) => seq),
    [2, 3],
  );
  assert.deepEqual(readJournal(file).events.slice(1), lines);
  assert.equal(journal.append({ type: 'hinted', step: 'image', level: 1 }).seq, 4);
  rmSync(file);
  assert.throws(() => journal.appendAll(hints), { code: 'home-gone' });
  assert.equal(journal.standing.seq, 4);
});
