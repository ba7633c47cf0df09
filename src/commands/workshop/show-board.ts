/** `pglab workshop board [ADDRESS CODE]`: the board in this terminal, drawn over in place as it changes; once, plainly, with `--once`. */
import { emptyResult } from '../../report/result.ts';
import { Cancelled, Trouble } from '../../trouble.ts';
import type { BoardNews } from '../../workshop/board-schema.ts';
import { boardLines, type Drawing, type Tone } from '../../workshop/shown/board-lines.ts';
import { sentencesOf } from '../../workshop/shown/sentences.ts';
import { ShownBoard } from '../../workshop/shown/shown-board.ts';
import type { Desk } from '../desk.ts';
import { printed } from '../printed.ts';
import { onInterrupt } from '../signals.ts';
import { type WatchedBoard, watchedBoard } from './watched-board.ts';

const STYLES = { head: 'bold', soft: 'dim', grey: 'dim', blue: 'cyan', orange: 'yellow' } as const;

/** Milliseconds: times go on, and how old they are. */
const REDRAW = 500;
const RETRY = 1000;

export async function showBoard(
  desk: Desk,
  words: readonly string[],
  { once }: { once: boolean },
): Promise<number> {
  const watched = await watchedBoard(desk, words);
  try {
    const isText = desk.settings.format === 'text';
    if (isText && !once && desk.screen.isLive) return await watch(desk, watched);
    return await printOnce(desk, watched);
  } finally {
    watched.close();
  }
}

async function printOnce(desk: Desk, watched: WatchedBoard): Promise<number> {
  const workshop = await watched.view();
  const news = desk.settings.format === 'text' ? await firstNews(watched) : null;
  return printed(desk, emptyResult(watched.lab, null), { workshop }, () => {
    const board = new ShownBoard();
    if (news) board.take(news);
    for (const line of boardLines(board, { ...drawingOn(desk, board), now: board.atMs, staleMs: null }))
      desk.screen.line(line);
  });
}

async function firstNews(watched: WatchedBoard): Promise<BoardNews | null> {
  const stop = new AbortController();
  let first: BoardNews | null = null;
  await watched.follow(stop.signal, (news) => {
    first ??= news;
    if (first) stop.abort();
  });
  return first;
}

/** Until Ctrl-C. A board that went is waited for: what it showed last stays, with its age. */
async function watch(desk: Desk, watched: WatchedBoard): Promise<number> {
  const board = new ShownBoard();
  const drawing = drawingOn(desk, board);
  const stop = new AbortController();
  const stopListening = onInterrupt(() => {
    stop.abort();
    return false;
  });
  let heardAt = 0;
  const draw = () => {
    const staleMs = performance.now() - heardAt;
    if (heardAt > 0)
      desk.screen.live(fitting(boardLines(board, { ...drawing, now: board.atMs + staleMs, staleMs })));
  };
  const take = (news: BoardNews | null) => {
    heardAt = performance.now();
    if (news) board.take(news);
    draw();
  };
  const redraw = setInterval(draw, REDRAW);
  try {
    while (!stop.signal.aborted) {
      await watched.follow(stop.signal, take).catch((error) => {
        // A code counts for one group: who has that of the last is not let in again.
        const isOver = error instanceof Trouble && error.code === 'workshop-wrong-code';
        if (heardAt === 0 || isOver) throw error;
      });
      if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
    throw new Cancelled();
  } finally {
    clearInterval(redraw);
    stopListening();
    desk.screen.live([]);
  }
}

/** What is higher than the window could not be drawn over: who needs somebody stands on top, and stays. */
function fitting(lines: string[]): string[] {
  const rows = (process.stderr.rows ?? lines.length + 1) - 1;
  return lines.length <= rows ? lines : [...lines.slice(0, Math.max(1, rows - 1)), '…'];
}

function drawingOn({ content, screen }: Desk, board: ShownBoard): Omit<Drawing, 'now' | 'staleMs'> {
  const sentences = sentencesOf(content);
  const steps = () => board.room.steps;
  return {
    columns: screen.columns,
    say: (word, values) => content.say('messages', word, values),
    finding: (id) => sentences('findings', id),
    trouble: (code) => sentences('troubles', code),
    title: (id) => steps().find((step) => step.id === id)?.title[content.language] ?? id,
    paint: (tone: Tone, text) => (tone === 'plain' ? text : screen.paint(STYLES[tone], text)),
  };
}
