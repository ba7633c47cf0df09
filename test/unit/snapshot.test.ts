/** A snapshot of the world: who goes by a name, and how often the engine is asked about them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toListed } from '../../src/engine/normalise.ts';
import type { Container, ListedContainer } from '../../src/engine/types.ts';
import { Snapshot } from '../../src/world/snapshot.ts';

const listed = (id: string): ListedContainer => ({
  ...{ id, name: `name-of-${id}`, imageId: 'sha256:1', imageRef: 'some', status: 'running' },
  ...{
    created: '2026-01-01T00:00:00.000Z',
    labels: {},
    bindings: [],
    mounts: [],
    networks: [],
    inNetworkOf: null,
    addresses: [],
    gateways: [],
    places: [],
  },
});

const NAMES = ['newer', 'older', 'theirs', 'hidden', 'neighbour'];
const [newer, older, theirs, hidden, neighbour] = NAMES.map(listed) as [
  ListedContainer,
  ListedContainer,
  ListedContainer,
  ListedContainer,
  ListedContainer,
];

/** `quiet` was made twice, `mapped` adopted; an adopted `quiet` is hidden by ours. */
function taken(inspect: (id: string, isOurs: boolean) => Container | null = () => null): Snapshot {
  return new Snapshot({
    ours: [
      { name: 'quiet', container: newer },
      { name: 'quiet', container: older },
    ],
    adopted: new Map([
      ['mapped', theirs],
      ['quiet', hidden],
    ]),
    guests: new Map([
      ['quiet', neighbour],
      ['other', neighbour],
    ]),
    inspect: async ({ id }, isOurs) => inspect(id, isOurs),
  });
}

describe('a snapshot', () => {
  test('a name is our newest, else what was adopted, else nobody', () => {
    const seen = taken();
    assert.equal(seen.listed('quiet'), newer);
    assert.equal(seen.ours('quiet'), newer);
    assert.equal(seen.adopted('quiet'), hidden);
    assert.equal(seen.listed('mapped'), theirs);
    assert.equal(seen.ours('mapped'), null);
    assert.equal(seen.listed('nobody'), null);
    assert.deepEqual(seen.allOurs(), [older, newer]);
    assert.deepEqual([...seen.byName()].sort(), [
      ['mapped', theirs],
      ['quiet', newer],
    ]);
  });

  test('a guest is judged where nobody else goes by the name, and is nobody for all else', async () => {
    const seen = taken((id) => ({ ...listed(id) }) as Container);
    assert.equal(seen.toJudge('other'), neighbour);
    assert.equal((await seen.containerToJudge('other'))?.id, 'neighbour');
    assert.equal(seen.toJudge('quiet'), newer);
    assert.equal(seen.toJudge('mapped'), theirs);
    assert.deepEqual([...seen.guests()], [['other', neighbour]]);
    assert.equal(seen.listed('other'), null);
    assert.equal(seen.byName().has('other'), false);
    assert.equal(await seen.container('other'), null);
  });

  test('a container is inspected when it is first wanted, and once', async () => {
    const asked: string[] = [];
    const seen = taken((id, isOurs) => {
      asked.push(`${id} ${isOurs ? 'ours' : 'theirs'}`);
      return { ...listed(id), exitCode: asked.length } as Container;
    });
    assert.deepEqual(asked, []);
    const [first, second] = await Promise.all([seen.container('quiet'), seen.container('quiet')]);
    assert.equal(first, second);
    assert.equal((await seen.container('quiet'))?.exitCode, 1);
    assert.equal((await seen.container('mapped'))?.id, 'theirs');
    assert.equal(await seen.container('nobody'), null);
    assert.deepEqual(asked, ['newer ours', 'theirs theirs']);
  });

  test('what has gone since it was taken is nobody', async () => {
    assert.equal(await taken().container('quiet'), null);
  });
});

describe('a container in a list', () => {
  const ID = 'a1'.repeat(32);
  const raw = {
    ...{
      Id: ID,
      Names: ['/mine'],
      Image: 'postgres',
      ImageID: `sha256:${ID}`,
      Command: '',
      Created: 1_700_000_000,
    },
    ...{ State: 'running', Status: 'Up', Labels: { one: '1' }, HostConfig: { NetworkMode: 'bridge' } },
    Ports: [
      { IP: '0.0.0.0', PrivatePort: 5432, PublicPort: 6700, Type: 'tcp' },
      { PrivatePort: 9999, Type: 'tcp' },
    ],
    NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.2' }, none: { IPAddress: '' } } },
    Mounts: [
      { Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', Destination: '/data' },
      { Type: 'bind', Source: '/etc/mine', Destination: '/conf' },
    ],
  };
  const read = (over: object = {}) => toListed({ ...raw, ...over } as never);

  test('says who it is, where its ports lead, what it mounts', () => {
    const { id, name, created, bindings, mounts, networks, addresses } = read();
    assert.deepEqual([id, name, created], [ID, 'mine', '2023-11-14T22:13:20.000Z']);
    assert.deepEqual(bindings, [{ containerPort: 5432, hostIp: '0.0.0.0', hostPort: 6700 }]);
    assert.deepEqual(mounts, [
      { type: 'volume', source: 'data', target: '/data' },
      { type: 'bind', source: '/etc/mine', target: '/conf' },
    ]);
    assert.deepEqual([networks, addresses], [['bridge', 'none'], ['172.17.0.2']]);
  });

  test('has the address of each network, also of one that has IPv6 alone', () => {
    const Networks = {
      a6: { IPAddress: '', GlobalIPv6Address: 'fd00:6::2' },
      bridge: { IPAddress: '172.17.0.2', GlobalIPv6Address: '' },
    };
    assert.deepEqual(read({ NetworkSettings: { Networks } }).places, [
      { network: 'a6', address: 'fd00:6::2' },
      { network: 'bridge', address: '172.17.0.2' },
    ]);
  });

  test('has the states of Docker, also where Podman has words of its own', () => {
    const states = ['created', 'paused', 'exited', 'stopped', 'stopping'].map(
      (State) => read({ State }).status,
    );
    assert.deepEqual(states, ['created', 'paused', 'exited', 'exited', 'running']);
  });

  test('may lack what Podman leaves out', () => {
    const bare = read({ Ports: null, Labels: null, Mounts: null, NetworkSettings: null });
    assert.deepEqual([bare.bindings, bare.labels, bare.mounts, bare.addresses], [[], {}, [], []]);
  });
});
