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

/** What all who watch are told is put into words once. */
const texts = new WeakMap<object, string>();

function textOf(data: object): string {
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = JSON.stringify(data);
  texts.set(data, text);
  return text;
}

/** Answers with the news of a board, one an event (SSE), for as long as who asked reads them. */
export function tellNews(board: Watched, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (event: string, data: object) => {
    // Who does not read is dropped: once back, they get all that there is.
    if (response.writableLength > 4 * MOST.backlogBytes) response.destroy();
    else response.write(`event: ${event}\ndata: ${textOf(data)}\n\n`);
  };
  const stop = board.watch((news) => send('news', news));
  const beat = setInterval(() => send('beat', { time: new Date(board.now()).toISOString() }), TIMES.beat);
  response.on('close', () => {
    stop();
    clearInterval(beat);
  });
}
