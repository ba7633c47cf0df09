/** A stream of events as a browser reads it: what comes, what was missed, and a reader that sleeps. */
import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { EventStream } from '../../src/web/event-stream.ts';
import { type PageServer, servePage, streamAt } from '../../src/web/page-server.ts';
import { ask, cookie, folder, standing, standsForEach } from '../asked-page.ts';

standsForEach();

/** A reader of the stream: the text so far, and a promise of the text once a pattern fits. */
async function reading(headers: Record<string, string>, after?: string, of: PageServer = standing.server) {
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
    standing.stream.send('change', { a: '\n' });
    assert.match(await reader.until(/change/), /id: [0-9a-f]+-1\nevent: change\ndata: \{"a":"\\n"\}\n\n/);
    reader.end();
  });

  it('gives who comes again what was missed, and all where that is no more known', async () => {
    const known = await cookie();
    standing.stream.send('change', 1);
    const reader = await reading({ cookie: known });
    const id = /id: (\S+-1)\n/.exec(await reader.until(/beat/))?.[1] ?? '';
    reader.end();
    standing.stream.send('change', 2);
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
    for (let at = 0; at < 500; at += 1) standing.stream.send('change', at);
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
    const { hostname, port } = new URL(standing.server.origin);
    const asleep = connect(Number(port), hostname);
    asleep.on('error', () => {});
    asleep.pause();
    asleep.write(`GET /events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${known}\r\n\r\n`);
    const awake = await reading({ cookie: known });
    await awake.until(/snapshot/);
    while (standing.stream.readers < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const much = 'x'.repeat(100_000);
    for (let at = 0; standing.stream.readers > 1; at += 1) {
      assert.ok(at < 1_000, 'a reader that sleeps is kept');
      standing.stream.send('change', much);
      await awake.until(new RegExp(`-${at + 1}\n`));
    }
    asleep.destroy();
    standing.stream.send('last', 'word');
    await awake.until(/event: last/);
    awake.end();
  });
});
