/**
 * A shell line with `{{placeholders}}`, parsed once: where each value goes, how a shell must have it
 * quoted there, and what the line needs. Filling it quotes every value by itself.
 */
import { inDoubleQuotes, inSingleQuotes, mountField, shellWord, urlPart, volumePart } from '../grammar.ts';
import { Trouble } from '../trouble.ts';
import type { Values } from '../values.ts';
import {
  ADDITIONS,
  type Addition,
  broken,
  isAddition,
  Parser,
  type Placeholder,
  type Template,
} from './parsed-line.ts';

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

/** Whether there is a value for each of its placeholders. */
export function isFillable(line: string, values: Values): boolean {
  return [...templateOf(line).names].every((name) => isAddition(name) || Object.hasOwn(values, name));
}

/** The line with its values. Trouble `content-broken` where one has none. */
export function filled(template: Template, values: Values, added: Added, where: string): string {
  return written(template, added, (placeholder) => {
    const value = own(values, placeholder.name);
    if (value === undefined) throw broken(where, `{{${placeholder.name}}} has no value`);
    return quoted(String(value), placeholder);
  });
}

/** As `filled`; what only the run will tell has a word in its place, which stands there as it is. */
export function filledOpen(template: Template, values: Values, added: Added, words: Values = {}): string {
  return written(template, added, (placeholder) => {
    const { name, key } = placeholder;
    const value = own(values, name);
    return value === undefined ? key + String(words[name] ?? '…') : quoted(String(value), placeholder);
  });
}

/** The value of this name; undefined for a name such as `toString`, which every object inherits. */
function own(values: Values, name: string): string | number | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
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

/** Trouble `not-writable` where what reads the word has no way to take such a value. */
function quoted(value: string, { name, quotes, reader, key }: Placeholder): string {
  const written = {
    none: (text: string) => text,
    mount: (text: string) => mountField(key + text),
    volume: volumePart,
    url: urlPart,
  }[reader](value);
  // The system ends a word at a NUL.
  if (written === null || written.includes('\0')) throw new Trouble('not-writable', { name, value });
  return { none: shellWord, single: inSingleQuotes, double: inDoubleQuotes }[quotes](written);
}
