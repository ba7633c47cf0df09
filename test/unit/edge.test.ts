/** Where the outside comes in: an engine's answers, labels, a journal's lines, values in prose. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  hasLabels,
  idOf,
  networkIdOf,
  toContainer,
  toEvent,
  toImage,
  toListed,
} from '../../src/engine/normalise.ts';
import type { Engine, Image } from '../../src/engine/types.ts';
import { otherMajor } from '../../src/image/other-major.ts';
import { lineOf, parseLine } from '../../src/journal/line.ts';
import { fill, fillOpen } from '../../src/lab/content.ts';
import { fittingLabels } from '../../src/names.ts';
import { Trouble } from '../../src/trouble.ts';
import { visible } from '../../src/visible.ts';

const ID = '0f'.repeat(32);
const HOSTILE = ['$(touch OWNED)', '../../images/x/push', `${ID}\n`, '', null, 7, {}, `${ID}a`];
const isNonsense = (error: unknown) => error instanceof Trouble && error.code === 'engine-nonsense';

const LISTED = {
  Id: ID,
  Names: ['/mine'],
  Image: 'postgres',
  ImageID: `sha256:${ID}`,
  Created: 1,
  State: 'running',
};
const INSPECTED = {
  ...{ Id: ID, Name: '/mine', Image: `sha256:${ID}`, Path: 'x', Args: [], Created: '', RestartCount: 0 },
  ...{ State: { Status: 'running' }, Config: { Image: 'postgres' }, HostConfig: {}, Mounts: [] },
  NetworkSettings: { Ports: {}, Networks: {} },
};

describe('what an engine sends', () => {
  test('has ids that are ids, or nothing is done with it', () => {
    for (const Id of HOSTILE) {
      assert.throws(() => idOf(Id), isNonsense);
      assert.throws(() => toListed({ ...LISTED, Id } as never), isNonsense);
      assert.throws(() => toContainer({ ...INSPECTED, Id } as never), isNonsense);
      assert.throws(() => toImage({ Id } as never), isNonsense);
      assert.throws(() => networkIdOf(Id), isNonsense);
    }
    // A swarm's own, as that by which it publishes, are of other letters.
    const ofSwarm = 'w0zn731m13c82djgahtujmcep';
    assert.equal(networkIdOf(ofSwarm), ofSwarm);
    assert.throws(() => idOf(ofSwarm), isNonsense);
    // Podman cuts some to twelve digits.
    assert.equal(idOf(ID.slice(0, 12)), ID.slice(0, 12));
  });

  test('has names of images, containers, volumes, addresses and ports that look like it, or they are left out', () => {
    const read = toListed({
      ...LISTED,
      ...{ Names: ['/other/alias', '/mine'], Image: '$(id)', ImageID: 'sha256:../x' },
      Ports: [
        { IP: '$(id)', PrivatePort: 5432, PublicPort: 6700 },
        { IP: '0.0.0.0', PrivatePort: 5432, PublicPort: '$(id)' },
      ],
      NetworkSettings: { Networks: { a: { IPAddress: '-h' }, b: { IPAddress: '10.0.0.2' }, c: null } },
      Mounts: [{ Type: 'volume', Name: 'a,b', Source: '/x', Destination: '/y' }],
    } as never);
    assert.deepEqual([read.name, read.imageId, read.imageRef], ['mine', '', '']);
    assert.deepEqual(read.bindings, [{ containerPort: 5432, hostIp: '0.0.0.0', hostPort: 6700 }]);
    assert.deepEqual(read.addresses, ['10.0.0.2']);
    assert.deepEqual(read.mounts, [{ type: 'foreign', source: 'a,b', target: '/y' }]);
    const { tags } = toImage({
      Id: `sha256:${ID}`,
      RepoTags: ['postgres:17', '$(id)', '<none>:<none>'],
    } as never);
    assert.deepEqual(tags, ['postgres:17']);
  });

  test('has the volume of its data first, whatever else it names volumes for', () => {
    const targets = (data: string, ...volumes: string[]) =>
      toImage({
        Id: `sha256:${ID}`,
        Config: { Env: [`PGDATA=${data}`], Volumes: Object.fromEntries(volumes.map((each) => [each, {}])) },
      } as never).volumeTargets;
    const data = '/var/lib/postgresql/data';
    assert.deepEqual(targets(data, '/backup', data), [data, '/backup']);
    assert.deepEqual(targets('/var/lib/postgresql/18/docker', '/var', '/var/lib/postgresql', '/a'), [
      ...['/var/lib/postgresql', '/var', '/a'],
    ]);
    assert.deepEqual(targets(data, '/var/lib/postgresql/data-2', '/b'), ['/var/lib/postgresql/data-2', '/b']);
    assert.deepEqual(targets('/data/../tmp', '/a', '/data'), ['/a', '/data']);
  });

  test('may be of any shape: what comes of it is trouble, or data with an id', () => {
    const any = fc.anything({ maxDepth: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(LISTED)), any, (key, value) => {
        try {
          assert.match(toListed({ ...LISTED, [key]: value } as never).id, /^[0-9a-f]{12,64}$/);
        } catch (error) {
          assert.ok(isNonsense(error), String(error));
        }
      }),
    );
  });

  test('tells in an event nothing of what a label says', () => {
    const labels = {
      exitCode: 'x',
      execID: '$(id)',
      image: '$(id)',
      name: 'a\u001b',
      'pglab.run': 'mine',
      other: '1',
    };
    const raw = { Type: 'container', Action: 'die', Actor: { ID, Attributes: labels }, timeNano: 1e6 };
    const { at, ...told } = toEvent(raw) ?? { at: 0 };
    assert.deepEqual(told, {
      ...{
        type: 'container',
        action: 'die',
        id: ID,
        name: ID.slice(0, 12),
        image: '',
        execId: '',
        command: '',
      },
      ...{ exitCode: null, labels: { 'pglab.run': 'mine' } },
    });
    assert.equal(toEvent({ ...raw, Actor: { ID: '$(id)' } }), null);
  });
});

test('a label that does not fit makes a thing nobody’s, and other labels stay', () => {
  const ours = { 'pglab.run': 'mine', 'pglab.home': '0123456789ab', 'pglab.name': 'quiet', other: '1' };
  assert.deepEqual(fittingLabels(ours), ours);
  for (const wrong of [
    { 'pglab.run': 'a\u001b[2J' },
    { 'pglab.run': '-rf' },
    { 'pglab.home': '0123456789AB' },
    { 'pglab.name': 'a b' },
    { 'pglab.step': '../x' },
    { 'pglab.lab': 'a\nb' },
  ]) {
    const labels = fittingLabels({ ...ours, ...wrong });
    assert.deepEqual(labels, { other: '1' }, JSON.stringify(wrong));
    assert.equal(hasLabels(labels, { 'pglab.home': '0123456789ab' }), false);
  }
  assert.equal(hasLabels(ours, { 'pglab.run': 'mine', 'pglab.home': null }), true);
});

test('a journal that was handed over holds ids, names and steps, or its line is not read', () => {
  const stamp = { v: 3 as const, seq: 1, at: '2026-01-01T00:00:00Z', participant: 'x' };
  const made = { type: 'made', kind: 'container', name: 'quiet', id: ID, volume: null } as const;
  const rest = { image: null, ports: [], networks: [], mounts: [] };
  const read = (over: object) => parseLine(lineOf({ ...stamp, ...made, ...rest, ...over } as never)).is;
  assert.equal(read({}), 'event');
  for (const over of [{ id: '$(id)' }, { id: '../x' }, { name: 'a b' }, { volume: 'a,b' }, { id: `${ID}\n` }])
    assert.equal(read(over), 'unreadable', JSON.stringify(over));
  const pinned = (ref: string) =>
    parseLine(
      lineOf({
        ...stamp,
        type: 'image-pinned',
        image: { ref, id: `sha256:${ID}`, postgresMajor: 17 },
        how: 'local',
      }),
    ).is;
  assert.deepEqual([pinned('host:5000/postgres:17'), pinned('$(id)')], ['event', 'unreadable']);
  const step = (name: string) => parseLine(lineOf({ ...stamp, type: 'begun-anew', step: name })).is;
  assert.deepEqual([step('exec-psql'), step('../../etc/passwd')], ['event', 'unreadable']);
});

describe('a value in prose', () => {
  test('is made visible, kept to one line, and cut; what a program said keeps its lines', () => {
    const values = { name: 'a\u001b[2K\nb', why: 'one\ntwo\u001b', long: 'x'.repeat(1_000) };
    assert.equal(fillOpen('{{name}}: {{why}}, {{gone}}', values), 'a␛[2K␊b: one\ntwo␛, …');
    assert.equal(fill('{{long}}', values, 'test').length, 201);
    assert.equal(fillOpen('{{toString}}', values), '…');
  });

  test('is a word of a shell where the text is to be pasted', () => {
    const values = { target: '/a;reboot #', known: 'one, two', short: '0123456789ab' };
    assert.equal(
      fillOpen('Run it with -v NAME:{{target}}', values, 'go'),
      "Run it with -v NAME:'/a;reboot #'",
    );
    assert.equal(fillOpen('The steps are: {{known}}.', values, 'fix'), 'The steps are: one, two.');
    assert.equal(fillOpen('In `{{target}}` lies', values), 'In `/a;reboot #` lies');
    assert.equal(
      fillOpen('see `docker cp {{short}}:{{target}} x`', values),
      "see `docker cp 0123456789ab:'/a;reboot #' x`",
    );
    assert.equal(fillOpen('`x {{target}}`', { target: 'a`b' }), "`x 'aˋb'`");
  });

  test('holds nothing hidden, whatever it is and wherever it stands', () => {
    const any = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(any, fc.constantFrom('text', 'go', 'fix'), (value, field) => {
        const told = fillOpen('a {{x}} `ls {{x}}` `{{x}}`', { x: value.replaceAll('\0', '') }, field);
        assert.equal(visible(told), told);
      }),
    );
  });
});

test('an image of another major is taken unasked only under an official name, our own, or the mirror’s', async () => {
  const image = (major: number, ...tags: string[]): Image => ({
    ...{ id: `sha256:${major}`, tags, size: 0, created: '', postgresMajor: major },
    volumeTargets: [],
    env: {},
    labels: {},
  });
  const chosen = async (mirror: string | null, ...images: Image[]) => {
    const engine = { images: async () => images } as unknown as Engine;
    return (await otherMajor(engine, image(17), mirror))?.ref ?? null;
  };
  for (const tag of [
    'neighbour/postgres:16',
    'evil.example/postgres:16',
    'postgres:evil',
    'postgres:15',
    'pglab/postgres:18',
    'x/library/postgres:16',
  ])
    assert.equal(await chosen(null, image(16, tag)), null, tag);
  for (const tag of ['postgres:16', 'postgres:16.4', 'docker.io/library/postgres:16', 'pglab/postgres:16'])
    assert.equal(await chosen(null, image(16, tag)), tag);
  assert.equal(
    await chosen('mirror.example', image(16, 'mirror.example/postgres:16')),
    'mirror.example/postgres:16',
  );
  assert.equal(await chosen('mirror.example', image(16, 'other.example/postgres:16')), null);
  assert.equal(await chosen(null, image(18, 'postgres:18'), image(15, 'postgres:15')), 'postgres:15');
});
