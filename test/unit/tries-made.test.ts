/** What a try came to, by what a journal has kept of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judged } from '../../src/journal/events.ts';
import { Content } from '../../src/lab/content.ts';
import { projectionOf } from '../../src/map/projection.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { NOTHING } from '../../src/values.ts';
import { triesMade } from '../../src/world/tries-made.ts';

const TRY = { check: 'password-ignored', way: 'address', reached: 'server' } as const;

function triedWith(cause: string) {
  const values = { name: 'keeper', cause };
  const judged = { id: TRY.check, outcome: 'met', values } as unknown as Judged;
  return triesMade({ containers: [], tries: [TRY] } as never, [judged]);
}

test('a try without a cause has none, and is told without one', () => {
  assert.deepEqual(
    [triedWith('28P01'), triedWith(NOTHING)].flatMap((tries) => tries.map(({ cause }) => cause)),
    ['28P01', null],
  );
  const content = new Content('en', '');
  const told = sceneOf(
    projectionOf({
      ...{ place: { is: 'here', host: '' }, ports: [], sockets: [], containers: [], volumes: [] },
      ...{ tries: triedWith(NOTHING), others: { containers: 0, volumes: 0, networks: 0 } },
    }),
    { say: content.say.bind(content, 'messages') },
  );
  assert.deepEqual(
    told.machine.map(({ label }) => label),
    ['pglab: refused'],
  );
});
