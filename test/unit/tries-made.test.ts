/** What a try came to, by what a journal has kept of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JournalLine, Judged } from '../../src/journal/events.ts';
import { blankStep, takeLine } from '../../src/journal/step-standing.ts';
import { Content } from '../../src/lab/content.ts';
import { projectionOf } from '../../src/map/projection.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { NOTHING } from '../../src/values.ts';
import { triesMade, triesOfStep } from '../../src/world/tries-made.ts';

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

describe('the tries of a step', () => {
  const check = { id: 'connected', tries: 'port' };
  const verdict = (outcome: string, short: string) =>
    ({ id: 'connected', outcome, values: { name: 'mapped', short, port: 6700 } }) as unknown as Judged;
  const line = (seq: number, more: object) =>
    ({ seq, at: `2026-01-01T00:00:0${seq}.000Z`, step: 'port-mapping', ...more }) as unknown as JournalLine;
  const container = (id: string) => ({ id, world: 'mapped', ports: [{ host: 6700 }] });
  const after = (...lines: JournalLine[]) => {
    const standing = blankStep('port-mapping');
    for (const each of lines) takeLine(standing, each);
    return triesOfStep({ checks: [check] } as never, standing, [container('a'.repeat(12))]).map(
      ({ tried, at }) => [tried.end, tried.container?.slice(0, 1), at.slice(-6)],
    );
  };
  const judged = line(1, { type: 'judged', check: verdict('met', 'a'.repeat(12)) });
  const seen = line(2, {
    ...{ type: 'seen', containers: [container('b'.repeat(12))] },
    tries: [{ check: 'connected', way: 'port', reached: 'answer' }],
  });

  test('are there as soon as they are judged, before the step has ended', () => {
    assert.deepEqual(after(judged), [['in', 'a', '1.000Z']]);
  });
  test('once it was seen whole, are of the containers of then', () => {
    const before = line(1, { type: 'judged', check: verdict('met', 'b'.repeat(12)) });
    assert.deepEqual(after(before, seen), [['in', 'b', '1.000Z']]);
  });
  test('of a container that is not there any more, came to none', () => {
    assert.deepEqual(after(judged, seen), [['in', undefined, '1.000Z']]);
  });
  test('judged anew since, are those', () => {
    const again = line(3, { type: 'judged', check: verdict('not-met', 'a'.repeat(12)) });
    assert.deepEqual(after(judged, seen, again), [['no-way', 'a', '3.000Z']]);
  });
});
