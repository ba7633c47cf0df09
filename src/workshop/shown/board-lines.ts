/** A board in a terminal: the queue, what many have in common, the room, then a line a seat. */
import { visible } from '../../visible.ts';
import { clipped, padded, widthOf } from '../../wrap.ts';
import type { BoardView } from '../board-schema.ts';
import { MANY_EMPTY } from './empty-seats.ts';
import {
  age,
  askOf,
  type Mark,
  markOf,
  marksOf,
  needShown,
  remarkOf,
  SHAPES,
  seatLabel,
  type Told,
} from './seat-words.ts';
import { type ShownBoard, type ShownSeat, sameThings } from './shown-board.ts';

export type Tone = 'head' | 'soft' | 'blue' | 'orange' | 'grey' | 'plain';

export interface Drawing extends Told {
  columns: number;
  paint: (tone: Tone, text: string) => string;
  /** A step's title, in the reader's language. */
  title: (id: string) => string;
  /** By the board's clock, in milliseconds. */
  now: number;
  /** How old what is shown is, in milliseconds; null: it is drawn once. */
  staleMs: number | null;
}

const TONES: Readonly<Record<Mark, Tone>> = {
  ...{ done: 'blue', working: 'blue', hand: 'blue', stuck: 'orange', trouble: 'orange' },
  ...{ away: 'grey', skipped: 'grey', 'not-begun': 'grey' },
};

/** Of the queue, and of what is the same, no more is drawn: the seats stand below. */
const MOST_NEEDS = 12;
const MOST_SAME = 3;
const MOST_SEATS = 60;

/** Rows, each no wider than `columns`. */
export function boardLines(board: ShownBoard, drawing: Drawing): string[] {
  return [
    ...heading(board, drawing),
    '',
    ...queue(board, drawing),
    ...common(board, drawing),
    '',
    ...histogram(board, drawing),
    '',
    ...seatRows(board, drawing),
  ];
}

function heading(board: ShownBoard, { say, paint, columns, now, staleMs }: Drawing): string[] {
  const { here, all, missing } = board.totals();
  const { room } = board;
  const empty = board.empty(now).length;
  const parts = [
    say('workshop-board-group', { group: board.group }),
    say('workshop-board-here', { here, all }),
    missing === 0 ? say('workshop-board-all-lines') : say('workshop-board-lines-missing', { count: missing }),
    ...(room.locked ? [say('workshop-board-locked')] : []),
    ...(room.closed ? [say('workshop-board-closed')] : []),
    ...(board.isFull ? [say('workshop-board-full')] : []),
    ...(empty < MANY_EMPTY ? [] : [say('workshop-board-empty', { count: empty })]),
    ...(staleMs === null ? [] : [liveness(say, staleMs)]),
  ];
  const said = room.said && say('workshop-board-said', { text: room.said.text });
  const clock = new Date(now).toISOString().slice(11, 16);
  const title = clipped(visible(board.name), Math.max(10, columns - 20));
  const first = `${paint('head', title)}${' '.repeat(Math.max(1, columns - widthOf(title) - 6))}${paint('soft', `${clock}Z`)}`;
  return [first, ...joined(parts, columns), ...(said ? [paint('soft', clipped(said, columns))] : [])];
}

function liveness(say: Drawing['say'], staleMs: number): string {
  const seconds = (staleMs / 1000).toFixed(staleMs < 10_000 ? 1 : 0);
  return say(staleMs > 5000 ? 'workshop-board-stale' : 'workshop-board-live', { seconds });
}

/** As many on a row as fit: how old what is shown is, is never cut off. */
function joined(parts: readonly string[], columns: number, between = ' · '): string[] {
  const rows: string[] = [];
  for (const part of parts) {
    const longer = `${rows.at(-1) ?? ''}${between}${part}`;
    if (rows.length > 0 && widthOf(longer) <= columns) rows[rows.length - 1] = longer;
    else rows.push(clipped(part, columns));
  }
  return rows;
}

function queue(board: ShownBoard, drawing: Drawing): string[] {
  const { say, paint, columns, now } = drawing;
  const seats = board.needsYou.flatMap((number) => board.seats.get(number) ?? []);
  const head = paint('head', `${say('workshop-board-needs-you')}  ${seats.length}`);
  if (seats.length === 0) return [head, paint('soft', say('workshop-board-nobody'))];
  const rows = seats.slice(0, MOST_NEEDS).map((seat) => {
    const need = needShown(seat);
    const since = age(now - (need === 'hand' ? seat.handAt : seat.sinceAt)).padStart(8);
    const who = padded(clipped(`${seatLabel(seat.seat)} ${visible(seat.name)}`, 20), 21);
    const room = columns - 2 - 21 - 8;
    return `${paint(TONES[need], SHAPES[need])} ${who}${padded(clipped(askOf(seat, board.room.steps, drawing), room - 1), room)}${since}`;
  });
  const more = seats.length - MOST_NEEDS;
  return [head, ...rows, ...(more > 0 ? [paint('soft', say('workshop-board-more', { count: more }))] : [])];
}

function common(board: ShownBoard, drawing: Drawing): string[] {
  const { say, paint, columns, title } = drawing;
  const lines = sameThings(board.seats.values())
    .slice(0, MOST_SAME)
    .flatMap(({ step, finding, isTrouble, seats }) => {
      const text = isTrouble ? drawing.trouble(finding) : drawing.finding(finding);
      const what = `${say('workshop-board-same', { count: seats.length })} ${title(step)}: ${text}`;
      const who = seats.map(seatLabel).join(' ');
      return [paint('orange', clipped(what, columns)), paint('soft', clipped(`  ${who}`, columns))];
    });
  return lines.length === 0 ? [] : ['', ...lines];
}

function histogram(board: ShownBoard, { say, paint, columns, title }: Drawing): string[] {
  const { pace, steps } = board.room;
  const at = steps.findIndex(({ id }) => id === pace);
  const set = at < 0 ? say('workshop-board-pace-open') : say('workshop-board-pace', { number: at + 1 });
  const all = Math.max(1, board.totals().all);
  const longest = Math.max(...board.counts.map(({ id }) => widthOf(title(id))));
  const names = Math.min(4 + longest, Math.floor(columns / 2));
  const most = columns - names - 8;
  const rows = board.counts.map((count, number) => {
    const name = `${number === at ? '›' : ' '}${String(number + 1).padStart(2)} ${title(count.id)}`;
    const bar = bars(count, { all, most });
    const width = bar.reduce((sum, { text }) => sum + text.length, 0);
    const drawn = bar.map(({ tone, text }) => paint(tone, text)).join('');
    return `${padded(clipped(name, names), names + 1)}${drawn}${' '.repeat(most - width)} ${String(count.done).padStart(4)}`;
  });
  const legend = [
    `█ ${say('workshop-board-done')}`,
    `▓ ${say('workshop-board-stuck')}`,
    `░ ${say('workshop-board-working')}`,
  ];
  return [
    paint('head', `${say('workshop-board-room')}  ${set}`),
    ...rows,
    ...joined(legend, columns, '   ').map((row) => paint('soft', row)),
  ];
}

/** Whole characters; nobody who is there is left without one. */
function bars(
  { done, stuck, working }: BoardView['steps'][number],
  { all, most }: { all: number; most: number },
): { tone: Tone; text: string }[] {
  let left = most;
  const part = (tone: Tone, sign: string, count: number) => {
    const length = count === 0 ? 0 : Math.min(left, Math.max(1, Math.floor((count / all) * most)));
    left -= length;
    return { tone, text: sign.repeat(length) };
  };
  return [part('blue', '█', done), part('orange', '▓', stuck), part('blue', '░', working)];
}

function seatRows(board: ShownBoard, drawing: Drawing): string[] {
  const { say, paint, columns, now } = drawing;
  const seats = board.inOrder();
  const head = paint('head', `${say('workshop-board-seats')}  ${seats.length}`);
  if (seats.length === 0) return [head, paint('soft', say('workshop-board-no-seats'))];
  if (seats.length > MOST_SEATS) return [head, ...cells(seats, drawing)];
  const rows = seats.map((seat) => {
    const marks = marksOf(seat, board.room.steps);
    const gap = columns < 60 ? '' : ' ';
    const drawn = marks.map((mark) => paint(TONES[mark], SHAPES[mark])).join(gap);
    const room = columns - 21 - marks.length - gap.length * (marks.length - 1) - 2 - 8;
    // Where there is no room for a remark, the name gives way.
    const names = 21 + Math.min(0, room - 1);
    const who = padded(clipped(`${seatLabel(seat.seat)} ${visible(seat.name)}`, names - 1), names);
    const remark = padded(clipped(remarkOf(seat, drawing), Math.max(1, room - 1)), Math.max(1, room));
    return `${who}${drawn}  ${remark}${age(now - seat.sinceAt).padStart(8)}`;
  });
  return [head, ...rows];
}

/** Many seats: a number and a shape each. */
function cells(seats: readonly ShownSeat[], { paint, columns }: Drawing): string[] {
  const width = Math.max(...seats.map(({ seat }) => seatLabel(seat).length)) + 3;
  const across = Math.max(1, Math.floor(columns / width));
  const lines = [];
  for (let at = 0; at < seats.length; at += across) {
    const row = seats.slice(at, at + across).map((seat) => {
      const mark = seat.hand ? 'hand' : markOf(seat);
      return `${seatLabel(seat.seat).padStart(width - 3)} ${paint(TONES[mark], SHAPES[mark])} `;
    });
    lines.push(row.join('').trimEnd());
  }
  return lines;
}
