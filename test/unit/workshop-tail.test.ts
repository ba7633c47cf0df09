/** What a courier reads out of a journal: what fits the bounds of what may leave, and of each other line its place alone. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { JournalEvent } from '../../src/journal/events.ts';
import { FORMAT, lineOf } from '../../src/journal/line.ts';
import { rangeFrom } from '../../src/workshop/board/asked.ts';
import { JournalTail } from '../../src/workshop/seat/journal-tail.ts';
import { NOTHING, nextRange } from '../../src/workshop/seat/next-range.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-tail-'));
after(() => rmSync(folder, { recursive: true }));

function tailOf(events: readonly JournalEvent[], at = '2026-11-27T00:00:00.000Z'): JournalTail {
  const file = join(folder, 'journal.jsonl');
  const line = (event: JournalEvent, index: number) =>
    lineOf({ v: FORMAT, seq: index + 1, at, participant: 'ann', ...event });
  writeFileSync(file, `${events.map(line).join('\n')}\n`, { mode: 0o600 });
  const tail = new JournalTail(file, 'a-run');
  tail.refresh();
  return tail;
}

const begun: JournalEvent = { type: 'run-started', lab: 'a-lab', content: '', pglab: '1.0.0', journal: '' };
const judged = (id: string, finding: string | null): JournalEvent => ({
  type: 'judged',
  step: 'image',
  check: {
    id,
    kind: 'k',
    outcome: 'not-met',
    values: { secret: 'x' },
    finding,
    note: null,
    evidence: 'e',
  } as never,
});

describe('a line that does not fit', () => {
  const rows: Record<string, JournalEvent> = {
    'a check named by nobody of ours': judged('<b>x</b>', null),
    'a finding with a path in it': judged('running', '/home/ann/secret'),
    'a version with a newline': { ...begun, pglab: '1\n2' } as JournalEvent,
    'a code of trouble that is a sentence': { type: 'trouble', code: 'no way' as never, values: {} },
    'a hand that is a book': { type: 'hand', up: true, text: 'x'.repeat(100_000) },
    'a level that is no whole number': { type: 'hinted', step: 'image', level: 0.5 },
  };
  for (const [what, event] of Object.entries(rows))
    test(`stays where it is, and the next one goes on: ${what}`, () => {
      const tail = tailOf([begun, event, { type: 'hinted', step: 'image', level: 1 }]);
      assert.deepEqual(
        tail.lines.map(({ seq, lean }) => [seq, lean?.type ?? null]),
        [
          [1, 'begun'],
          [2, null],
          [3, 'hinted'],
        ],
      );
      const range = nextRange(tail.lines, NOTHING);
      const taken = rangeFrom({ ...range, more: 0, courier: '0'.repeat(8) });
      assert.deepEqual([taken?.to, taken?.lean.length], [3, 2], 'a board takes it');
    });

  test('a time that is none is of no line that leaves', () => {
    assert.deepEqual(
      tailOf([begun], 'yesterday at home').lines.map(({ lean }) => lean),
      [null],
    );
  });
});

test('what is found leaves, and nothing that was found out by it', () => {
  const [, found] = tailOf([begun, judged('running', 'no-container')]).lines;
  assert.deepEqual(found?.lean, {
    ...{ seq: 2, at: '2026-11-27T00:00:00.000Z', type: 'judged', step: 'image' },
    ...{ check: 'running', outcome: 'not-met', finding: 'no-container' },
  });
});
