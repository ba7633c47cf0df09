/**
 * Reads a shell line with `{{placeholders}}`: where each value goes, how a shell must have it quoted there, and which
 * other grammar reads the word once the shell has taken it.
 */
import { Trouble } from '../trouble.ts';

/** Placeholders that pglab fills with words of a `docker run`, such as its labels. */
export const ADDITIONS = ['ours', 'bare', 'named', 'owned'] as const;
export type Addition = (typeof ADDITIONS)[number];

/** What stands around a placeholder. */
type Quotes = 'none' | 'single' | 'double';

/** What reads the word, once the shell has taken it: its own grammar holds within the shell's. */
type Reader = 'none' | 'mount' | 'volume' | 'url';

export interface Placeholder {
  name: string;
  quotes: Quotes;
  reader: Reader;
  /** What stands before it in the same field of a `--mount`, such as `dst=`: quoted with it. */
  key: string;
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

export function isAddition(name: string): name is Addition {
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

/** A run of characters that mean nothing but themselves, within such quotes. */
const PLAIN: Readonly<Record<Quotes, RegExp>> = {
  none: /[\w./:=@%+,-]+/y,
  single: /[^'{]+/y,
  double: /[^"\\$`{]+/y,
};

export class Parser {
  readonly #line: string;
  #at = 0;
  #quotes: Quotes = 'none';
  readonly #pieces: Piece[] = [''];
  readonly #words: (string | { name: string })[][] = [];
  #inWord = false;
  /** The word that is read, or the next one, names a command. */
  #isCommand = true;
  /**
   * What stands before a placeholder, so that nothing could be quoted safely: from here to the end, or in this word.
   */
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
    const plain = this.#match(PLAIN[this.#quotes]);
    if (plain) {
      this.#take(plain[0].length);
      return;
    }
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
    if (this.#isScript()) throw refuse('would be part of what another shell runs');
    const reader = this.#reader();
    let key = '';
    if (reader === 'mount') {
      const before = String(this.#pieces.pop());
      key = /(?<![^,=\s'"])[^,=\s'"]+=$/.exec(before)?.[0] ?? '';
      if (
        key === '' ||
        !/^[,\s'"]|^$/.test(this.#line.slice(this.#at + whole.length, this.#at + whole.length + 1))
      )
        throw refuse('is not the whole value of its field of --mount');
      this.#pieces.push(before.slice(0, -key.length));
    }
    this.#word().push({ name });
    this.#pieces.push({ name, quotes: this.#quotes, reader, key }, '');
    this.#at += whole.length;
  }

  /** Whether the word is run by a shell of its own, in which no quoting of ours holds. */
  #isScript(): boolean {
    const before = this.#inWord ? this.#words.slice(0, -1) : this.#words;
    const plain = before.map((word) => (word.length === 1 ? String(word[0]) : ''));
    const isShell = plain.some((word) => /(^|\/)(ba|da|z|k|a)?sh$/.test(word));
    if (plain.includes('eval')) return true;
    const text = this.#pieces.map((piece) => (typeof piece === 'string' ? piece : 'x')).join('');
    const isInput = /<<<\s{0,9}("[^"]*|'[^']*|[^\s<]*)$/.test(text);
    return isShell && (isInput || /^-\w*c$/.test(plain.at(-1) ?? ''));
  }

  /** What will read the word that a placeholder stands in. */
  #reader(): Reader {
    const before = this.#inWord ? this.#words.slice(0, -1) : this.#words;
    const begins = this.#inWord ? String(this.#words.at(-1)?.[0] ?? '') : '';
    const option = String(before.at(-1)?.length === 1 ? before.at(-1)?.[0] : '');
    const isFor = (long: string, short = '') =>
      option === long || (option === short && short !== '') || begins.startsWith(`${long}=`);
    if (isFor('--mount')) return 'mount';
    if (isFor('--volume', '-v')) return 'volume';
    return /^(?!unix:)[a-z]+:\/\//.test(begins) ? 'url' : 'none';
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

export function broken(file: string, why: string): Trouble {
  return new Trouble('content-broken', { file, why });
}
