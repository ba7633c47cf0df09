/** Which containers come onto the map, where more are there than it has room for, and whose servers are asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedContainer } from '../../src/engine/types.ts';
import { drawnOf, rankingOf } from '../../src/world/drawn-containers.ts';

type Given = Parameters<typeof rankingOf>[0];

const listed = (id: string, of: Partial<ListedContainer> = {}): ListedContainer => ({
  ...{ id, name: id, imageId: '', imageRef: 'postgres', status: 'running', created: '' },
  ...{
    labels: {},
    bindings: [],
    mounts: [],
    networks: ['bridge'],
    inNetworkOf: null,
    addresses: [],
    gateways: [],
    places: [],
  },
  ...of,
});

/** A run that has adopted `a`, and in which all but `old` were made. */
const things = {
  adoptions: () => new Map([['found', 'a']]),
};
const standing = {
  things,
  isMadeInRun: (_: string, id: string) => id !== 'old',
} as unknown as Given['standing'];
const owner = { lab: 'l', run: 'r', home: 'h' } as unknown as Given['owner'];
const ours = listed('ours', { labels: { 'pglab.lab': 'l', 'pglab.run': 'r' } });
const rankOf = rankingOf({ owner, standing, said: new Set(['said']) }, [ours]);

test('however many were made meanwhile, what is ours and what was adopted has its place', () => {
  const strangers = Array.from({ length: 30 }, (_, at) => listed(`new-${at}`));
  const drawn = drawnOf([...strangers, listed('a'), ours, listed('old')], rankOf, []);
  assert.equal(drawn.length, 12);
  assert.deepEqual(
    drawn.slice(0, 2).map(({ listed: { id }, owned }) => [id, owned]),
    [
      ['ours', 'run'],
      ['a', 'learner'],
    ],
  );
  // The newest of the others.
  assert.deepEqual(
    drawn.slice(2).map(({ listed: { id } }) => id),
    strangers
      .slice(0, 10)
      .map(({ id }) => id)
      .reverse(),
  );
});

test('whose network one of ours shares is there, with the doors that lead to both', () => {
  const joined = listed('joined', { ...ours, id: 'ours', networks: [], inNetworkOf: 'old' });
  assert.deepEqual(
    drawnOf([joined, listed('old')], rankOf, []).map(({ listed: { id }, owned }) => [id, owned]),
    [
      ['old', 'other'],
      ['ours', 'run'],
    ],
  );
});

test('nobody is asked but what is ours, adopted, or said to be theirs', () => {
  const door = { containerPort: 5432, hostPort: 5432, hostIp: '0.0.0.0' };
  const all = [listed('new'), listed('said'), listed('a'), ours, listed('old', { bindings: [door] })];
  assert.deepEqual(
    drawnOf(all, rankOf, [5432]).map(({ listed: { id }, owned, isAsked }) => [id, owned, isAsked]),
    [
      ['old', 'other', false],
      ['ours', 'run', true],
      ['a', 'learner', true],
      ['said', 'learner', true],
      ['new', 'learner', false],
    ],
  );
});
