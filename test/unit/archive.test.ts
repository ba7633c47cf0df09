/** What a tarball of images holds is read before an engine sees it; what might be something else is refused. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Archive, archiveIn } from '../../src/image/archive.ts';
import { onlyImage } from '../../src/image/loading.ts';
import { smallFilesOf, tarEntry } from '../../src/image/tar-entries.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-archive-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const END = Buffer.alloc(1024);
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const hex = (body: Buffer) => createHash('sha256').update(body).digest('hex');
const configOf = (major: number | null) =>
  json({ architecture: 'amd64', created: '', config: { Env: major === null ? [] : [`PG_MAJOR=${major}`] } });

/** A layer that is larger than what is kept of an archive. */
const layer = tarEntry('layer.tar', Buffer.alloc(3 << 20, 1));

/** As `docker save` of Docker up to 24 writes it: the configuration first, the manifest last. */
function dockerArchive(images: { major: number | null; names: string[] | null }[]): Buffer {
  const configs = images.map(({ major }) => configOf(major));
  const entries = configs.map((config) => tarEntry(`${hex(config)}.json`, config));
  const manifest = images.map(({ names }, at) => ({
    Config: `${hex(configs[at] as Buffer)}.json`,
    RepoTags: names,
    Layers: ['layer.tar'],
  }));
  return Buffer.concat([...new Set(entries), layer, tarEntry('manifest.json', json(manifest)), END]);
}

/** An OCI layout: an index for two architectures, of which one is here, and how that was built. */
function ociLayout(major: number, name: string): Buffer {
  const blobs: Buffer[] = [];
  const kept = (body: Buffer) => {
    blobs.push(tarEntry(`blobs/sha256/${hex(body)}`, body));
    return { digest: `sha256:${hex(body)}` };
  };
  const blob = kept(Buffer.alloc(2 << 20, 2));
  const manifest = kept(json({ config: kept(configOf(major)), layers: [blob] }));
  const elsewhere = { digest: `sha256:${'e'.repeat(64)}` };
  const attested = kept(json({ config: kept(json({})), layers: [] }));
  const attestation = { ...attested, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
  const inner = kept(json({ manifests: [elsewhere, manifest, attestation] }));
  const type = 'application/vnd.oci.image.index.v1+json';
  const named = { ...inner, mediaType: type, annotations: { 'io.containerd.image.name': name } };
  const index = tarEntry('index.json', json({ manifests: [named] }));
  return Buffer.concat([...blobs, index, END]);
}

/** What is in it, and all that the engine would be given. */
async function read(bytes: Buffer): Promise<Archive & { given: Buffer }> {
  const file = join(folder, 'archive.tar');
  writeFileSync(file, bytes);
  const handle = await open(file);
  try {
    const archive = await archiveIn(handle);
    const chunks: Buffer[] = [];
    for await (const chunk of archive.bytes()) chunks.push(chunk as Buffer);
    return { ...archive, given: Buffer.concat(chunks) };
  } finally {
    await handle.close();
  }
}

describe('what a tarball holds', () => {
  const plain = dockerArchive([{ major: 17, names: ['postgres:17'] }]);

  test('is the same plain, by gzip and by zstd, and the engine gets it plain', async () => {
    const zstd = execFileSync('zstd', ['-qc'], { input: plain, maxBuffer: 64e6 });
    for (const bytes of [plain, gzipSync(plain), zstd]) {
      const { images, given } = await read(bytes);
      assert.deepEqual(
        images.map(({ names, env }) => [names, env]),
        [[['postgres:17'], { PG_MAJOR: '17' }]],
      );
      assert.ok(given.equals(plain));
    }
  });

  test('an OCI layout is read too, and gets the manifest that every engine reads', async () => {
    const { images, given } = await read(ociLayout(18, 'docker.io/library/postgres:18'));
    assert.deepEqual(
      images.map(({ names, env }) => [names, env]),
      [[['postgres:18'], { PG_MAJOR: '18' }]],
    );
    const files = await smallFilesOf(Readable.from([given]));
    const [{ Config, RepoTags, Layers }] = JSON.parse(String(files.get('manifest.json')));
    assert.deepEqual(RepoTags, ['docker.io/library/postgres:18']);
    assert.match(String(files.get(Config)), /PG_MAJOR=18/);
    assert.match(Layers[0], /^blobs\/sha256\/[0-9a-f]{64}$/);
  });

  test('GNU tar’s long names, and names of pax', async () => {
    const name = `${'long/'.repeat(40)}name.json`;
    for (const format of ['gnu', 'pax']) {
      execFileSync('mkdir', ['-p', join(folder, format, name, '..')]);
      writeFileSync(join(folder, format, name), '{}');
      const bytes = execFileSync('tar', [`--format=${format}`, '-C', join(folder, format), '-c', '.']);
      const files = await smallFilesOf(Readable.from([bytes]));
      assert.equal(String(files.get(name)), '{}', format);
    }
  });

  test('what is no archive, cut off, or could be unpacked in another way, is refused', async () => {
    const link = tarEntry('a', Buffer.alloc(0));
    link[156] = '2'.charCodeAt(0);
    link.fill(0x20, 148, 156);
    link.write(
      `${link
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const manifest = tarEntry('manifest.json', json([]));
    const refused: [RegExp, Buffer][] = [
      [/why-no-tar/, Buffer.from('x'.repeat(2000))],
      [/why-tar-cut/, Buffer.alloc(0)],
      [/why-tar-cut/, plain.subarray(0, plain.length - 2000)],
      [/why-no-image/, Buffer.concat([tarEntry('x', Buffer.from('x')), END])],
      [/why-tar-twice manifest\.json/, Buffer.concat([manifest, manifest, END])],
      [/why-tar-outside/, Buffer.concat([manifest, tarEntry('./x/..//manifest.json', json([])), END])],
      [/why-tar-twice manifest\.json/, Buffer.concat([manifest, tarEntry('/manifest.json', json([])), END])],
      [/why-tar-link a\/manifest\.json/, Buffer.concat([link, tarEntry('a/manifest.json', json([])), END])],
      [/why-archive-odd manifest\.json/, Buffer.concat([tarEntry('manifest.json', json({})), END])],
      [/why-archive-odd manifest\.json/, Buffer.concat([tarEntry('manifest.json', Buffer.from('[')), END])],
      [
        /why-archive-odd manifest\.json/,
        Buffer.concat([tarEntry('manifest.json', json([{ Config: '../x' }])), END]),
      ],
      [
        /why-archive-lacks a{64}/,
        Buffer.concat([tarEntry('manifest.json', json([{ Config: 'a'.repeat(64) }])), END]),
      ],
      [
        /why-archive-odd index\.json/,
        Buffer.concat([tarEntry('index.json', json({ manifests: [{}] })), END]),
      ],
    ];
    for (const [why, bytes] of refused) await assert.rejects(read(bytes), why);
  });
});

describe('the image that may stand for another', () => {
  const of = async (
    images: Parameters<typeof dockerArchive>[0],
    ref: string,
    major: number | null = null,
  ) => {
    const archive = await read(dockerArchive(images));
    return onlyImage('file.tar', archive, { ref, major }).names;
  };

  test('has the very name, or an official one of its major', async () => {
    const rows: [number | null, string[] | null, string, number | null][] = [
      [17, ['postgres:17'], 'postgres', null],
      [15, ['postgres:15'], 'postgres', null],
      [17, ['pglab/postgres:17', 'postgres:17', 'postgres:latest'], 'postgres:17', 17],
      [17, ['postgres:17.4-bookworm'], 'postgres', 17],
      [17, null, 'postgres', 17],
      [17, ['docker.io/library/postgres:17'], 'postgres', null],
      [16, ['registry.example:5000/team/pg:16'], 'registry.example:5000/team/pg:16', null],
      [null, ['redis:7'], 'redis:7', null],
    ];
    for (const [major, names, ref, wanted] of rows)
      assert.ok(await of([{ major, names }], ref, wanted), `${names} for ${ref}`);
  });

  test('anything else is refused', async () => {
    const rows: [number | null, string[] | null, string, number | null][] = [
      [17, ['postgres:15'], 'postgres', null],
      [17, ['pglab/postgres:15'], 'postgres', null],
      [15, ['postgres:15'], 'postgres:17', 17],
      [null, ['postgres:17'], 'postgres', null],
      [17, ['postgres:17', 'alpine:latest'], 'postgres', null],
      [17, ['registry.example/postgres:17'], 'postgres', null],
      [17, ['POSTGRES:17'], 'postgres', null],
      [null, ['alpine:latest'], 'redis:7', null],
      [null, null, 'postgres', null],
    ];
    for (const [major, names, ref, wanted] of rows)
      await assert.rejects(
        of([{ major, names }], ref, wanted),
        { code: 'tarball-other' },
        `${names} for ${ref}`,
      );
    const two = [
      { major: 17, names: ['postgres:17'] },
      { major: 15, names: ['postgres:15'] },
    ];
    await assert.rejects(of(two, 'postgres'), { code: 'tarball-other' });
  });
});
