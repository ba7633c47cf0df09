/** Where a page may be served: on this machine alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hono } from 'hono';
import { Usage } from '../../src/trouble.ts';
import { addressOf } from '../../src/web/address.ts';
import { onlyFromOurselves } from '../../src/web/guards.ts';

function isRefused(address: string, code: string): void {
  assert.throws(
    () => addressOf(address),
    (error) => error instanceof Usage && error.code === code,
    address,
  );
}

describe('an address to listen on', () => {
  it('is one of this machine alone', () => {
    assert.deepEqual(addressOf('127.0.0.1:0'), { host: '127.0.0.1', port: 0 });
    assert.deepEqual(addressOf('localhost:80'), { host: '127.0.0.1', port: 80 });
    assert.deepEqual(addressOf('[::1]:65535'), { host: '::1', port: 65_535 });
    for (const others of [
      '0.0.0.0:80',
      '192.168.0.1:80',
      '[::]:80',
      'example.com:80',
      '127.0.0.1.evil.example:80',
    ])
      isRefused(others, 'listen-not-loopback');
    for (const strange of [
      '',
      '80',
      '127.0.0.1',
      '127.0.0.1:65536',
      '127.0.0.1:x',
      '127.0.0.256:1',
      '::1:80',
    ])
      isRefused(strange, 'listen-unreadable');
  });
});

describe('a page at the port of HTTP itself', () => {
  it('knows its name without the port, as a browser says it', async () => {
    const app = new Hono()
      .use(onlyFromOurselves('127.0.0.1:80'))
      .post('/', (context) => context.body(null, 204));
    const status = async (host: string, origin: string) =>
      (await app.request('/', { method: 'POST', headers: { host, origin } })).status;
    assert.equal(await status('127.0.0.1', 'http://127.0.0.1'), 204);
    assert.equal(await status('127.0.0.1:80', 'http://127.0.0.1'), 204);
    assert.equal(await status('127.0.0.1:8080', 'http://127.0.0.1'), 421);
    assert.equal(await status('127.0.0.1', 'http://127.0.0.1:8080'), 403);
    assert.equal(await status('evil.example', 'http://127.0.0.1'), 421);
  });
});
