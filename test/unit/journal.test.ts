import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { damageOf } from '../../src/journal/damage.ts';
import type { JournalEvent } from '../../src/journal/events.ts';
import { lineOf, type Written } from '../../src/journal/line.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/record.ts';
import { nextStep, progressOf } from '../../src/journal/standing.ts';
import { defineStep } from '../../src/lab/model.ts';
import type { Outcome } from '../../src/outcome.ts';
import { resumePoint } from '../../src/runner/walk/resume.ts';
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
  assert.deepEqual(
    [unreadable, ...events.map(({ type }) => type)],
    [1, 'step-started', 'lines-lost', 'step-started'],
  );
});

for (const [what, spoil] of Object.entries<(lines: string[]) => string[]>({
  'a line after it is missing': (lines) => lines.toSpliced(2, 1),
  'the last line is damaged': (lines) => lines.toSpliced(-1, 1, 'garbage'),
})) {
  test(`${what}: what had ended is open, until it ends again`, () => {
    const file = join(folder(), 'journal.jsonl');
    begun(file);
    const hint = { type: 'hinted', step: 'exec-psql', level: 1 } as const;
    const append = (...events: JournalEvent[]) => {
      const journal = openJournal(file, 'me');
      for (const event of events) journal.append(event);
      journal.close();
    };
    append(hint);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    writeFileSync(file, `${spoil(lines).join('\n')}\n`);
    const outcome = () => progressOf(['image'], readJournal(file).standing)[0]?.outcome;
    assert.equal(outcome(), null);
    append(hint);
    assert.equal(outcome(), null, 'and what comes later does not make up for it');
    assert.deepEqual(damageOf(['image', 'exec-psql'], readJournal(file)).at(-1), {
      note: 'journal-gap',
      values: { steps: 'image' },
    });
    append({ type: 'checked', step: 'image', outcome: 'met', reason: null, durationMs: 1, values: {} });
    append(hint, hint);
    assert.equal(outcome(), 'met');
    assert.ok(damageOf(['image'], readJournal(file)).every(({ note }) => note !== 'journal-gap'));
  });
}

test('begun again, or with a reset of it begun, a step that was met is open', () => {
  const file = join(folder(), 'journal.jsonl');
  const reopening: JournalEvent[] = [
    { type: 'step-started', step: 'image', values: {} },
    { type: 'step-resumed', step: 'image', index: 0, values: {} },
    { type: 'reset-begun', planned: 1, steps: ['image'], named: ['image'] },
  ];
  for (const event of reopening) {
    begun(file);
    const outcome = () => progressOf(['image'], readJournal(file).standing)[0]?.outcome;
    assert.equal(outcome(), 'met');
    const journal = openJournal(file, 'me');
    journal.append({ type: 'reset-begun', planned: 1, steps: ['exec-psql'], named: ['exec-psql'] });
    assert.equal(outcome(), 'met');
    journal.append(event);
    journal.close();
    assert.equal(outcome(), null);
  }
});

test('a journal of a later version is read, and not written', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  appendFileSync(file, '{"v":9,"seq":9,"type":"something"}\n');
  assert.equal(readJournal(file).foreign, 1);
  assert.throws(
    () => openJournal(file, 'me'),
    (error) => error instanceof Trouble && error.code === 'journal-newer',
  );
});

test('progress is what the journal says: done, interrupted, next', () => {
  const file = join(folder(), 'journal.jsonl');
  begun(file);
  const progress = progressOf(['image', 'exec-psql', 'disposable'], readJournal(file).standing);
  assert.deepEqual(progress, [
    { id: 'image', outcome: 'met', interrupted: false, reason: null },
    { id: 'exec-psql', outcome: null, interrupted: true, reason: null },
    { id: 'disposable', outcome: null, interrupted: false, reason: null },
  ]);
  assert.equal(nextStep(progress)?.id, 'exec-psql');
});

test('what an interrupted step has proved is where it goes on from; what could not be told is no proof', () => {
  const commands = [{ article: null, run: 'x', proves: ['seen'] }];
  const step = defineStep({ id: 'image', commands: [...commands, ...commands], checks: [] });
  const check = { id: 'seen', kind: 'k', values: {}, finding: null, note: null, evidence: '' };
  const told = (outcome: Outcome, ...more: JournalEvent[]) => {
    const file = join(folder(), 'journal.jsonl');
    const journal = openJournal(file, 'me');
    const command = { step: 'image', index: 0, ran: 'x' };
    for (const event of [
      { type: 'step-started', step: 'image', values: {} },
      { type: 'command-started', ...command, shown: 'x', creates: null },
      { type: 'command-ended', ...command, key: null, exitCode: 0, durationMs: 1, output: '' },
      { type: 'judged', step: 'image', check: { ...check, outcome } },
      ...more,
    ] satisfies JournalEvent[])
      journal.append(event);
    journal.close();
    return resumePoint(readJournal(file).standing, step)?.index ?? null;
  };
  assert.equal(told('met'), 1);
  assert.equal(told('not-met'), 1);
  assert.equal(told('unknown'), null);
  assert.equal(told('met', { type: 'reset-begun', planned: 1, steps: ['exec-psql'] }), 1, 'of another');
  assert.equal(told('met', { type: 'reset-begun', planned: 1, steps: ['image'] }), null);
  assert.equal(told('met', { type: 'reset-begun', planned: 1 }), null);
  const found = { reason: null, durationMs: 1, values: {} };
  assert.equal(told('met', { type: 'checked', step: 'image', outcome: 'not-met', ...found }), 1);
  assert.equal(told('met', { type: 'checked', step: 'image', outcome: 'met', ...found }), null, 'it is over');
});

test('a journal of format 2 is read and gone on with, and what it did not tell is empty', () => {
  const file = join(folder(), 'journal.jsonl');
  const line = (seq: number, event: object) =>
    lineOf({ v: 2, seq, at: '2026-11-01T00:00:00.000Z', participant: 'me', ...event } as Written);
  const bare = { kind: 'container', name: 'quiet', id: 'c1', volume: null };
  const started = { type: 'run-started', lab: 'l', content: '0.2.0', pglab: '0.2.0' };
  writeFileSync(file, `${[line(1, started), line(2, { type: 'made', ...bare })].join('\n')}\n`);
  const journal = openJournal(file, 'me');
  const told = journal.append({ type: 'begun-anew', step: 'image' });
  journal.close();
  const { events, unreadable } = readJournal(file);
  assert.deepEqual([unreadable, ...events.map(({ v, lab }) => [v, lab])], [0, [2, 'l'], [2, 'l'], [3, 'l']]);
  assert.deepEqual(events[2], told);
  const made = events[1];
  assert.ok(made?.type === 'made' && made.id === 'c1');
  assert.deepEqual([made.image, made.ports, made.networks, made.mounts], [null, [], [], []]);
  const command = { type: 'command-ended', step: 'image', index: 0, key: null, run: 'docker ps' };
  writeFileSync(file, `${line(1, { ...command, exitCode: 0, durationMs: 1, output: '' })}\n`);
  const [ended] = readJournal(file).events;
  assert.ok(ended?.type === 'command-ended' && ended.ran === 'docker ps' && ended.run !== 'docker ps');
  // With an event that format 2 did not have in that form, it is no line of format 2.
  writeFileSync(file, `${line(1, { ...started, extra: 1 })}\n`);
  assert.equal(readJournal(file).unreadable, 1);
});

test('a journal of format 1 is refused with a sentence, and tells nothing', () => {
  const file = join(folder(), 'journal.jsonl');
  const old = (seq: number) =>
    `{"v":1,"seq":${seq},"at":"x","participant":"x","type":"step-started","step":"image","values":{}}\n`;
  writeFileSync(file, old(1) + old(2));
  const reading = readJournal(file);
  assert.deepEqual([reading.old, reading.unreadable, reading.events], [2, 0, []]);
  assert.deepEqual(damageOf(['image'], reading), [{ note: 'journal-old', values: { count: 2 } }]);
  const isOld = (error: unknown) => error instanceof Trouble && error.code === 'journal-old';
  assert.throws(() => openJournal(file, 'me'), isOld);
  assert.equal(readFileSync(file, 'utf8'), old(1) + old(2), 'nothing was written');
  const mixed = join(folder(), 'journal.jsonl');
  begun(mixed);
  appendFileSync(mixed, old(9));
  const { old: count, unreadable } = readJournal(mixed);
  assert.deepEqual([count, unreadable], [0, 1], 'between lines of ours it is a forgery');
});
