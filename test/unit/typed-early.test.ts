/** What a learner typed while the question of a step stood, or while pglab was away, is done by them and not there already. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import portMapping from '../../labs/postgres-in-docker/06-port-mapping.ts';
import type { Judged } from '../../src/journal/events.ts';
import { isDone, type Watching } from '../../src/runner/hand/round.ts';
import type { Snapshot } from '../../src/world/snapshot.ts';

const ID = 'a'.repeat(64);

/** A watch that has seen no change; `before`: what was there when the step began. */
function watching(before: readonly string[]): Watching {
  const standing = {
    things: { last: () => ({ id: ID, type: 'adopted' }) },
    step: () => ({ attempt: { started: { byHand: { before } } } }),
  };
  const context = {
    ...{ ask: { requests: {} }, journal: { standing } },
    world: { idToJudge: (name: string) => (name === 'mapped' ? ID : null) },
  };
  return { acts: {}, step: portMapping, context, changed: new Set(), hasSaid: false } as unknown as Watching;
}

test('what was made since the step began is done, and what was there before waits for a word', () => {
  const judged = portMapping.checks.map(({ id }) => ({ id, outcome: 'met' })) as Judged[];
  const seen = { guests: () => new Map() } as unknown as Snapshot;
  assert.equal(isDone(watching([]), judged, seen), true);
  assert.equal(isDone(watching([ID]), judged, seen), false);
});
