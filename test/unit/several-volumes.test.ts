/** An image may name volumes for other things than its data: each is labelled, and the data's is told from them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postgres } from '../../src/kit.ts';
import { lineOf } from '../../src/runner/ground/line-to-run.ts';
import { unnamedVolumeOf } from '../../src/runner/ground/mounted.ts';

const DATA = '/var/lib/postgresql/data';
const image = { id: 'sha256:1', volumeTargets: [DATA, '/backup', '/etc/postgresql'], labels: {} };
const context = {
  image,
  owner: { run: 'r', home: 'h', lab: 'l' },
  lab: { settings: { service: postgres } },
  labelsVolumes: true,
};

/** Where the volumes lie that are added to a line. */
function targetsIn(line: string, over: object = {}): string[] {
  const { run } = lineOf({ ...context, ...over } as never, 'step', { article: null, run: line }, line, {});
  return [...run.matchAll(/--mount \S*?dst=([^\s,]+),volume-label=pglab\.run=r/g)].map(
    ([, at]) => at as string,
  );
}

test('each volume that an image names is one of ours, but where the line mounts something itself', () => {
  assert.deepEqual(targetsIn('docker run {{ours}} postgres'), [DATA, '/backup', '/etc/postgresql']);
  assert.deepEqual(targetsIn('docker run {{bare}} postgres'), [DATA, '/backup', '/etc/postgresql']);
  assert.deepEqual(targetsIn(`docker run {{named}} -v mine:${DATA} postgres`), [
    '/backup',
    '/etc/postgresql',
  ]);
  assert.deepEqual(targetsIn('docker run {{ours}} -v /a:/etc/postgresql:ro postgres'), [DATA, '/backup']);
  assert.deepEqual(targetsIn('docker run {{ours}} postgres', { labelsVolumes: false }), []);
  assert.deepEqual(targetsIn('docker run {{ours}} postgres', { image: { ...image, volumeTargets: [] } }), []);
});

test('the volume without a name that counts is the one of the data', () => {
  const volume = (digit: string, target: string) => ({ type: 'volume', source: digit.repeat(64), target });
  const mounts = [volume('a', '/backup'), volume('b', DATA)];
  const found = (...given: object[]) =>
    unnamedVolumeOf(context as never, { mounts: given } as never)?.source.slice(0, 1);
  assert.equal(found(...mounts), 'b');
  assert.equal(found(volume('a', '/backup')), 'a');
  assert.equal(found({ type: 'volume', source: 'named', target: DATA }), undefined);
});
