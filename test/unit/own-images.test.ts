/** Which images are pglab's: by the names that it wrote down, not by what an image says of itself. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { strangersOn } from '../../src/commands/uninstall-engine.ts';
import type { Engine, Image } from '../../src/engine/types.ts';
import { ownImages } from '../../src/image/image-removal.ts';
import { OwnImages } from '../../src/image/own-images.ts';
import { isAsPromised } from '../../src/image/tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-own-images-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const id = (digit: string) => `sha256:${digit.repeat(64)}`;
const built = (digit: string, tags: string[]): Image =>
  ({ id: id(digit), tags, postgresMajor: 17, size: 1, env: {}, labels: { 'pglab.image': '17' } }) as never;

function engineWith(...images: Image[]): Engine {
  const none = async () => [];
  const info = { id: 'engine' };
  return {
    info,
    root: '/',
    images: async () => images,
    listed: none,
    volumes: none,
    networks: none,
  } as never;
}

const newHome = () => join(mkdtempSync(join(folder, 'of-')), 'home');

describe('names that were given', () => {
  test('are remembered as the engine lists them', async () => {
    const own = new OwnImages(newHome());
    const engine = engineWith(built('a', ['postgres:latest']), built('b', ['postgres:16']));
    own.given(engine, id('a'), ['postgres']);
    own.given(engine, id('b'), ['docker.io/library/postgres:16']);
    const names = async () => (await ownImages(engine, own)).flatMap((image) => image.names);
    assert.deepEqual(await names(), ['postgres:latest', 'postgres:16']);
    own.taken(engine, id('a'), ['docker.io/library/postgres']);
    assert.deepEqual(await names(), ['postgres:16']);
  });

  test('are remembered also where the home is where tarballs are kept', async () => {
    const home = newHome();
    mkdirSync(join(home, 'images'), { recursive: true, mode: 0o700 });
    const own = new OwnImages(home);
    const engine = engineWith();
    own.given(engine, id('a'), ['postgres:17']);
    assert.deepEqual([...own.on(engine)], [['postgres:17', id('a')]]);
  });
});

test('what was made from an image of ours is a stranger on the built-in engine, whatever label it inherited', async () => {
  const own = new OwnImages(newHome());
  const ours = [
    built('a', ['pglab/postgres:17', 'postgres:17', 'postgres:latest']),
    built('b', ['mirror.example/postgres:17']),
    // Built anew since, it lost its name.
    built('c', []),
  ];
  const theirs = [
    built('d', ['mine:1']),
    built('e', ['pglab/postgres:17', 'mine:2']),
    built('f', ['postgres:17']),
    built('0', []),
  ];
  const engine = engineWith(...ours, ...theirs);
  own.given(engine, id('b'), ['mirror.example/postgres:17']);
  own.given(engine, id('c'), ['pglab/postgres:17']);
  const found = await strangersOn(engine, new Set(), own);
  assert.deepEqual(
    found.map(({ kind, name }) => `${kind} ${name}`),
    ['an-image mine:1', 'an-image pglab/postgres:17', 'an-image postgres:17', `an-image ${id('0')}`],
  );
});

describe('the digest beside a tarball', () => {
  const file = join(folder, 'postgres-17.tar');
  const digest = createHash('sha256').update('tarball').digest('hex');
  const judged = async () => {
    writeFileSync(file, 'tarball');
    const handle = await open(file);
    try {
      return await isAsPromised(file, handle);
    } finally {
      await handle.close();
      rmSync(`${file}.sha256`, { force: true });
    }
  };

  test('is read from the start of its file', async () => {
    assert.equal(await judged(), false);
    writeFileSync(`${file}.sha256`, `${digest}  postgres-17.tar\n`);
    assert.equal(await judged(), true);
    writeFileSync(`${file}.sha256`, `${'0'.repeat(64)}  postgres-17.tar\n`);
    await assert.rejects(judged, { code: 'tarball-damaged' });
  });

  test('is not followed where it is a link, and not waited for where it is a pipe', async () => {
    writeFileSync(join(folder, 'elsewhere'), digest);
    symlinkSync(join(folder, 'elsewhere'), `${file}.sha256`);
    await assert.rejects(judged, { code: 'not-a-file' });
    execFileSync('mkfifo', [`${file}.sha256`]);
    await assert.rejects(judged, { code: 'not-a-file' });
  });
});
