/** The web server of our pages, asked by real HTTP as a browser, and as somebody else, would. */
import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it, mock } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Trouble } from '../../src/trouble.ts';
import { servePage } from '../../src/web/page-server.ts';
import { ask, cookie, folder, standing, standsForEach, start } from '../asked-page.ts';

standsForEach();

const post = (headers: Record<string, string>, body: string) =>
  ask('/act', { 'content-type': 'application/json', ...headers }, { method: 'POST', body });

describe('the way into a page', () => {
  it('is a link that becomes a cookie and leaves no token in the address', async () => {
    const { status, headers } = await ask(standing.server.link());
    assert.deepEqual([status, headers.location], [303, '/']);
    assert.match(headers['set-cookie']?.[0] ?? '', /; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal((await ask('/', { cookie: await cookie() })).body, '<p>page</p>');
  });

  it('is open once for each link, and the next link is told', async () => {
    const link = standing.server.link();
    await ask(link);
    const again = await ask(link);
    assert.deepEqual([again.status, again.body], [403, 'take the link\n']);
    assert.equal(again.headers['set-cookie'], undefined);
    assert.deepEqual(standing.links, [standing.server.link()]);
    assert.equal((await ask(standing.server.link())).status, 303);
  });

  it('lands first where the link stands on another page, and lets in only who has the cookie then', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const landed = await ask(standing.server.link(), elsewhere);
    assert.deepEqual([landed.status, landed.body.match(/url=[^"]*/)?.[0]], [200, 'url=/']);
    const away = await ask(`${standing.server.origin}//evil.example/"?token=x`, elsewhere);
    assert.match(away.body, /url=\/evil\.example\/%/);
    const known = landed.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const inside = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };
    assert.equal((await ask('/', { ...inside, cookie: known })).body, '<p>page</p>');
    const wrong = await ask('/?token=wrong', elsewhere);
    assert.deepEqual([wrong.status, wrong.headers['set-cookie']], [200, undefined]);
    assert.equal((await ask('/', inside)).status, 403);
    assert.equal((await ask('/', { ...elsewhere, 'sec-fetch-mode': 'no-cors' })).status, 403);
  });

  it('takes a used link from a browser that has the cookie', async () => {
    const link = standing.server.link();
    const { headers } = await ask(link);
    const known = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    assert.deepEqual((await ask(link, { cookie: known })).headers.location, '/');
  });

  it('is shut without a cookie, and with one of another making', async () => {
    const name = (await cookie()).split('=')[0];
    for (const headers of [{}, { cookie: `${name}=x` }, { cookie: `${name}=` }]) {
      for (const path of ['/', '/events', '/nowhere']) assert.equal((await ask(path, headers)).status, 403);
    }
  });

  it('stays open for a browser that was in when it starts again, at the same port', async () => {
    const before = await cookie();
    const { origin } = standing.server;
    standing.stream.close();
    await standing.server.close();
    standing.server = await start();
    assert.equal(standing.server.origin, origin);
    assert.equal((await ask('/', { cookie: before })).status, 200);
    assert.equal(statSync(join(folder, 'page.json')).mode & 0o777, 0o600);
  });

  it('is a new one where what was remembered is no such thing', async () => {
    const before = await cookie();
    standing.stream.close();
    await standing.server.close();
    writeFileSync(join(folder, 'page.json'), '{"secret":"short","port":1}');
    standing.server = await start();
    assert.equal((await ask('/', { cookie: before })).status, 403);
  });
});

describe('a request from elsewhere', () => {
  it('is refused under another name, also with the cookie', async () => {
    const known = await cookie();
    const port = new URL(standing.server.origin).port;
    for (const host of ['evil.example', `evil.example:${port}`, `localhost:${port}`, '127.0.0.1'])
      assert.equal((await ask('/', { host, cookie: known })).status, 421, host);
  });

  it('is refused from another origin, and does nothing', async () => {
    const known = await cookie();
    for (const origin of ['http://evil.example', 'null', standing.server.origin.replace('http', 'https')])
      assert.equal((await post({ cookie: known, origin }, '{}')).status, 403, origin);
    assert.equal((await post({ cookie: known }, '{}')).status, 403);
    assert.deepEqual(standing.acts, []);
    assert.equal((await post({ cookie: known, origin: standing.server.origin }, '{"a":1}')).status, 204);
    assert.deepEqual(standing.acts, [{ a: 1 }]);
  });

  it('is refused as a part of another page, also of one at another port of this machine', async () => {
    const known = await cookie();
    for (const site of ['same-site', 'cross-site'])
      for (const path of ['/', '/events']) {
        const drawn = { cookie: known, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
        assert.equal((await ask(path, drawn)).status, 403, `${site} ${path}`);
      }
    const leads = { cookie: known, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' };
    assert.equal((await ask('/', leads)).body, '<p>page</p>');
  });

  it('that breaks off, or asks for a head alone, writes nothing into the terminal', async () => {
    const told = mock.method(console, 'error', () => {});
    const { host, hostname, port } = new URL(standing.server.origin);
    const known = await cookie();
    const head = [`Host: ${host}`, `Cookie: ${known}`, `Origin: ${standing.server.origin}`];
    const long = [...head, 'Content-Type: application/json', 'Content-Length: 1000', '', '{"type":'];
    const socket = connect(Number(port), hostname);
    socket.write(['POST /act HTTP/1.1', ...long].join('\r\n'));
    await delay(100);
    socket.destroy();
    assert.equal((await ask('/events', { cookie: known }, { method: 'HEAD' })).status, 200);
    await delay(100);
    assert.deepEqual(
      told.mock.calls.map(({ arguments: [error] }) => error),
      [],
    );
    assert.deepEqual(standing.acts, []);
    assert.equal(standing.stream.readers, 0);
    told.mock.restore();
  });

  it('is refused where its body is too long, or is not JSON', async () => {
    const headers = { cookie: await cookie(), origin: standing.server.origin };
    assert.equal((await post(headers, JSON.stringify('x'.repeat(20_000)))).status, 400);
    assert.equal((await post(headers, '{')).status, 400);
    assert.equal((await post({ ...headers, 'content-type': 'text/plain' }, '{}')).status, 400);
    assert.deepEqual(standing.acts, []);
  });

  it('gets every header that keeps a page to itself, on each answer', async () => {
    for (const answer of [
      await ask('/', { cookie: await cookie() }),
      await ask('/'),
      await ask('/', { host: 'x' }),
    ]) {
      const { headers } = answer;
      assert.match(String(headers['content-security-policy']), /default-src 'none'/);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*|data:/);
      assert.deepEqual(
        [headers['x-content-type-options'], headers['referrer-policy'], headers['cache-control']],
        ['nosniff', 'no-referrer', 'no-store'],
      );
    }
  });
});

describe('an address to listen on', () => {
  it('is trouble where it is taken, and another port where none was named', async () => {
    const { hostname, port } = new URL(standing.server.origin);
    const options = { file: join(folder, 'page.json'), refused: () => '', routes: () => {} };
    await assert.rejects(
      servePage({ ...options, listen: { host: hostname, port: Number(port) } }),
      (error) => error instanceof Trouble && error.code === 'listen-taken',
    );
    const second = await servePage({ ...options, listen: null });
    assert.notEqual(second.origin, standing.server.origin);
    await second.close();
  });
});
