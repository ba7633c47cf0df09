import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { tellNews, type Watched } from '../../src/workshop/board/telling-news.ts';
import type { BoardNews } from '../../src/workshop/board-schema.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { START, STEPS } from './workshop-events.ts';

const MOST_SENT = 200 * 2 ** 20;

it('a viewer who does not read is dropped, holds up nobody, and gets all there is when they come again', async (test) => {
  const watchers = new Set<(news: BoardNews) => void>();
  const whole = new Room(STEPS, START).whole(START);
  const board: Watched = {
    now: () => START,
    watch(watcher) {
      watchers.add(watcher);
      watcher(whole);
      return () => watchers.delete(watcher);
    },
  };
  const server = createServer((_, response) => tellNews(board, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const viewing = async () => {
    const [news] = (await once(get({ port, host: '127.0.0.1', agent: false }), 'response')) as [
      IncomingMessage,
    ];
    return news.on('error', () => {});
  };
  const [sleeper, reader] = [await viewing(), await viewing()];
  let read = 0;
  reader.on('data', (part: Buffer) => {
    read += part.length;
  });
  let sent = 0;
  for (; watchers.size === 2 && sent < MOST_SENT; sent += 2 ** 17) {
    const said = { text: 'x'.repeat(2 ** 17), sinceMs: 0 };
    const news = { ...whole, room: { ...new Room(STEPS, START).state(START), said } };
    for (const tell of watchers) tell(news as BoardNews);
    while (read < sent) await delay(1);
  }
  assert.equal(watchers.size, 1, 'one is left, who reads');
  assert.equal(reader.destroyed, false);
  sleeper.destroy();
  const again = await viewing();
  const [first] = (await once(again.setEncoding('utf8'), 'data')) as [string];
  assert.match(first, /^event: news\ndata: \{"type":"whole"/);
});
