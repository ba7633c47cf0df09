/**
 * Wraps text for a terminal: by columns, not by characters; escape codes take none; Chinese breaks
 * between any two characters, but never before a closing or after an opening mark. (Libraries that
 * wrap at spaces leave Chinese ragged or let lines begin with a full stop.)
 */
import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

const ESCAPE = /\u001b\[[0-9;]*m/y;
const CLOSING = /^[，。、；：？！）》」』”’…—％,.;:?!)\]}]$/;
const OPENING = /^[（《「『“‘([{]$/;
/** Marks that stand on the character before them, joiners among them. */
const COMBINING = /^(?:\p{M}|\u200d|\ufe0f)$/u;

interface Piece {
  text: string;
  width: number;
}

/** Lines of at most `columns` columns, unless a single word is longer. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const word of wordsOf(line)) {
    const isSpace = word.text === ' ';
    if (width + word.width > columns && width > 0) {
      lines.push(current.trimEnd());
      current = '';
      width = 0;
      if (isSpace) continue;
    }
    current += word.text;
    width += word.width;
  }
  lines.push(current.trimEnd());
  return lines.length > 1 && line.includes('\u001b') ? eachAlone(lines) : lines;
}

const ESCAPES = /\u001b\[[0-9;]*m/g;

/** A code that ends one or all of those before it: colours, bold, dim and their like. */
const END = /^\u001b\[(0?|2[2-9]|[34]9)m$/;

/** The code that ends what this one begins. */
function endOf(code: string): string {
  const number = Number.parseInt(code.slice(2), 10);
  if (number < 3) return '\u001b[22m';
  if (number < 10) return `\u001b[${number + 20}m`;
  return (number >= 40 && number < 50) || number >= 100 ? '\u001b[49m' : '\u001b[39m';
}

/** What is painted over a break is ended before it and begun anew behind it: no line counts on the one above. */
function eachAlone(lines: readonly string[]): string[] {
  let open: string[] = [];
  return lines.map((line) => {
    const before = open.join('');
    for (const [code] of line.matchAll(ESCAPES)) {
      const isAll = /^\u001b\[0?m$/.test(code);
      open = END.test(code) ? open.filter((each) => !isAll && endOf(each) !== code) : [...open, code];
    }
    return before + line + open.map(endOf).reverse().join('');
  });
}

/** Code within prose, which may be copied: it stands on one line, however long it is. */
const CODE = /`[^`\n]+`/g;

/** Letters, digits and marks of ASCII take a column each; a line of nothing else is taken apart all at once. */
const NARROW = /^[ -~]*$/;
const NARROW_PIECE = /(?:`[^`]+`|[^ ])+| /g;
/** A longer one would fill the stack of the pattern. */
const LONGEST_AT_ONCE = 10_000;

/** Pieces between which a line may break. */
function wordsOf(line: string): Piece[] {
  if (line.length <= LONGEST_AT_ONCE && NARROW.test(line))
    return Array.from(line.matchAll(NARROW_PIECE), ([text]) => ({ text, width: text.length }));
  const words: Piece[] = [];
  const spans = [...line.matchAll(CODE)].map(({ 0: code, index }) => ({
    from: index,
    to: index + code.length,
  }));
  let previous = ' ';
  let at = 0;
  for (const { text, width } of characters(line)) {
    const last = words.at(-1);
    const wide = width === 2 || (last !== undefined && widthOf(previous) === 2);
    while (spans[0] && spans[0].to <= at) spans.shift();
    const isInCode = spans[0] !== undefined && at > spans[0].from;
    at += text.length;
    const mayBreak =
      !isInCode &&
      (text === ' ' || previous === ' ' || (wide && !CLOSING.test(text) && !OPENING.test(previous)));
    if (last && (width === 0 || !mayBreak)) {
      last.text += text;
      last.width += width;
    } else words.push({ text, width });
    if (width > 0) previous = text;
  }
  return words;
}

function* characters(line: string): Iterable<Piece> {
  let at = 0;
  while (at < line.length) {
    ESCAPE.lastIndex = at;
    const code = ESCAPE.exec(line);
    if (code) {
      yield { text: code[0], width: 0 };
      at += code[0].length;
      continue;
    }
    const end = line.indexOf('\u001b', at);
    const plain = line.slice(at, end < 0 ? line.length : Math.max(end, at + 1));
    for (const character of plain) yield { text: character, width: widthOf(character) };
    at += plain.length;
  }
}

/** Padded on the right to so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** Columns without which a sentence stands below its title, and not beside it. */
const FEWEST = 26;

/**
 * A title, and what is said of it: beside it from a column on, or below it in a narrow window.
 *
 * @example beside('it runs', '0b1762a0f79a', { from: 9, all: 97 }) // [['it runs    ', '0b1762a0f79a']]
 */
export function beside(
  title: string,
  said: string,
  { from, all }: { from: number; all: number },
): [left: string, said: string][] {
  if (said === '') return [[title, '']];
  const room = all - Math.max(from, widthOf(title)) - 2;
  if (room < Math.min(FEWEST, widthOf(said)))
    return [[title, ''], ...wrap(said, all - 2).map((line): [string, string] => ['  ', line])];
  return wrap(said, room).map((line, at) => [`${padded(at === 0 ? title : '', from)}  `, line]);
}

/** Cut to so many columns, with … where something is left out. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const piece of characters(text)) {
    if (width + piece.width > columns - 1) break;
    kept += piece.text;
    width += piece.width;
  }
  return `${kept}…`;
}

/** Columns that a text takes; escape codes take none. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (!COMBINING.test(character)) width += eastAsianWidth(character.codePointAt(0) as number);
  }
  return width;
}
