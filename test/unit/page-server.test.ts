/** The web server of our pages, asked by real HTTP as a browser, and as somebody else, would. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { Trouble } from '../../src/trouble.ts';
import { EventStream } from '../../src/web/event-stream.ts';
import { bodyOf } from '../../src/web/guards.ts';
import { type PageServer, servePage, streamAt } from '../../src/web/page-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-web-'));
after(() => rmSync(folder, { recursive: true }));

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

let server: PageServer;
let stream: EventStream;
let acts: unknown[];
let links: string[];

function start(): Promise<PageServer> {
  stream = new EventStream(() => [{ name: 'snapshot', data: 'all' }]);
  acts = [];
  links = [];
  return servePage({
    ...{ listen: null, file: join(folder, 'page.json'), refused: () => 'take the link' },
    used: (link) => links.push(link),
    routes(app) {
      app.get('/', (context) => context.html('<p>page</p>'));
      app.post('/act', async (context) => {
        const body = await bodyOf(context);
        if (body === null) return context.text('what?', 400);
        acts.push(body);
        return context.body(null, 204);
      });
      streamAt(app, '/events', stream);
    },
  });
}

beforeEach(async () => {
  server = await start();
});
afterEach(async () => {
  stream.close();
  await server.close();
});

function ask(
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body }: { method?: string; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, server.origin);
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function cookie(): Promise<string> {
  const { headers } = await ask(server.link());
  return headers['set-cookie']?.[0]?.split(';')[0] ?? assert.fail('no cookie');
}

const post = (headers: Record<string, string>, body: string) =>
  ask('/act', { 'content-type': 'application/json', ...headers }, { method: 'POST', body });

describe('the way into a page', () => {
  it('is a link that becomes a cookie and leaves no token in the address', async () => {
    const { status, headers } = await ask(server.link());
    assert.deepEqual([status, headers.location], [303, '/']);
    assert.match(headers['set-cookie']?.[0] ?? '', /; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal((await ask('/', { cookie: await cookie() })).body, '<p>page</p>');
  });

  it('is open once for each link, and the next link is told', async () => {
    const link = server.link();
    await ask(link);
    const again = await ask(link);
    assert.deepEqual([again.status, again.body], [403, 'take the link\n']);
    assert.equal(again.headers['set-cookie'], undefined);
    assert.deepEqual(links, [server.link()]);
    assert.equal((await ask(server.link())).status, 303);
  });

  it('lands first where the link stands on another page, and lets in only who has the cookie then', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const landed = await ask(server.link(), elsewhere);
    assert.deepEqual([landed.status, landed.body.match(/url=[^"]*/)?.[0]], [200, 'url=/']);
    const away = await ask(`${server.origin}//evil.example/"?token=x`, elsewhere);
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
    const link = server.link();
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
    const { origin } = server;
    stream.close();
    await server.close();
    server = await start();
    assert.equal(server.origin, origin);
    assert.equal((await ask('/', { cookie: before })).status, 200);
    assert.equal(statSync(join(folder, 'page.json')).mode & 0o777, 0o600);
  });

  it('is a new one where what was remembered is no such thing', async () => {
    const before = await cookie();
    stream.close();
    await server.close();
    writeFileSync(join(folder, 'page.json'), '{"secret":"short","port":1}');
    server = await start();
    assert.equal((await ask('/', { cookie: before })).status, 403);
  });
});

describe('a request from elsewhere', () => {
  it('is refused under another name, also with the cookie', async () => {
    const known = await cookie();
    const port = new URL(server.origin).port;
    for (const host of ['evil.example', `evil.example:${port}`, `localhost:${port}`, '127.0.0.1'])
      assert.equal((await ask('/', { host, cookie: known })).status, 421, host);
  });

  it('is refused from another origin, and does nothing', async () => {
    const known = await cookie();
    for (const origin of ['http://evil.example', 'null', server.origin.replace('http', 'https')])
      assert.equal((await post({ cookie: known, origin }, '{}')).status, 403, origin);
    assert.equal((await post({ cookie: known }, '{}')).status, 403);
    assert.deepEqual(acts, []);
    assert.equal((await post({ cookie: known, origin: server.origin }, '{"a":1}')).status, 204);
    assert.deepEqual(acts, [{ a: 1 }]);
  });

  it('is refused where its body is too long, or is not JSON', async () => {
    const headers = { cookie: await cookie(), origin: server.origin };
    assert.equal((await post(headers, JSON.stringify('x'.repeat(20_000)))).status, 400);
    assert.equal((await post(headers, '{')).status, 400);
    assert.equal((await post({ ...headers, 'content-type': 'text/plain' }, '{}')).status, 400);
    assert.deepEqual(acts, []);
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

/** A reader of the stream: the text so far, and a promise of the text once a pattern fits. */
async function reading(headers: Record<string, string>, after?: string, of: PageServer = server) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const url = new URL(`/events${after === undefined ? '' : `?after=${after}`}`, of.origin);
    request(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
  let text = '';
  answer.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  answer.on('error', () => {});
  return {
    end: () => answer.destroy(),
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) await new Promise((resolve) => answer.once('data', resolve));
      return text;
    },
  };
}

describe('a stream of events', () => {
  it('begins with all there is, and goes on with what comes', async () => {
    const reader = await reading({ cookie: await cookie() });
    await reader.until(/event: snapshot\ndata: "all"\n\n/);
    stream.send('change', { a: '\n' });
    assert.match(await reader.until(/change/), /id: [0-9a-f]+-1\nevent: change\ndata: \{"a":"\\n"\}\n\n/);
    reader.end();
  });

  it('gives who comes again what was missed, and all where that is no more known', async () => {
    const known = await cookie();
    stream.send('change', 1);
    const reader = await reading({ cookie: known });
    const id = /id: (\S+-1)\n/.exec(await reader.until(/beat/))?.[1] ?? '';
    reader.end();
    stream.send('change', 2);
    for (const again of [
      await reading({ cookie: known, 'last-event-id': id }),
      await reading({ cookie: known }, id),
    ]) {
      const missed = await again.until(/beat/);
      assert.match(missed, /data: 2\n/);
      assert.doesNotMatch(missed, /snapshot|data: 1\n/);
      again.end();
    }
    for (const strange of ['0123-1', `${id}9`, 'x', `${id.split('-')[0]}--1`]) {
      const other = await reading({ cookie: known, 'last-event-id': strange });
      assert.match(await other.until(/beat/), /snapshot/, strange);
      other.end();
    }
    for (let at = 0; at < 500; at += 1) stream.send('change', at);
    const late = await reading({ cookie: known, 'last-event-id': id });
    assert.match(await late.until(/beat/), /snapshot/);
    late.end();
  });

  it('sends all there is to who comes again, where each event is that much', async () => {
    let now = 'before';
    const whole = new EventStream(() => [{ name: 'snapshot', data: now }], { isWhole: true });
    const wall = await servePage({
      ...{ listen: null, file: join(folder, 'wall.json'), refused: () => '' },
      routes: (app) => streamAt(app, '/events', whole),
    });
    const known = (await ask(wall.link())).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const first = await reading({ cookie: known }, undefined, wall);
    const id = /id: (\S+)\n/.exec(await first.until(/beat/))?.[1] ?? '';
    first.end();
    // Nobody reads: nothing is sent.
    now = 'meanwhile';
    const again = await reading({ cookie: known }, id, wall);
    assert.match(await again.until(/beat/), /data: "meanwhile"/);
    again.end();
    whole.close();
    await wall.close();
  });

  it('lets go who does not read, and goes on for the others', async () => {
    const known = await cookie();
    const { hostname, port } = new URL(server.origin);
    const asleep = connect(Number(port), hostname);
    asleep.on('error', () => {});
    asleep.pause();
    asleep.write(`GET /events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${known}\r\n\r\n`);
    const awake = await reading({ cookie: known });
    await awake.until(/snapshot/);
    while (stream.readers < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const much = 'x'.repeat(100_000);
    for (let at = 0; stream.readers > 1; at += 1) {
      assert.ok(at < 1_000, 'a reader that sleeps is kept');
      stream.send('change', much);
      await awake.until(new RegExp(`-${at + 1}\n`));
    }
    asleep.destroy();
    stream.send('last', 'word');
    await awake.until(/event: last/);
    awake.end();
  });
});

describe('an address to listen on', () => {
  it('is trouble where it is taken, and another port where none was named', async () => {
    const { hostname, port } = new URL(server.origin);
    const options = { file: join(folder, 'page.json'), refused: () => '', routes: () => {} };
    await assert.rejects(
      servePage({ ...options, listen: { host: hostname, port: Number(port) } }),
      (error) => error instanceof Trouble && error.code === 'listen-taken',
    );
    const second = await servePage({ ...options, listen: null });
    assert.notEqual(second.origin, server.origin);
    await second.close();
  });
});
