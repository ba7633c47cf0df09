/**
 * A shell line with `{{placeholders}}`, parsed once: where each value goes, how a shell must have it
 * quoted there, and what the line needs. Filling it quotes every value by itself.
 */
import { inDoubleQuotes, inSingleQuotes, shellWord } from '../grammar.ts';
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';

/** Placeholders that pglab fills with words of a `docker run`, such as its labels. */
export const ADDITIONS = ['ours', 'bare', 'named', 'owned'] as const;
type Addition = (typeof ADDITIONS)[number];

/** What stands around a placeholder. */
type Quotes = 'none' | 'single' | 'double';

interface Placeholder {
  name: string;
  quotes: Quotes;
}

type Piece = string | Placeholder;

/** A word as a shell takes it: quotes gone, placeholders still to be filled. */
export type Word = readonly (string | { name: string })[];

export interface Template {
  /** As it was written, cut at its placeholders. */
  pieces: readonly Piece[];
  words: readonly Word[];
  /** Names of all its placeholders. */
  names: ReadonlySet<string>;
}

/** Words for each addition; each is quoted where it must be. */
export type Added = Readonly<Record<Addition, readonly string[]>>;

const parsed = new Map<string, Template>();

/** Trouble `content-broken` where a value could not be written so that a shell takes it as it is. */
export function templateOf(line: string): Template {
  const known = parsed.get(line);
  if (known) return known;
  const template = new Parser(line).parse();
  parsed.set(line, template);
  return template;
}

/** Whether pglab adds words of its own to it. */
export function hasAdditions({ names }: Template): boolean {
  return ADDITIONS.some((name) => names.has(name));
}

/** The line with its values. Trouble `content-broken` where one has none. */
export function filled(template: Template, values: Values, added: Added, where: string): string {
  return written(template, added, ({ name, quotes }) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw broken(where, `{{${name}}} has no value`);
    return quoted(String(value), quotes, where);
  });
}

/** As `filled`; what only the run will tell has a word in its place, which stands there as it is. */
export function filledOpen(template: Template, values: Values, added: Added, words: Values = {}): string {
  return written(template, added, ({ name, quotes }) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? String(words[name] ?? '…') : quoted(String(value), quotes, name);
  });
}

function written({ pieces }: Template, added: Added, textOf: (placeholder: Placeholder) => string): string {
  let line = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') line += piece;
    else if (!isAddition(piece.name)) line += textOf(piece);
    else if (added[piece.name].length > 0) line += added[piece.name].map(shellWord).join(' ');
    // Where nothing is added, there is no gap either.
    else line = line.replace(/ $/, '');
  }
  return line;
}

function quoted(value: string, quotes: Quotes, where: string): string {
  // The system ends a word there.
  if (value.includes('\0')) throw broken(where, 'a value has a NUL in it');
  return { none: shellWord, single: inSingleQuotes, double: inDoubleQuotes }[quotes](value);
}

function isAddition(name: string): name is Addition {
  return (ADDITIONS as readonly string[]).includes(name);
}

/** What opens a place in which no quoting of ours holds; and within which quotes a shell sees it. */
const NO_PLACE: readonly [RegExp, string, readonly Quotes[]][] = [
  [/\$\(/y, '$(…)', ['none', 'double']],
  [/`/y, 'a backquote', ['none', 'double']],
  [/\$\{/y, '$ and a brace', ['none', 'double']],
  [/\(\(/y, '((…))', ['none']],
  [/\$'/y, "$'…'", ['none']],
  [/(?<!<)<<(?!<)/y, 'a here-document', ['none']],
];

class Parser {
  readonly #line: string;
  #at = 0;
  #quotes: Quotes = 'none';
  readonly #pieces: Piece[] = [''];
  readonly #words: (string | { name: string })[][] = [];
  #inWord = false;
  /** The word that is read, or the next one, names a command. */
  #isCommand = true;
  /** What stands before a placeholder, so that nothing could be quoted safely: from here to the end, or in this word. */
  #unsafe: string | null = null;
  #unsafeInWord: string | null = null;

  constructor(line: string) {
    this.#line = line;
  }

  parse(): Template {
    while (this.#at < this.#line.length) this.#step();
    if (this.#quotes !== 'none') throw broken(this.#line, 'its quotes are not closed');
    const names = this.#pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.name]));
    return { pieces: this.#pieces, words: this.#words, names: new Set(names) };
  }

  #step(): void {
    const placeholder = this.#match(/\{\{([a-z][\w.-]*)\}\}/y);
    const variable = this.#quotes === 'single' ? null : this.#match(/\$\{\w+\}/y);
    if (placeholder) this.#placeholder(placeholder[0], placeholder[1] as string);
    else if (variable) this.#take(variable[0].length);
    else if (this.#quotes === 'single') this.#quotedBy("'");
    else {
      for (const [pattern, what, inside] of NO_PLACE)
        if (inside.includes(this.#quotes) && this.#match(pattern)) this.#unsafe ??= what;
      const isBeforePlaceholder = this.#line.startsWith('{{', this.#at + 1);
      const character = this.#line[this.#at] as string;
      if (/[\\$]/.test(character) && isBeforePlaceholder) this.#unsafeInWord ??= character;
      if (character === '\\' && !isBeforePlaceholder) this.#take(2);
      else if (this.#quotes === 'double') this.#quotedBy('"');
      else this.#unquoted(character);
    }
  }

  #quotedBy(mark: string): void {
    if (this.#line[this.#at] === mark) this.#turn('none');
    else this.#take(1);
  }

  #unquoted(character: string): void {
    if (character === "'") this.#turn('single');
    else if (character === '"') this.#turn('double');
    else if (/[\s;&|()<>]/.test(character)) this.#endWord(character);
    else {
      if (character === '#' && !this.#inWord) this.#unsafe ??= '#';
      if (/[{~]/.test(character)) this.#unsafeInWord ??= character;
      this.#take(1);
    }
  }

  #endWord(character: string): void {
    const isAssignment = /^\w+=/.test(String(this.#words.at(-1)?.[0]));
    if (this.#inWord && !isAssignment) this.#isCommand = false;
    if (/[\n;&|(]/.test(character)) this.#isCommand = true;
    this.#inWord = false;
    this.#unsafeInWord = null;
    this.#write(character);
  }

  #placeholder(whole: string, name: string): void {
    const refuse = (why: string) => broken(this.#line, `${whole} ${why}`);
    const unsafe = this.#unsafe ?? this.#unsafeInWord;
    if (unsafe !== null) throw refuse(`stands after ${unsafe}, where nothing could be quoted safely`);
    if (this.#isCommand && !this.#inWord) throw refuse('would name the command');
    if (isAddition(name)) {
      const isAlone = /\s$/.test(this.#line.slice(0, this.#at)) && this.#isSpace(this.#at + whole.length);
      if (this.#quotes !== 'none' || !isAlone)
        throw refuse('is words of its own, and needs spaces around it');
    }
    this.#word().push({ name });
    this.#pieces.push({ name, quotes: this.#quotes }, '');
    this.#at += whole.length;
  }

  #isSpace(at: number): boolean {
    return /^(\s|$)/.test(this.#line.slice(at));
  }

  /** Opens or closes quotes: a word begins even if nothing is between them. */
  #turn(quotes: Quotes): void {
    this.#word();
    this.#quotes = quotes;
    this.#write(this.#line[this.#at] as string);
  }

  /** Takes characters as part of a word. */
  #take(count: number): void {
    const text = this.#line.slice(this.#at, this.#at + count);
    const word = this.#word();
    if (typeof word.at(-1) === 'string') word.push(`${word.pop()}${text}`);
    else word.push(text);
    this.#write(text);
  }

  #word(): (string | { name: string })[] {
    if (!this.#inWord) this.#words.push([]);
    this.#inWord = true;
    return this.#words.at(-1) as (string | { name: string })[];
  }

  #write(text: string): void {
    this.#pieces.push(`${this.#pieces.pop()}${text}`);
    this.#at += text.length;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#line);
  }
}

function broken(file: string, why: string): Trouble {
  return new Trouble('content-broken', { file, why });
}
