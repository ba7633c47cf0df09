/** Tells who watches a board of what happens there, as a stream of events. */
import type { ServerResponse } from 'node:http';
import type { BoardNews } from '../board-schema.ts';
import { MOST, TIMES } from '../protocol.ts';

/** A board, for who watches it. */
export interface Watched {
  /** By the board's clock, in milliseconds. */
  now(): number;
  /** Calls with all that there is to show, then with each change. Returns how to stop. */
  watch(watcher: (news: BoardNews) => void): () => void;
}

/** What all who watch are told is made into bytes once. */
const events = new WeakMap<object, Buffer>();

function eventOf(name: string, data: object): Buffer {
  const known = events.get(data);
  if (known !== undefined) return known;
  const event = Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  events.set(data, event);
  return event;
}

/** Answers with the news of a board, one an event (SSE), for as long as who asked reads them. */
export function tellNews(board: Watched, response: ServerResponse): void {
  // It ends with its connection: in chunks, each piece of news would be three writes to each viewer.
  response.removeHeader('transfer-encoding');
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'close',
  });
  const send = (event: string, data: object) => {
    // Who does not read is dropped: once back, they get all that there is.
    if (response.writableLength > 4 * MOST.backlogBytes) response.destroy();
    else response.write(eventOf(event, data));
  };
  const stop = board.watch((news) => send('news', news));
  const beat = setInterval(() => send('beat', { time: new Date(board.now()).toISOString() }), TIMES.beat);
  response.on('close', () => {
    stop();
    clearInterval(beat);
  });
}
