/**
 * What a terminal would obey, or not show at all, made visible: text of an engine, a container or a journal is data,
 * and must not move the cursor, hide a line or turn its direction.
 */

/**
 * Control characters and escape codes, marks of direction, what takes no room, line and paragraph separators, halves of
 * characters, and private ones, of which the terminal's own prose makes use.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Cuts a text at what is hidden: every second part is a run of such characters. */
export const HIDDEN_RUN = /([\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+)/u;

/** Characters shown of a value of one line: no name fills the window. */
const LONGEST_LINE = 200;
/** Characters shown of a value of several lines, such as what a program said before it failed. */
const LONGEST_TEXT = 4_000;

/**
 * Each hidden character as its picture (`␛`), or by its number (`\u202e`): `a\u001b[2J` is `a␛[2J`. `lines`: newlines
 * and tabs stay as they are.
 */
export function visible(text: string, { lines = false }: { lines?: boolean } = {}): string {
  return text.replace(HIDDEN, (character) =>
    lines && /[\n\t]/.test(character) ? character : pictureOf(character),
  );
}

/** As `visible`, cut with … where it is longer than a name or a message of somebody else may be. */
export function visibleValue(text: string, options: { lines?: boolean } = {}): string {
  const longest = options.lines ? LONGEST_TEXT : LONGEST_LINE;
  // A character may be two units: cut by units first, so that a text of any length costs little.
  const characters = [...text.slice(0, 2 * longest)];
  const isLong = text.length > 2 * longest || characters.length > longest;
  return isLong ? `${visible(characters.slice(0, longest).join(''), options)}…` : visible(text, options);
}

function pictureOf(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * Colours, bold, dim, italic, underlined, inverse and crossed out, and their ends: what our own lines are painted
 * with.
 */
const PAINT =
  /(\u001b\[(?:(?:[0-47]|9|2[2-479]|3\d|4\d|9[0-7]|10[0-7])(?:;(?:[0-47]|9|2[2-479]|3\d|4\d|9[0-7]|10[0-7]))*)?m)/;

/** Lines of our own as they go to a terminal: painted where there is colour, and all else in them visible. */
export function painted(text: string, { colour }: { colour: boolean }): string {
  return text
    .split(PAINT)
    .map((part, at) => (at % 2 === 0 ? visible(part, { lines: true }) : colour ? part : ''))
    .join('');
}

/** JSON in which each hidden character is escaped: the same data, and safe to be looked at. */
export function visibleJson(json: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // The newlines are those between its lines.
  return json.replace(HIDDEN, (character) =>
    character === '\n' ? character : character.split('').map(escaped).join(''),
  );
}
