/** Where things stand on the map: they keep their place while the world changes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textOf } from '../../src/map/lanes.ts';
import { placesFor, placesForStep } from '../../src/map/places.ts';
import { projectionOf } from '../../src/map/projection.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { container, plain, say, world } from '../map-of-test.ts';

describe('places', () => {
  const of = (...ids: string[]) => projectionOf(world({ containers: ids.map((id) => container(id)) }));
  const places = (map: ReturnType<typeof of>, before?: string[]) =>
    placesFor(map, before).map((id) => id.replace('container:', '')[0] ?? '');
  test('are kept while others come and go; who comes takes the first that is free', () => {
    const first = placesFor(of('a', 'b', 'c'));
    assert.deepEqual(places(of('a', 'b', 'c')), ['a', 'b', 'c']);
    assert.deepEqual(places(of('b', 'c'), first), ['', 'b', 'c']);
    assert.deepEqual(places(of('b', 'c', 'd'), first), ['d', 'b', 'c']);
    assert.deepEqual(places(of('a'), first), ['a']);
  });

  test('what ends stays where it is; what comes then stands before all that has ended below', () => {
    const [exited, running] = [{ state: 'exited' }, {}];
    const having = (...all: [string, object][]) =>
      projectionOf(world({ containers: all.map(([id, about]) => ({ ...container(id), ...about })) }));
    const before = placesFor(having(['a', running], ['b', running], ['c', running]));
    const ended = having(['a', exited], ['b', running], ['c', exited]);
    assert.deepEqual(places(ended, before), ['a', 'b', 'c']);
    const more = having(['a', exited], ['b', running], ['c', exited], ['d', running]);
    assert.deepEqual(places(more, before), ['a', 'b', 'd', 'c']);
    assert.deepEqual(places(more), ['b', 'd', 'c', 'a'], 'to who comes new the living stand first');
    const said = sceneOf(more, { say: say('en') }).boxes.map((box) =>
      /bridge/.test(box?.rows.map(({ text }) => text).join(' ') ?? ''),
    );
    assert.deepEqual(said, [true, true, false, false], 'what has ended has no address');
  });

  test('of a step stand the newest on top, beneath a place that is free for what the step makes', () => {
    const having = (...worlds: (string | null)[]) =>
      projectionOf(
        world({ containers: worlds.map((name, at) => ({ ...container('abc'[at] as string), world: name })) }),
      );
    const first = placesForStep(having('quiet', null), ['mapped']);
    assert.deepEqual(places(having('quiet', null), first), ['', 'b', 'a']);
    assert.deepEqual(places(having('quiet', null, 'mapped'), first), ['c', 'b', 'a']);
    const made = having('quiet', null, 'mapped');
    assert.deepEqual(places(made, placesForStep(made, ['mapped'])), ['c', 'b', 'a'], 'it is there already');
    assert.deepEqual(places(made, placesForStep(made, [])), ['c', 'b', 'a'], 'it makes none');
  });

  test('a box stays in its rows while the one above it goes', () => {
    const before = of('a', 'b');
    const rowOf = (map: ReturnType<typeof of>) => {
      const scene = sceneOf(map, { say: say('en'), places: placesFor(map, placesFor(before)) });
      return textOf(scene, { columns: 80, paint: plain }).findIndex((line) => line.includes('nifty_b'));
    };
    assert.equal(rowOf(of('b')), rowOf(before));
  });
});
