/** The routes of the instructor's page and of the wall, behind the guards of a web server of ours. */
import { EventStream } from '../../web/event-stream.ts';
import { bodyOf } from '../../web/guards.ts';
import { type Routes, streamAt } from '../../web/page-server.ts';
import type { Board } from '../board/board.ts';
import { Refusal } from '../board/deciding.ts';
import { actFrom } from '../board/instructing.ts';
import type { Room } from '../room/room.ts';
import type { PageTexts } from '../shown/board-words.ts';
import type { WallNews } from '../shown/wall-news.ts';

export interface BoardSite {
  board: Pick<Board, 'act' | 'watch' | 'now'>;
  room: Room;
  texts: PageTexts;
  /** The line to join with. */
  join: () => string;
  /** That line as a picture (SVG); null where there is none. */
  joinPicture: () => string | null;
}

/** What a browser loads, of `dist/web/`. */
export const SITE_FILES = ['board.js', 'wall.js', 'board-style.css'];

const PAGES = { '/': 'board', '/wall': 'wall' } as const;

/** Returns how to stop: its streams end. */
export function boardRoutes(app: Routes, site: BoardSite): () => void {
  const stop = streams(app, site);
  for (const [path, script] of Object.entries(PAGES)) app.get(path, (context) => context.html(html(script)));
  app.get('/words', (context) => context.json(site.texts));
  app.get('/seats/:seat{[0-9]{1,6}}', (context) => {
    const story = site.room.story(Number(context.req.param('seat')), site.board.now());
    return story ? context.json(story) : context.text('no such seat\n', 404);
  });
  app.get('/join.svg', (context) => {
    const picture = site.joinPicture();
    return picture === null
      ? context.text('nothing to join\n', 404)
      : context.body(picture, 200, { 'content-type': 'image/svg+xml' });
  });
  app.post('/act', async (context) => {
    const act = actFrom(await bodyOf(context));
    if (act === null || act.act === 'close') return context.json({ refused: 'bad-request' }, 400);
    try {
      return context.json(await site.board.act(act), 200);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return context.json(error.body, error.status as 400);
    }
  });
  return stop;
}

/** The board's news for pages, and counts for the wall, which is told no names. */
function streams(app: Routes, { board, room, join }: BoardSite): () => void {
  const whole = () => {
    room.join = join();
    return room.whole(board.now());
  };
  const wallNews = () => wallOf(room, join(), board.now());
  const news = new EventStream(() => [{ name: 'news', data: whole() }]);
  const wall = new EventStream(() => [{ name: 'news', data: wallNews() }], { isWhole: true });
  let told = '';
  const unwatch = board.watch((each) => {
    if (each.type !== 'whole') news.send('news', each);
    if (wall.readers === 0) return;
    const shown = wallNews();
    const text = JSON.stringify(shown);
    if (text !== told) wall.send('news', shown);
    told = text;
  });
  streamAt(app, '/live', news);
  streamAt(app, '/wall/live', wall);
  return () => {
    unwatch();
    news.close();
    wall.close();
  };
}

function wallOf(room: Room, join: string, now: number): WallNews {
  const { name, seats, steps: counts } = room.view(now);
  const here = seats.filter(({ state }) => state === 'here').length;
  const all = seats.filter(({ state }) => state !== 'left').length;
  return { name, here, all, counts, room: { ...room.state(now), join } };
}

/** Nothing of it comes from elsewhere, and nothing of it is anybody's text. */
function html(script: 'board' | 'wall'): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>pglab workshop</title>
<link rel="stylesheet" href="/board-style.css">
<script type="module" src="/${script}.js"></script>
</head>
<body></body>
</html>
`;
}
