/** Getting an image: a real registry on loopback, tarballs with their digest, a tag that moves. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openApart } from './apart.ts';
import { ended, openLab, type TestLab } from './lab.ts';
import { gatewayOfEngine, pushElsewhere, REGISTRY, selfSigned, startRegistry } from './registry.ts';

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

  test('why a registry gives nothing: each has a mend of its own, and nothing is said twice', async () => {
    const gateway = gatewayOfEngine();
    // Beyond loopback an engine wants TLS, and a certificate that it knows.
    const tls = selfSigned(folder, gateway);
    const forbidding = createServer((_, response) => response.writeHead(403).end('<html>No.</html>'));
    forbidding.listen(0, '127.0.0.1');
    await once(forbidding, 'listening');
    const others = [
      await startRegistry(folder, `${gateway}:5056`, tls),
      await startRegistry(folder, `${gateway}:5057`),
    ];
    await pushElsewhere('postgres:elsewhere');
    const { port } = forbidding.address() as { port: number };
    const rows: [string, string, RegExp][] = [
      [`${gateway}:5056/postgres:15`, 'pull-certificate', /certs\.d/],
      [`${gateway}:5057/postgres:15`, 'pull-plain-http', /insecure-registries/],
      [`127.0.0.1:${port}/postgres:16`, 'pull-forbidden', /one of 13, 15, 17, 18: .* --major 17\b/],
      [`${REGISTRY}/postgres:elsewhere`, 'pull-no-platform', /docker manifest inspect/],
    ];
    try {
      for (const [ref, wanted, mend] of rows) {
        const { code, trouble } = await lab.json('image', 'pull', '--image', ref);
        assert.deepEqual([code, trouble?.code], [2, wanted], trouble?.message);
        assert.match(trouble?.fix ?? '', mend);
        const { stderr } = await lab.pglab('image', 'pull', '--image', ref);
        const lines = stderr.trim().split('\n');
        assert.deepEqual(lines, [...new Set(lines)], 'nothing twice');
        assert.ok(lines.includes(trouble?.message ?? '?'));
      }
    } finally {
      forbidding.close();
      for (const other of others) other.kill();
    }
  });

  test('saved with its digest, and loaded on the next machine; a damaged one is refused', async () => {
    const file = join(folder, 'postgres-15.tar');
    const saved = await lab.pglab('image', 'save', file, '--image', 'postgres:15');
    assert.equal(saved.code, 0, saved.stderr);
    const digest = /SHA-256 ([0-9a-f]{64})/.exec(saved.stdout)?.[1];
    assert.equal(readFileSync(`${file}.sha256`, 'utf8'), `${digest}  postgres-15.tar\n`);
    const loaded = await lab.json('image', 'load', file);
    assert.deepEqual([loaded.code, loaded.load], [0, { file, names: [], checked: true }]);
    const other = await lab.json('image', 'load', file, '--image', 'postgres:17');
    assert.deepEqual([other.code, other.trouble?.code], [2, 'tarball-other']);
    writeFileSync(file, 'damaged');
    const damaged = await lab.json('image', 'load', file);
    assert.deepEqual([damaged.code, damaged.trouble?.code], [2, 'tarball-damaged']);
    const missing = await lab.json('image', 'load', join(folder, 'nothing.tar'));
    assert.deepEqual([missing.code, missing.trouble?.code], [2, 'tarball-missing']);
  });

  test('of a name without a tag, saved is what it means alone; nothing else is taken from a tarball', async () => {
    const { docker, json, pglab } = lab;
    const file = join(folder, 'one.tar');
    // Not much of an image, and soon saved.
    const layer = join(folder, 'layer.tar');
    execFileSync('tar', ['-cf', layer, '-C', folder, '127.0.0.1:5055.yml']);
    for (const [tag, major] of [
      ['latest', 17],
      ['15', 15],
    ])
      await docker('import', '--change', `ENV PG_MAJOR=${major}`, layer, `pglab-test-many:${tag}`);
    try {
      assert.equal((await json('image', 'save', file, '--image', 'pglab-test-many')).code, 0);
      const { code, load } = await json('image', 'load', file, '--image', 'pglab-test-many');
      assert.deepEqual([code, load], [0, { file, names: [], checked: true }]);
      const refused = await pglab('image', 'load', file, '--image', 'pglab-test-many:15');
      assert.match(refused.stderr, /holds pglab-test-many:latest \(Postgres 17\)/);
      // Two images in one tarball, and one that would take a name from another.
      await docker('save', '-o', file, 'pglab-test-many');
      rmSync(`${file}.sha256`);
      const both = await json('image', 'load', file);
      assert.deepEqual([both.code, both.trouble?.code], [2, 'tarball-other']);
      await docker('save', '-o', file, 'pglab-test-many:15');
      await docker('tag', 'pglab-test-many:latest', 'pglab-test-many:15');
      const taken = await json('image', 'load', file, '--image', 'pglab-test-many:15');
      assert.deepEqual([taken.code, taken.trouble?.code], [2, 'tarball-name-taken']);
      await docker('rmi', 'pglab-test-many:15');
      const unchecked = await pglab('image', 'load', file, '--image', 'pglab-test-many:15');
      assert.match(unchecked.stdout, /not checked: no SHA-256/);
    } finally {
      await docker('rmi', 'pglab-test-many:latest', 'pglab-test-many:15');
    }
  });

  test('what was built keeps no option of its build: lists of packages past their date are not trusted in it', async () => {
    const grep = ['--entrypoint', 'grep', 'pglab/postgres:18', '-rs', 'Valid-Until', '/etc/apt'];
    const told = await ended('docker', ['run', '--rm', ...grep], lab.env);
    assert.deepEqual([told.code, told.stdout], [1, ''], told.stderr);
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

describe('an engine that was told a proxy which is not there', () => {
  test('the mend is where the engine has it, and not in a shell', async () => {
    const apart = await openApart({ HTTPS_PROXY: 'http://127.0.0.1:9' });
    try {
      assert.equal((await apart.pglab('engine', 'up')).code, 0);
      const { code, stderr } = await apart.pglab('image', 'pull', '--image', 'registry.invalid/postgres:17');
      assert.equal(code, 2);
      assert.match(stderr, /^The engine's proxy does not let it through/m);
      assert.match(stderr, /HTTPS_PROXY of dockerd/);
    } finally {
      await apart.end();
    }
  });
});
