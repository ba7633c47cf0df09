/** The world that a step is drawn with is that of its end: no later look puts another in its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../src/journal/events.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { StepOutcome } from '../../src/outcome.ts';
import { linesOf } from '../stories.ts';

const begun: JournalEvent = { type: 'run-started', lab: 'l', content: '', pglab: '1', journal: 'j' };
const seen = (path: string): JournalEvent => ({
  ...{ type: 'seen', step: 's', containers: [], volumes: [], tries: [] },
  sockets: [{ path, there: true }],
});
const end = (type: 'step-ended' | 'checked', outcome: StepOutcome): JournalEvent => ({
  ...{ type, step: 's', outcome, reason: null, durationMs: 1, values: {} },
});
const drawnAfter = (...events: JournalEvent[]) =>
  standingOf(linesOf([begun, ...events])).step('s').seen?.sockets[0]?.path ?? null;

test('a step that ended is drawn as it was then, whatever a look saw later', () => {
  const done = [seen('/then'), end('step-ended', 'met')];
  assert.equal(drawnAfter(...done), '/then');
  for (const outcome of ['met', 'not-met', 'unknown'] as const)
    assert.equal(drawnAfter(...done, seen('/later'), end('checked', outcome)), '/then', outcome);
  assert.equal(drawnAfter(...done, seen('/again'), end('step-ended', 'met')), '/again');
});

test('a look that finds a step done is its end; one that does not is none', () => {
  assert.equal(drawnAfter(seen('/first'), end('checked', 'not-met')), null);
  assert.equal(
    drawnAfter(seen('/first'), end('checked', 'not-met'), seen('/done'), end('checked', 'met')),
    '/done',
  );
});
