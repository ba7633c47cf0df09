/** Whatever becomes of a journal on the disk: never an error of ours, and never a wrong `met`. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JournalEvent, Judged } from '../../src/journal/events.ts';
import { lineOf } from '../../src/journal/line.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/record.ts';
import { nextStep, progressOf } from '../../src/journal/standing.ts';
import { defineStep } from '../../src/lab/model.ts';
import { lastFinding } from '../../src/report/hint-text.ts';
import { resumePoint } from '../../src/runner/walk/resume.ts';

const STEPS = ['one', 'two', 'three', 'four', 'reset', 'again'];
const check: Judged = {
  ...{ id: 'c', kind: 'k', outcome: 'not-met' as const, values: { a: 1 } },
  ...{ finding: 'no-container', note: null, evidence: 'docker ps' },
};
const ENDED = { reason: null, durationMs: 1, values: {} };
const NOT_TOLD = { image: null, ports: [], networks: [], mounts: [] };
/** Two steps met, one not, one begun, one reset since it was met, one met and then no more. */
const STORY: JournalEvent[] = [
  { type: 'run-started', lab: 'l', content: '1', pglab: '1', journal: 'j' },
  { type: 'step-started', step: 'one', values: {} },
  { type: 'step-ended', step: 'one', outcome: 'met', ...ENDED },
  { type: 'step-started', step: 'two', values: { port: 6700 } },
  { type: 'command-started', step: 'two', index: 0, ran: 'docker', shown: 'docker', creates: 'quiet' },
  { type: 'made', kind: 'container', name: 'quiet', id: 'c1', volume: null, ...NOT_TOLD },
  { type: 'step-ended', step: 'two', outcome: 'met', ...ENDED },
  { type: 'step-started', step: 'three', values: {} },
  { type: 'judged', step: 'three', check },
  { type: 'step-ended', step: 'three', outcome: 'not-met', ...ENDED },
  { type: 'step-started', step: 'reset', values: {} },
  { type: 'step-ended', step: 'reset', outcome: 'met', ...ENDED },
  { type: 'step-started', step: 'again', values: {} },
  { type: 'step-ended', step: 'again', outcome: 'met', ...ENDED },
  { type: 'reset-begun', planned: 1, steps: ['reset'], named: ['reset'] },
  { type: 'steps-reset', steps: ['reset'], names: [] },
  { type: 'step-started', step: 'again', values: {} },
  { type: 'step-ended', step: 'again', outcome: 'not-met', ...ENDED },
  { type: 'step-started', step: 'four', values: {} },
];
const OUTCOMES = ['met', 'met', 'not-met', null, null, 'not-met'];

const file = join(mkdtempSync(join(tmpdir(), 'pglab-fuzz-')), 'journal.jsonl');
const journal = openJournal(file, 'me');
for (const event of STORY) journal.append(event);
journal.close();
const whole = readFileSync(file);

/** What the journal told when its last line was this one. */
const toldUpTo = STORY.map((_, last) => {
  const earlier = join(mkdtempSync(join(tmpdir(), 'pglab-fuzz-')), 'journal.jsonl');
  const until = whole
    .toString()
    .split('\n')
    .slice(0, last + 1);
  writeFileSync(earlier, `${until.join('\n')}\n`);
  return progressOf(STEPS, readJournal(earlier).standing);
});

/**
 * Everything that is read from a journal, on these bytes. Nobody can tell a journal that was cut at the end
 * from what it was then; but what it tells must have been so at some time, with all its lines.
 */
function read(bytes: Uint8Array): void {
  writeFileSync(file, bytes);
  const { events, standing } = readJournal(file);
  const last = events.findLast(({ type }) => type !== 'lines-lost')?.seq ?? 0;
  const progress = progressOf(STEPS, standing);
  nextStep(progress);
  for (const id of STEPS) {
    const step = defineStep({ id, commands: [{ article: null, run: 'x', creates: 'quiet' }], checks: [] });
    resumePoint(standing, step);
    lastFinding(standing, step);
  }
  for (const [at, { id, outcome }] of progress.entries()) {
    const wasMet = toldUpTo[last - 1]?.[at]?.outcome === 'met';
    assert.ok(outcome !== 'met' || wasMet, `${id} is met by damage`);
  }
}

const at = fc.nat(whole.length - 1);

test('bits flipped anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(at, fc.nat(7)), { minLength: 1, maxLength: 20 }), (flips) => {
      const bytes = Buffer.from(whole);
      for (const [where, bit] of flips) bytes[where] = (bytes[where] as number) ^ (1 << bit);
      read(bytes);
    }),
    { numRuns: 2_000 },
  );
});

test('cut anywhere, at either end or in the middle', () => {
  fc.assert(
    fc.property(at, at, (a, b) => {
      read(whole.subarray(0, a));
      read(whole.subarray(a));
      read(Buffer.concat([whole.subarray(0, Math.min(a, b)), whole.subarray(Math.max(a, b))]));
    }),
    { numRuns: 500 },
  );
});

test('lines swapped, doubled and left out: order is by seq', () => {
  const lines = whole.toString().trimEnd().split('\n');
  fc.assert(
    fc.property(fc.shuffledSubarray([...lines, ...lines]), (some) =>
      read(Buffer.from(`${some.join('\n')}\n`)),
    ),
    { numRuns: 500 },
  );
  read(Buffer.from(`${[...lines].reverse().join('\n')}\n`));
  const progress = progressOf(STEPS, readJournal(file).standing).map(({ outcome }) => outcome);
  assert.deepEqual(progress, OUTCOMES);
});

test('hostile lines between: any JSON, any strings, forged ends without a checksum', () => {
  const forged = fc.record({
    v: fc.constantFrom(1, 2, 3, '1', null),
    seq: fc.oneof(fc.integer(), fc.constantFrom(1e21, -1, 0.5, '3')),
    type: fc.constantFrom(...STORY.map(({ type }) => type), '__proto__', 'constructor', 'toString', ''),
    step: fc.oneof(fc.constantFrom(...STEPS), fc.string({ unit: 'binary' }), fc.constant(null)),
    outcome: fc.constantFrom('met', 'not-met', 'MET', 1, null),
    reason: fc.constantFrom(null, 'x'),
    durationMs: fc.double(),
    values: fc.oneof(
      fc.constant({}),
      fc.json().map((text) => JSON.parse(text)),
    ),
    check: fc.anything(),
  });
  const line = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    forged.map((event) => JSON.stringify(event)),
    fc.constant(
      '{"v":1,"seq":5,"type":"step-ended","step":"four","outcome":"met","reason":null,"durationMs":1,"values":{"__proto__":"x"}}',
    ),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), fc.nat(STORY.length), (hostile, where) => {
      const lines = whole.toString().trimEnd().split('\n');
      // The first line keeps its place: from there on each line must have its checksum.
      lines.splice(Math.max(1, where), 0, ...hostile);
      read(Buffer.from(`${lines.join('\n')}\n`));
    }),
    { numRuns: 1_000 },
  );
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test('a million lines are read', () => {
  const event = { type: 'noted', step: null, note: 'adopted', values: {} } as const;
  const noise = `${lineOf({ v: 3, seq: 9, at: '', participant: 'me', ...event })}\n`;
  writeFileSync(file, Buffer.concat([Buffer.from(noise.repeat(1_000_000)), whole]));
  const { events, standing } = readJournal(file);
  assert.equal(events.length, 1_000_000 + STORY.length);
  assert.deepEqual(
    progressOf(STEPS, standing).map(({ outcome }) => outcome),
    OUTCOMES,
  );
});
