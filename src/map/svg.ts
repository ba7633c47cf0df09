/**
 * A scene as SVG: three lanes of fixed places, and text as text. No meaning stands in a colour alone, for a print may
 * have none. No library lays it out: things keep their place while the world changes.
 */
import type { Language } from '../lab/languages.ts';
import { wrap } from '../wrap.ts';
import type { Row } from './box-rows.ts';
import { clippedInFront, MARKS } from './drawn.ts';
import type { Store } from './kept-things.ts';
import { listOf } from './listed.ts';
import { markup } from './markup.ts';
import type { Box, Scene } from './scene.ts';
import { STYLE } from './svg-style.ts';
import type { Way } from './try-words.ts';

/** In pixels: where each lane begins, and how wide it is. */
const WIDTH = 824;
const PANEL = { x: 16, width: 250 };
const BOX = { x: 312, width: 304 };
const STORE = { x: 646, width: 162 };
const INDENT = 14;
const TOP = 52;
/** A line of text; one with a way under it. */
const LINE = 20;
const WAY = 38;
const TITLE = 32;
/** A box that gets a line more or less does not move those below it. */
const LEAST_HEIGHT = 156;
const BETWEEN = 20;
/** Of a character of the monospace at 12 px. */
const CHARACTER = 7.3;

/** A piece of the drawing, and how far down it reaches. */
interface Piece {
  svg: string;
  bottom: number;
}

/** `id`: of the picture within its page; `styled`: it brings its own style, which a page needs once. */
interface Placed {
  id?: string;
  styled?: boolean;
}

/** One picture, for a file or a page. `language`: of its texts. */
export function svgOf(scene: Scene, language: Language, { id = 'map', styled = true }: Placed = {}): string {
  const stores = new Map<string, number>();
  let y = TOP;
  const boxes = scene.boxes.map((box) => {
    const piece = box === null ? { svg: '', bottom: y + LEAST_HEIGHT } : boxPiece(box, y, stores);
    y = piece.bottom + BETWEEN;
    return piece.svg;
  });
  const below = machinePiece(scene, y);
  const loose = loosePiece(scene, y, stores);
  const bottom = Math.max(below.bottom, loose.bottom, TOP + LEAST_HEIGHT);
  const foot = bottom + 26;
  const height = foot + 18;
  const told = listOf(scene, { columns: 200, paint: (_, text) => text, bare: true }).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc" xml:lang="${language}" class="map">
<title id="${id}-title">${markup(scene.title)}</title>
<desc id="${id}-desc">${markup(told)}</desc>
${styled ? `<style>${STYLE}</style>` : ''}
<rect class="paper" width="${WIDTH}" height="${height}"/>
${laneHeads(scene)}
<rect class="panel" x="${PANEL.x}" y="${TOP}" width="${PANEL.width}" height="${bottom - TOP}" rx="8"/>
${[...boxes, below.svg, loose.svg, footOf(scene, foot)].filter(Boolean).join('\n')}
</svg>
`;
}

function laneHeads({ lanes }: Scene): string {
  return [PANEL, BOX, STORE]
    .map(({ x, width }, at) => text(x + (at === 0 ? INDENT : 0), 32, 'lane', fitted(lanes[at] ?? '', width)))
    .join('\n');
}

function text(x: number, y: number, style: string, words: string, anchor = ''): string {
  return words === '' ? '' : `<text x="${x}" y="${y}" class="${style}"${anchor}>${markup(words)}</text>`;
}

/** Cut to so many pixels. */
function fitted(words: string, width: number): string {
  return clippedInFront(words, Math.floor(width / CHARACTER));
}

function boxPiece(box: Box, top: number, stores: Map<string, number>): Piece {
  let y = top + TITLE;
  const rows = box.rows.map((row) => {
    const piece = rowPiece(row, y);
    y = piece.bottom;
    return piece.svg;
  });
  const kept = storePieces(box, top, stores);
  const bottom = Math.max(y + 8, kept.bottom, top + (box.isPast ? 0 : LEAST_HEIGHT));
  const style = box.owned === 'other' ? 'box' : 'box own';
  const title = fitted(`${MARKS[box.owned]} ${box.title}`, BOX.width - 2 * INDENT);
  const svg = [
    `<rect class="${style}" x="${BOX.x}" y="${top}" width="${BOX.width}" height="${bottom - top}" rx="6"/>`,
    text(BOX.x + INDENT, top + 22, 'title', title),
    ...kept.lines,
    ...rows,
  ];
  return { svg: `<g>\n${svg.filter(Boolean).join('\n')}\n</g>`, bottom };
}

/** A text that is longer than its box goes on below: the reason stands at its end. */
function rowPiece({ way, text: words, tone }: Row, top: number): Piece {
  const room = BOX.width - 2 * INDENT - 12;
  const x = BOX.x + INDENT + (way === null ? 0 : 12);
  const above = way === null ? { svg: '', bottom: top } : wayPiece(way, top);
  const first = way === null ? top + 14 : above.bottom - 10;
  const lines = words === '' ? [] : brokenTo(words, room);
  const below = lines.map((line, at) => text(x, first + at * LINE, `mono ${tone}`, line));
  const bottom =
    way === null
      ? top + LINE * Math.max(1, lines.length)
      : above.bottom + LINE * Math.max(0, lines.length - 1);
  return { svg: [above.svg, ...below].filter(Boolean).join('\n'), bottom };
}

function brokenTo(words: string, width: number): string[] {
  return wrap(words, Math.floor(width / CHARACTER)).map((line) => fitted(line, width));
}

/** A line that ends where the way ended, with the words above it. */
function wayPiece({ kind, label, end, tone }: Way, top: number): Piece {
  const style = `way ${tone} ${kind}`;
  const from = PANEL.x + INDENT;
  const edge = PANEL.x + PANEL.width;
  const labels = brokenTo(label, PANEL.width - 2 * INDENT);
  const y = top + WAY - 14 + LINE * (labels.length - 1);
  const bottom = y + 14;
  const line = (x1: number, x2: number) =>
    `<line class="${style}" x1="${x1}" y1="${y}" x2="${x2}" y2="${y}"/>`;
  const upTo = (last: number, at: number) => last - LINE * (labels.length - 1 - at);
  if (kind === 'door') {
    const names = labels.map((each, at) =>
      text(edge - 14, upTo(y + 4, at), 'mono', each, ' text-anchor="end"'),
    );
    return { svg: [...names, line(edge, BOX.x), square(edge, y), square(BOX.x, y)].join('\n'), bottom };
  }
  const words = labels.map((each, at) => text(from, upTo(y - 9, at), 'mono', each));
  const drawn =
    end === 'stops'
      ? [line(from, edge - 60), cross(edge - 52, y)]
      : end === 'at-box'
        ? [line(from, BOX.x - 14), cross(BOX.x - 8, y)]
        : [line(from, BOX.x + 4), arrow(BOX.x + 14, y, tone)];
  return { svg: [...words, ...drawn].join('\n'), bottom };
}

function square(x: number, y: number): string {
  return `<rect class="door" x="${x - 6}" y="${y - 6}" width="12" height="12" rx="2"/>`;
}

function cross(x: number, y: number): string {
  return `<path class="way bad" d="M${x - 5} ${y - 5}l10 10m0 -10l-10 10"/>`;
}

function arrow(x: number, y: number, tone: string): string {
  return `<path class="head ${tone}" d="M${x} ${y}l-11 -5v10z"/>`;
}

/** Each thing that is kept is drawn once; who else has it has a line to it. */
function storePieces(
  { stores }: Box,
  top: number,
  drawn: Map<string, number>,
): { lines: string[]; bottom: number } {
  let y = top + 8;
  const lines = stores.map((store) => {
    const known = drawn.get(store.id);
    const middle = known ?? y + storeHeight(store) / 2;
    const join = `<path class="join" d="M${BOX.x + BOX.width} ${top + 22}L${STORE.x} ${middle}"/>`;
    if (known !== undefined) return join;
    drawn.set(store.id, middle);
    const svg = storePiece(store, y);
    y += storeHeight(store) + 10;
    return `${join}\n${svg}`;
  });
  return { lines, bottom: y };
}

function storeHeight({ about, target }: Store): number {
  return 30 + 16 * [about, target].filter(Boolean).length;
}

function storePiece(store: Store, top: number): string {
  const below = [store.about, store.target].filter(Boolean);
  const width = STORE.width - 2 * INDENT;
  return [
    `<rect class="store${store.tone === 'bad' ? ' left' : ''}" x="${STORE.x}" y="${top}" width="${STORE.width}" height="${storeHeight(store)}" rx="15"/>`,
    text(STORE.x + INDENT, top + 20, `mono ${store.tone}`, fitted(store.label, width)),
    ...below.map((words, at) =>
      text(STORE.x + INDENT, top + 36 + 16 * at, 'small', fitted(words, width * 1.1)),
    ),
  ].join('\n');
}

function machinePiece({ machine }: Scene, top: number): Piece {
  let y = top;
  const ways = machine.map((way) => {
    if (way.kind !== 'note') {
      const piece = wayPiece(way, y);
      y = piece.bottom;
      return piece.svg;
    }
    const lines = brokenTo(way.label, PANEL.width - 2 * INDENT);
    const svg = lines.map((each, at) => text(PANEL.x + INDENT, y + 16 + at * LINE, `mono ${way.tone}`, each));
    y += LINE * lines.length + 4;
    return svg.join('\n');
  });
  return { svg: ways.join('\n'), bottom: ways.length === 0 ? top - BETWEEN : y + 8 };
}

function loosePiece({ loose }: Scene, top: number, drawn: Map<string, number>): Piece {
  let y = top;
  const pieces = loose.map((store) => {
    drawn.set(store.id, y);
    const svg = storePiece(store, y);
    y += storeHeight(store) + 10;
    return svg;
  });
  return { svg: pieces.join('\n'), bottom: loose.length === 0 ? top - BETWEEN : y };
}

function footOf({ legend, others }: Scene, y: number): string {
  const marks = legend.map(({ owned, label }) => `${MARKS[owned]} ${label}`).join('   ');
  return [
    text(PANEL.x + INDENT, y, 'small', marks),
    text(WIDTH - PANEL.x, y, 'small', others, ' text-anchor="end"'),
  ]
    .filter(Boolean)
    .join('\n');
}
