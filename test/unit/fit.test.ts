import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../src/engine/types.ts';
import { postgres } from '../../src/postgres/postgres.ts';
import { FITS_BELOW, FOREIGN_FROM, misfit, type Surroundings } from '../../src/world/fit.ts';
import { containerWith } from '../container-with.ts';

const VOLUME = 'f'.repeat(64);

const container = (over: Partial<Container> = {}): Container =>
  containerWith({
    id: 'c',
    imageRef: 'postgres',
    env: { PG_MAJOR: '17', POSTGRES_PASSWORD: 'x' },
    exposed: [5432],
    mounts: [{ type: 'volume', source: VOLUME, target: '/data' }],
    command: ['postgres'],
    ...over,
  });

function around(over: Partial<Surroundings> = {}): Surroundings {
  return {
    image: { id: 'sha256:17', major: 17 },
    service: postgres,
    target: '/data',
    values: { port: 6700 },
    foundData: () => 'new',
    volumeOf: () => null,
    volumes: new Set(['data']),
    ...over,
  };
}

const bound = (hostPort: number, containerPort = 5432) => [{ containerPort, hostIp: '0.0.0.0', hostPort }];
const published = { publishes: { 5432: '{{port}}' } };

test('what is exactly as asked fits best, and its name or label do not matter', () => {
  assert.equal(misfit({}, container({ name: 'x', labels: { mine: '1' } }), around()), 0);
  assert.equal(misfit(published, container({ bindings: bound(6700) }), around()), 0);
});

test('another port fits worse, another container port and none do not fit', () => {
  const other = misfit(published, container({ bindings: bound(6701) }), around());
  const inside = misfit(published, container({ bindings: bound(6700, 6700) }), around());
  const none = misfit(published, container(), around());
  assert.ok(0 < other && other < FITS_BELOW && FITS_BELOW <= inside && inside < none);
});

test('what was asked for with -p counts where the container never started', () => {
  const never = container({ status: 'created', requested: bound(6700) });
  assert.ok(misfit(published, never, around()) < FITS_BELOW);
});

test('a name without a port does not take a container with one', () => {
  assert.ok(misfit({ publishes: {} }, container({ bindings: bound(6700) }), around()) >= FITS_BELOW);
});

test('images: the run’s own by id, another major only where one is asked for, and no others', () => {
  const other = container({ imageId: 'sha256:15', env: { PG_MAJOR: '15', POSTGRES_PASSWORD: 'x' } });
  assert.equal(misfit({ image: 'other' }, other, around()), 0);
  assert.ok(misfit({ image: 'other' }, container(), around()) >= FITS_BELOW);
  assert.ok(misfit({}, other, around()) > misfit({}, container({ imageId: 'sha256:17b' }), around()));
  assert.ok(misfit({}, container({ imageId: 'nginx', env: {} }), around()) >= FOREIGN_FROM);
});

test('volumes: a named one at the target, before one elsewhere, before a bind, before none', () => {
  const mounted = (type: string, source: string, target: string) =>
    misfit({ mounts: 'data' }, container({ mounts: [{ type, source, target }] }), around());
  const order = [
    mounted('volume', 'mine', '/data'),
    mounted('volume', 'mine', '/elsewhere'),
    mounted('bind', '/home/me', '/data'),
    mounted('volume', VOLUME, '/data'),
  ];
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.equal(order[0], 0);
  assert.equal(new Set(order).size, 4);
});

test('the volume that a former container left is known by its name', () => {
  const former = around({ volumeOf: () => VOLUME });
  assert.equal(misfit({ mounts: 'doomed' }, container(), former), 0);
  const otherwise = container({ mounts: [{ type: 'volume', source: 'e'.repeat(64), target: '/data' }] });
  assert.ok(misfit({ mounts: 'doomed' }, otherwise, former) >= FITS_BELOW);
});

test('passwords, old data and an end are told apart', () => {
  const bare = container({ status: 'exited', env: { PG_MAJOR: '17' } });
  assert.equal(misfit({ password: 'none', ended: true }, bare, around()), 0);
  assert.ok(misfit({ password: 'given' }, bare, around()) >= FITS_BELOW);
  assert.ok(misfit({ data: 'old' }, container(), around()) > 0);
  assert.equal(misfit({ data: 'old' }, container(), around({ foundData: () => 'old' })), 0);
});

test('without a service, a container is known by its image alone', () => {
  const bare = around({ service: undefined });
  assert.equal(misfit({}, container({ env: {} }), bare), 0);
  assert.ok(misfit({}, container({ imageId: 'sha256:17b' }), bare) >= FOREIGN_FROM);
});
