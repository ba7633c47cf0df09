/** Of a step that is begun anew by hand, what pglab itself made keeps its name for as long as it is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedContainer } from '../../src/engine/types.ts';
import type { JournalEvent } from '../../src/journal/events.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { Recognition } from '../../src/lab/model.ts';
import { namesGivenUp } from '../../src/runner/hand/byhand.ts';
import { linesOf } from '../stories.ts';

const STEP = { world: { other: {} as Recognition, doomed: {} as Recognition } };
const made = (name: string, id: string): JournalEvent => ({
  ...{
    type: 'made',
    kind: 'container',
    name,
    id,
    volume: null,
    image: 'postgres',
    ports: [],
    networks: [],
    mounts: [],
  },
});

test('what is there stays what it was, for those who watch it too; what is gone goes by no name', () => {
  const there = new Map([['other', {} as ListedContainer]]);
  const names = namesGivenUp(STEP, { ours: (name) => there.get(name) ?? null });
  const begun: JournalEvent = { type: 'run-started', lab: 'l', content: '', pglab: '1', journal: 'j' };
  const anew: JournalEvent = { type: 'begun-anew', step: 's', names };
  const { things } = standingOf(linesOf([begun, made('other', 'a'), made('doomed', 'b'), anew]));
  assert.equal(things.last('other')?.id, 'a');
  assert.equal(things.last('doomed'), null);
});
