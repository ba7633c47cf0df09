/** The help of a verb, from the table of verbs. */
import type { MessageKey } from '../content-keys.ts';
import type { Values } from '../values.ts';
import { widthOf, wrap } from '../wrap.ts';
import { COMMON_OPTIONS, type Verb } from './verb.ts';

const INDENT = '  ';
/** Narrower than this, in columns, a text is left as it is. */
const NARROWEST = 40;

/** `path`: the verb and its groups, `pglab` first. `width`: the columns of the screen. */
export function helpOf(
  path: readonly Verb[],
  width: number,
  say: (key: MessageKey, values?: Values) => string,
): string {
  const verb = path.at(-1) as Verb;
  const options = [
    ...Object.entries({ ...COMMON_OPTIONS, ...verb.options }),
    ...Object.entries(path.length === 1 ? VERSION : {}),
    ...Object.entries(HELP),
  ].map(([flags, key]): [string, string] => [flags, say(key)]);
  const usageOf = ({ name, words }: Verb) =>
    [name, say('help-some-options'), words].filter(Boolean).join(' ');
  const verbs = (verb.verbs ?? []).map((each): [string, string] => [usageOf(each), say(each.about)]);
  const widest = Math.max(...[...options, ...verbs].map(([term]) => columnsOf(term)));
  const section = (title: string, rows: readonly [string, string][]) =>
    rows.length === 0 ? [] : ['', title, ...rows.map((row) => item(row, widest, width))];
  const names = path.slice(0, -1).map(({ name }) => name);
  const line = [...names, usageOf(verb), ...(verb.verbs ? [say('help-command')] : [])].join(' ');
  return [
    say('help-usage', { line }),
    '',
    wrapped(say(verb.about), width),
    ...section(say('help-options'), options),
    ...section(say('help-commands'), verbs),
    ...(path.length === 1 ? ['', wrapped(say('help-exit-codes'), width)] : []),
    '',
  ].join('\n');
}

const VERSION: Readonly<Record<string, MessageKey>> = { '-V, --version': 'option-version' };
const HELP: Readonly<Record<string, MessageKey>> = { '-h, --help': 'option-help' };

function item([term, text]: readonly [string, string], widest: number, width: number): string {
  const beside = widest + 2 * INDENT.length;
  const lines = wrapped(text, width - beside).replaceAll('\n', `\n${' '.repeat(beside)}`);
  return `${INDENT}${term}${' '.repeat(widest - columnsOf(term))}${INDENT}${lines}`;
}

function wrapped(text: string, width: number): string {
  if (width < NARROWEST) return text;
  return (ONE_COLUMN.test(text) ? atSpaces(text, width) : wrap(text, width)).join('\n');
}

/** A text whose characters are one column wide each: what English has. */
const ONE_COLUMN = /^[ -~]*$/;

/** As `wrap` does it, in a tenth of its time: help is asked for often, and waited for. */
function atSpaces(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/\s\S*|\S+/g) ?? []) {
    if (line !== '' && line.length + word.length > width) {
      lines.push(line);
      line = word.trimStart();
    } else line += word;
  }
  return [...lines, line];
}

function columnsOf(term: string): number {
  return ONE_COLUMN.test(term) ? term.length : widthOf(term);
}
