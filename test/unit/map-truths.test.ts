/** What a map must not say of a world: each told by a picture in which it would be false. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { projectionOf } from '../../src/map/projection.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { mapOfPart } from '../../src/map/seen-part.ts';
import type { Picture } from '../../src/world/picture.ts';
import { triesMade } from '../../src/world/tries-made.ts';
import { attempt, container, DOOR, drawn, say, world } from '../map-of-test.ts';

const text = (picture: Picture) => drawn(picture, 100).join('\n');
const listening = (...all: [string, string][]) => ({
  number: 6700,
  listeners: all.map(([process, address]) => ({ process, addresses: [address] })),
});

describe('listeners of a port', () => {
  test('stand at a door only where they listen at its address; others beside it', () => {
    const told = text(
      world({
        ports: [listening(['docker-proxy', '127.0.0.1'], ['python3', '::1'])],
        containers: [container('a', { doors: [{ ...DOOR, ip: '127.0.0.1' }] })],
      }),
    );
    assert.match(told, /127\.0\.0\.1:6700 docker-proxy ═+▶■/);
    assert.match(told, /^\[::1\]:6700 python3/m);
  });

  test('a door of IPv6 alone is not open at every address', () => {
    const told = text(
      world({
        ports: [listening(['docker-proxy', '::'])],
        containers: [container('a', { doors: [{ ...DOOR, ip: '::' }] })],
      }),
    );
    assert.match(told, /\[::\]:6700 docker-proxy ═+▶■/);
    assert.doesNotMatch(told, /\*:6700/);
  });

  test('who listens everywhere takes what comes to a door of one address', () => {
    const told = text(
      world({
        ports: [listening(['rootlessport', '*'])],
        containers: [container('a', { doors: [{ ...DOOR, ip: '127.0.0.1' }] })],
      }),
    );
    assert.match(told, /127\.0\.0\.1:6700 rootlessport ═+▶■/);
  });
});

test('a port that is published by TCP too is not told to be open only by UDP', () => {
  const udp = { ...DOOR, protocol: 'udp', host: null, ip: '' } as const;
  assert.doesNotMatch(text(world({ containers: [container('a', { doors: [DOOR, udp] })] })), /UDP/);
  assert.match(text(world({ containers: [container('a', { doors: [udp] })] })), /5432 only by UDP/);
});

test('through which of two doors somebody came is not told; through the only one it is', () => {
  const clients = [{ application: 'psql', way: 'port', from: '172.17.0.1' }] as const;
  const via = (...doors: (typeof DOOR)[]) =>
    projectionOf(world({ containers: [container('a', { doors, clients: [...clients] })] })).edges.flatMap(
      (edge) => (edge.kind === 'reaches' ? [edge.via] : []),
    );
  assert.deepEqual(via(DOOR, { ...DOOR, host: 6701 as 6700 }), [null]);
  assert.deepEqual(via(DOOR, { ...DOOR, ip: '::' as '0.0.0.0' }), ['port:6700']);
});

test('whom a server refused, from nobody knows where, came by no line from this machine', () => {
  const refused = attempt('refused', {
    ...{ by: 'learner', what: 'postgres', way: null, port: null },
    line: 128,
  });
  const told = text(world({ containers: [container('a', { doors: [DOOR] })], tries: [refused] }));
  assert.match(told, /│ postgres: pg_hba line 128 +│/);
  assert.doesNotMatch(told, /─✕/);
});

test('what a try came to in a container that has ended is past', () => {
  const tries = [attempt('in', { way: 'inside', port: null })];
  const ended = container('a', { state: 'exited', exitCode: 0 });
  assert.match(text(world({ containers: [container('a')], tries })), /inside: in/);
  assert.doesNotMatch(text(world({ containers: [ended], tries })), /inside: in/);
});

describe('since when', () => {
  const now = new Date(2026, 10, 28, 12);
  const told = (state: string, since: Date, exitCode: number | null = null) => {
    const map = projectionOf(
      world({ containers: [container('a', { state, since: since.toISOString(), exitCode })] }),
    );
    return sceneOf(map, { say: say('en'), now }).boxes[0]?.rows[1]?.text;
  };
  const today = new Date(2026, 10, 28, 9);
  const before = new Date(2026, 10, 25, 9);
  test('is told of what began then: of a paused one is known when it was started', () => {
    assert.equal(told('running', today), 'running since 09:00');
    assert.equal(told('paused', today), 'paused; last started 09:00');
    assert.equal(told('restarting', today), 'restarting again and again; last started 09:00');
    assert.equal(told('exited', today, 3), 'ended with 3 at 09:00');
  });
  test('is told with its day where that is another one', () => {
    assert.equal(told('running', before), 'running since 2026-11-25 09:00');
  });
});

describe('the part of a step', () => {
  const seen = {
    containers: [
      {
        ...{ id: 'a'.repeat(12), name: 'nifty', world: 'mapped', image: 'postgres:17', state: 'exited' },
        ports: [{ container: 5432, host: 6700, ip: '0.0.0.0', listener: null }],
      },
    ],
    ...{ volumes: [], sockets: [], tries: [] },
  };
  const partWith = (pin: unknown) => {
    const map = mapOfPart(
      { settings: {} } as never,
      { draws: ['mapped'] } as never,
      { seen, judged: [], theirs: new Set(), pin } as never,
    );
    assert.ok(map);
    return sceneOf(map, { say: say('en'), brief: true });
  };
  const pinned = (endpoint: string, local?: boolean) => ({ engine: { endpoint }, local });
  test('of an engine elsewhere is not of this machine', () => {
    const lane = (pin: unknown) => partWith(pin).lanes[0];
    assert.equal(lane(pinned('tcp://192.0.2.7:2375', false)), 'the machine 192.0.2.7');
    assert.equal(lane(pinned('ssh://me@far.example', false)), 'the machine far.example');
    assert.equal(lane(pinned('unix:///var/run/docker.sock', false)), "the engine's machine");
    assert.equal(lane(pinned('unix:///var/run/docker.sock', true)), 'this machine');
    assert.equal(lane(null), 'this machine');
  });
  test('tells of a code only where it is known', () => {
    assert.equal(partWith(null).boxes[0]?.rows[1]?.text, 'ended');
  });
});

describe('a try that found nobody', () => {
  const tried = (end: 'no-listener' | 'no-file') => ({
    ...{ what: 'refused', by: 'pglab', way: end === 'no-file' ? 'socket' : 'port', end, port: 6701 },
    ...{ container: null, cause: null, line: null },
  });
  const isDrawn = (end: 'no-listener' | 'no-file', more: object) =>
    projectionOf(world({ tries: [tried(end)], ...more } as never)).nodes.some(({ kind }) => kind === 'try');
  const heardAt = (...addresses: string[]) => ({
    ports: [{ number: 6701, listeners: addresses.length === 0 ? [] : [{ process: 'nc', addresses }] }],
  });
  test('is past where somebody listens now', () => {
    assert.ok(isDrawn('no-listener', heardAt()));
    for (const address of ['*', '0.0.0.0', '::', '127.0.0.1'])
      assert.ok(!isDrawn('no-listener', heardAt(address)), address);
    for (const address of ['::1', '192.0.2.7']) assert.ok(isDrawn('no-listener', heardAt(address)), address);
  });
  test('is past where the socket file is there now', () => {
    const file = (there: boolean) => ({ sockets: [{ path: '/tmp/.s.PGSQL.6701', there }] });
    assert.ok(isDrawn('no-file', file(false)));
    assert.ok(!isDrawn('no-file', file(true)));
  });
});

test('a try at a port that does not lead to its container came to no container', () => {
  const judged = {
    id: 'unreachable',
    outcome: 'met',
    values: { name: 'quiet', port: 5432, error: 'postgres (412)' },
  };
  const [tried] = triesMade(
    {
      containers: [{ id: 'a'.repeat(12), world: 'quiet', ports: [] }],
      tries: [{ check: 'unreachable', way: 'port', reached: 'machine' }],
    } as never,
    [judged as never],
  );
  assert.deepEqual(tried?.end, 'no-way');
  const { edges } = projectionOf(world({ containers: [container('a')], tries: tried ? [tried] : [] }));
  assert.deepEqual(
    edges.flatMap((edge) => (edge.kind === 'reaches' ? [edge.to] : [])),
    ['port:5432'],
  );
});
