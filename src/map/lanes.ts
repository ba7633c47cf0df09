/**
 * A scene as text: boxes in the middle, what comes from the machine on their left, what they keep on their right. Too
 * narrow for three lanes, it is a list.
 */
import { clipped, padded, widthOf, wrap } from '../wrap.ts';
import type { Row } from './box-rows.ts';
import { clippedInFront, type Drawn, MARKS, type Paint, wrapped } from './drawn.ts';
import type { Store } from './kept-things.ts';
import { listOf } from './listed.ts';
import type { Box, Scene } from './scene.ts';
import type { Way } from './try-words.ts';

/** With fewer columns there is no room for three lanes. */
const NARROWEST = 60;
/** Between two lanes: a line and the head of its arrow. */
const GAP = 2;
/** The shortest line that is seen as one. */
const SHORTEST_LINE = 3;
/** Rows of a box, borders included: a box that gets one more or one less does not move those below it. */
const LEAST_ROWS = 8;

/** A place from which a container has gone. */
const FREE_PLACE: Cells[] = Array.from({ length: LEAST_ROWS }, () => ['', '', '']);

interface Lanes {
  left: number;
  box: number;
  right: number;
}

/** What stands in one line of the drawing, lane by lane, painted and as wide as its lane. */
type Cells = readonly [left: string, box: string, right: string];

export function textOf(scene: Scene, drawn: Drawn): string[] {
  const { columns, paint, bare = false } = drawn;
  if (columns < NARROWEST) return listOf(scene, drawn);
  const lanes = lanesOf(columns);
  const heads = scene.lanes.map((head, at) =>
    paint('soft', padded(clipped(head, widthsOf(lanes)[at] as number), widthsOf(lanes)[at] as number)),
  );
  const rows: Cells[] = [
    ...scene.boxes.flatMap((box) => (box === null ? FREE_PLACE : boxRows(box, lanes, paint, bare))),
    ...besides(scene, lanes, paint),
  ];
  const lines = [heads.join(' '.repeat(GAP)), ...rows.map((cells) => cells.join(''))].map((line) =>
    line.trimEnd(),
  );
  if (bare) return lines;
  const others = scene.others === '' ? [] : wrap(scene.others, columns).map((line) => paint('soft', line));
  const foot = [legendOf(scene, paint), ...others].filter(Boolean);
  return [paint('head', scene.title), '', ...lines, ...(foot.length > 0 ? ['', ...foot] : [])];
}

function legendOf({ legend }: Pick<Scene, 'legend'>, paint: Paint): string {
  return legend.map(({ owned, label }) => `${mark(owned, paint)} ${paint('soft', label)}`).join('  ');
}

function mark(owned: Box['owned'], paint: Paint): string {
  return paint(owned === 'other' ? 'soft' : 'own', MARKS[owned]);
}

function lanesOf(columns: number): Lanes {
  const room = columns - 2 * GAP;
  const left = Math.round(room * 0.34);
  const box = Math.round(room * 0.43);
  return { left, box, right: room - left - box };
}

function widthsOf({ left, box, right }: Lanes): readonly number[] {
  return [left, box, right];
}

function boxRows(box: Box, lanes: Lanes, paint: Paint, bare: boolean): Cells[] {
  const colour = box.owned === 'other' ? 'soft' : 'own';
  const edge = paint(colour, '│');
  const inner = lanes.box - 2;
  const stores = box.stores.flatMap((store) => storeLines(store, lanes.right, paint));
  const lines = box.rows.flatMap((row) => linesOf(row, lanes, paint));
  const least = bare || box.isPast ? 0 : LEAST_ROWS - 2;
  const height = Math.max(lines.length, stores.length, least);
  const body = Array.from({ length: height }, (_, at): Cells => {
    const { left = ' '.repeat(lanes.left + GAP), text = '', door = false } = lines[at] ?? {};
    const { line = '', joins = false } = stores[at] ?? {};
    const inside = `${door ? paint('own', '■') : edge}${padded(clipped(text, inner), inner)}${edge}`;
    return [left, inside, `${joins ? '──' : '  '}${line}`];
  });
  // What a journal has kept does not tell whose it is.
  const title = clipped(bare ? ` ${box.title} ` : ` ${MARKS[box.owned]} ${box.title} `, inner - 1);
  const top = paint(colour, `┌${title}${'─'.repeat(inner - widthOf(title))}┐`);
  const bottom = paint(colour, `└${'─'.repeat(inner)}┘`);
  const alone = (middle: string): Cells => [' '.repeat(lanes.left + GAP), middle, ''];
  return [alone(top), ...body, alone(bottom)];
}

interface Line {
  left: string;
  text: string;
  door: boolean;
}

/** A row of a box: what leads to it may take several lines, of which the last has the arrow. */
function linesOf({ way, text, tone }: Row, lanes: Lanes, paint: Paint): Line[] {
  const inner = lanes.box - 2;
  const words = (text === '' ? [''] : wrap(text, inner - 2)).map((each) => ` ${each}`);
  const lefts = way === null ? [] : wayLines(way, lanes.left + GAP, paint);
  const first = Math.max(0, lefts.length - 1);
  const height = Math.max(lefts.length, first + words.length);
  return Array.from({ length: height }, (_, at) => ({
    left: lefts[at] ?? ' '.repeat(lanes.left + GAP),
    text: words[at - first] === undefined ? '' : paint(tone, words[at - first] as string),
    door: way?.kind === 'door' && at === first,
  }));
}

const DASH = { door: '═', try: '─', session: '═', note: ' ' } as const;

/** A way that leads to a box: its words, then a line up to the box's border. */
function wayLines(way: Way, room: number, paint: Paint): string[] {
  const head = way.end === 'inside' ? '▶' : '✕';
  const above = wrap(way.label, room - 1);
  const last = above.at(-1) ?? '';
  const fits = widthOf(last) + 1 + SHORTEST_LINE <= room;
  const words = fits ? above.slice(0, -1) : above;
  const label = fits ? last : '';
  const line = DASH[way.kind].repeat(room - widthOf(label) - (label === '' ? 0 : 1) - 1);
  return [
    ...words.map((each) => padded(each, room)),
    `${label}${label === '' ? '' : ' '}${paint(way.tone, `${line}${head}`)}`,
  ].map((each) => clipped(each, room));
}

function storeLines({ label, about, target, tone }: Store, room: number, paint: Paint) {
  const below = [about, target].filter(Boolean).map((each) => ({
    line: paint('soft', ` ${clippedInFront(each, room - 1)}`),
    joins: false,
  }));
  return [{ line: paint(tone, ` ${clippedInFront(label, room - 1)}`), joins: true }, ...below];
}

/** Beneath the boxes: what the machine has to say beside them, and what no container keeps any more. */
function besides({ machine, loose }: Scene, { left, box, right }: Lanes, paint: Paint): Cells[] {
  const room = left + GAP + box;
  const lefts = machine.flatMap((way) => stoppedLines(way, room, paint));
  const rights = loose.flatMap((store) => storeLines(store, right, paint));
  return Array.from(
    { length: Math.max(lefts.length, rights.length) },
    (_, at): Cells => [padded(lefts[at] ?? '', room), '', `  ${rights[at]?.line ?? ''}`],
  );
}

function stoppedLines(way: Way, room: number, paint: Paint): string[] {
  if (way.kind === 'note') return wrapped(way.label, room).map((each) => paint(way.tone, each));
  const end = paint(way.tone, '──✕');
  const lines = wrapped(way.label, room - 4);
  return lines.map((each, at) => (at === lines.length - 1 ? `${each} ${end}` : each));
}
