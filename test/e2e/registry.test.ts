/** Getting an image: a real registry on loopback, tarballs with their digest, a tag that moves. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLab, type TestLab } from './lab.ts';

const REGISTRY = '127.0.0.1:5055';

async function startRegistry(folder: string): Promise<ChildProcess> {
  const config = join(folder, 'config.yml');
  writeFileSync(
    config,
    `version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/data\nhttp:\n  addr: ${REGISTRY}\n`,
  );
  const registry = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    registry.stderr?.on('data', (text) => String(text).includes('listening on') && resolve());
    registry.on('exit', () => reject(new Error('the registry did not start')));
  });
  return registry;
}

describe('getting an image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-registry-'));
  let registry: ChildProcess;
  let lab: TestLab;
  before(async () => {
    registry = await startRegistry(folder);
    lab = openLab({ PGLAB_IMAGES: join(folder, 'tarballs') });
    for (const path of ['postgres:15', 'hub/library/postgres:15']) {
      await lab.docker('tag', 'postgres:15', `${REGISTRY}/${path}`);
      await lab.docker('push', '-q', `${REGISTRY}/${path}`);
      await lab.docker('rmi', `${REGISTRY}/${path}`);
    }
  });
  after(async () => {
    registry.kill();
    const left = await lab.docker(
      'images',
      '--format',
      '{{.Repository}}:{{.Tag}}',
      '--filter',
      `reference=${REGISTRY}/*`,
    );
    for (const ref of left.split('\n').filter(Boolean)) await lab.docker('rmi', ref);
    await lab.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('pulled from a registry, by its own reference, and said so', async () => {
    const ref = `${REGISTRY}/postgres:15`;
    const { code, stdout, stderr } = await lab.pglab('image', 'pull', '--image', ref);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /was pulled from its registry/);
    assert.match(stderr, new RegExp(`pulling ${ref}`));
    const again = await lab.pglab('image', 'pull', '--image', ref);
    assert.match(again.stdout, /is on this engine already/);
  });

  test('through a mirror, where the registry itself cannot be reached; the name is given', async () => {
    const wanted = `mirrored-${Date.now()}.invalid/postgres:15`;
    const { code, stderr } = await lab.pglab(
      'image',
      'pull',
      '--image',
      wanted,
      '--mirror',
      `${REGISTRY}/postgres:15`,
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /name could not be looked up/);
    assert.equal((await lab.pglab('image', 'pull', '--image', wanted)).code, 0);
    await lab.docker('rmi', wanted);
  });

  test('by its digest: from the registry, and from a whole mirror, which is asked for that very digest', async () => {
    await lab.docker('pull', '-q', `${REGISTRY}/postgres:15`);
    const known = await lab.docker('image', 'inspect', '--format', '{{json .RepoDigests}}', 'postgres:15');
    const digest = new RegExp(`${REGISTRY}/postgres@(sha256:[0-9a-f]{64})`).exec(known)?.[1] as string;
    await lab.docker('rmi', `${REGISTRY}/postgres:15`);
    const own = `${REGISTRY}/postgres@${digest}`;
    const away = `mirrored-${Date.now()}.invalid/postgres@${digest}`;
    const pulls = [
      [own],
      [away, '--mirror', `${REGISTRY}/postgres`],
      [away, '--mirror', `${REGISTRY}/postgres:99`],
    ];
    for (const [ref = '', ...mirror] of pulls) {
      const { code, stderr } = await lab.pglab('image', 'pull', '--image', ref, ...mirror);
      assert.equal(code, 0, stderr);
      assert.match(stderr, new RegExp(`pulling ${own}$`, 'm'));
      await lab.docker('rmi', own);
    }
  });

  test('a mirror’s library/ is tried as well', async () => {
    const { json, docker } = lab;
    await docker('tag', 'postgres:15', 'pglab-test-kept:15');
    await docker('rmi', 'postgres:15');
    try {
      const { code, image } = await json(
        'image',
        'pull',
        '--image',
        'postgres:15',
        '--mirror',
        `${REGISTRY}/hub`,
      );
      assert.deepEqual([code, image?.postgresMajor], [0, 15]);
    } finally {
      await docker('tag', 'pglab-test-kept:15', 'postgres:15');
      await docker('rmi', 'pglab-test-kept:15');
    }
  });

  test('no such tag, and a port where nobody listens, are told apart', async () => {
    const missing = await lab.json('image', 'pull', '--image', `${REGISTRY}/postgres:99`);
    assert.deepEqual([missing.code, missing.trouble?.code], [2, 'pull-no-such-tag']);
    const refused = await lab.json('image', 'pull', '--image', '127.0.0.1:9/postgres:15');
    assert.deepEqual([refused.code, refused.trouble?.code], [2, 'pull-refused']);
  });

  test('saved with its digest, and loaded on the next machine; a damaged one is refused', async () => {
    const file = join(folder, 'postgres-15.tar');
    const saved = await lab.pglab('image', 'save', file, '--image', 'postgres:15');
    assert.equal(saved.code, 0, saved.stderr);
    const digest = /SHA-256 ([0-9a-f]{64})/.exec(saved.stdout)?.[1];
    assert.equal(readFileSync(`${file}.sha256`, 'utf8'), `${digest}  postgres-15.tar\n`);
    assert.equal((await lab.pglab('image', 'load', file)).code, 0);
    writeFileSync(file, 'damaged');
    const damaged = await lab.json('image', 'load', file);
    assert.deepEqual([damaged.code, damaged.trouble?.code], [2, 'tarball-damaged']);
    const missing = await lab.json('image', 'load', join(folder, 'nothing.tar'));
    assert.deepEqual([missing.code, missing.trouble?.code], [2, 'tarball-missing']);
  });

  test('a tag that moves in mid-run is said, and the run stays with its image', async () => {
    const tag = 'pglab-test-moving:1';
    await lab.docker('tag', 'postgres:15', tag);
    const first = await lab.json('run', 'image', '--yes', '--run', 'moving', '--image', tag);
    assert.equal(first.code, 0);
    await lab.docker('tag', 'postgres:18', tag);
    const { stdout } = await lab.pglab('run', 'detached-run', '--yes', '--run', 'moving');
    assert.match(stdout, new RegExp(`${tag} names another image now`));
    const after = await lab.json('check', 'detached-run', '--run', 'moving');
    assert.deepEqual([after.image?.id, after.steps[0]?.outcome], [first.image?.id, 'met']);
    await lab.pglab('reset', '--yes', '--run', 'moving');
    await lab.docker('rmi', tag);
  });

  test('another image for a run that has begun is refused', async () => {
    await lab.json('run', 'image', '--yes', '--run', 'pinned', '--image', 'postgres:15');
    const { code, trouble } = await lab.json(
      'run',
      'image',
      '--yes',
      '--run',
      'pinned',
      '--image',
      'postgres:18',
    );
    assert.deepEqual([code, trouble?.code], [2, 'image-differs']);
  });
});
