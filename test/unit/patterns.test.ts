/**
 * No pattern takes more time than its text is long, whatever the text: one line of a stranger's log would hang pglab,
 * and no signal be heard. Each pattern of src/ and labs/ is tried on texts made of its own parts.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { parseSync } from 'oxc-parser';
import { READY_FOR_ALL, READY_FOR_SET_UP, READY_LINE, readySaid } from '../../src/postgres/setup-log.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Characters of the shorter text; the longer has four times as many. */
const LENGTH = 4_000;
/** A pattern that is linear takes a tenth of this for the longer text on a slow machine, a quadratic one more. */
const SUSPECT_FROM_MS = 8;
/** For four times the text: 4 is linear, 16 quadratic. */
const STEEPEST = 9;

interface Pattern {
  where: string;
  source: string;
  flags: string;
}

function patternsIn(file: string, code: string): Pattern[] {
  const found: Pattern[] = [];
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    const { type, regex } = node as { type?: string; regex?: { pattern: string; flags: string } };
    if (type === 'Literal' && regex) found.push({ where: file, source: regex.pattern, flags: regex.flags });
    for (const value of Object.values(node)) visit(value);
  };
  visit(parseSync(file, code).program);
  return found;
}

const SYNTAX =
  /\\[sSdDwWbBn]|\\[pPuxk](?:\{[^}]{0,99}\}|[0-9a-fA-F]{2,4})?|\(\?[:=!<]{1,2}|\[(?:\\.|[^\]\\]){0,99}\]|\{\d{0,9},?\d{0,9}\}|[()|*+?.^$]/;

/** Texts that lie near to what a pattern looks for: its own words, one of each of its classes, and what ends them. */
function partsOf({ source }: Pattern): string[] {
  const words = source.split(SYNTAX).map((word) => word.replace(/\\(.)/g, '$1'));
  const singles = [
    'a',
    '0',
    ' ',
    '\n',
    '"',
    "'",
    '/',
    ':',
    '.',
    ',',
    '=',
    '@',
    '\t',
    '`',
    '-',
    '_',
    ';',
    '\ufffd',
  ];
  const used = singles.filter((single) => single !== 'a' && source.includes(single)).slice(0, 6);
  const whole = words.join('a');
  return [...new Set([...words, whole, whole.replaceAll('a', ''), 'a', '0', ' ', '\n', ...used])].filter(
    (part) => part !== '',
  );
}

function* attacks(pattern: Pattern, length: number): Iterable<string> {
  const parts = partsOf(pattern);
  const many = (part: string, size = length) => part.repeat(Math.ceil(size / part.length));
  for (const part of parts) yield* [`\n${many(part)}\u0000\n`, `${many(part)}\u0000`, many(part)];
  for (const one of parts) {
    for (const other of parts) {
      if (one === other) continue;
      yield `${many(one + other)}\u0000`;
      yield `${one}${many(other)}\u0000\n`;
      yield `${many(one, length / 2)}${many(other, length / 2)}\u0000`;
    }
  }
}

/** Milliseconds of this process's own work, the best of a few: others use this machine as well. */
function timeOf(expression: RegExp, text: string, tries: number): number {
  let best = Infinity;
  for (let each = 0; each < tries; each += 1) {
    const before = process.cpuUsage();
    text.replace(expression, '');
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
    if (best < 1) break;
  }
  return best;
}

/** The text on which it takes more than its length, and how much; null where none was found. */
function weakness(pattern: Pattern): string | null {
  // Every place is tried, as a search does; an anchor counts as it stands.
  const expression = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '').concat('g'));
  const [short, long] = [[...attacks(pattern, LENGTH)], [...attacks(pattern, 4 * LENGTH)]];
  for (const [at, text] of long.entries()) {
    if (timeOf(expression, text, 1) < SUSPECT_FROM_MS) continue;
    const slow = timeOf(expression, text, 4);
    const quick = timeOf(expression, short[at] as string, 4);
    if (slow >= SUSPECT_FROM_MS && slow / quick > STEEPEST)
      return `${pattern.where} /${pattern.source}/ takes ${slow.toFixed(0)} ms for 16 KB like ${JSON.stringify(text.slice(0, 40))}`;
  }
  return null;
}

const ALL = ['src', 'labs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => patternsIn(join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8'))),
);

test('no pattern of ours takes more time than its text is long', () => {
  assert.ok(ALL.length > 200, `${ALL.length} patterns`);
  assert.deepEqual(
    ALL.flatMap((pattern) => weakness(pattern) ?? []),
    [],
  );
});

test('no pattern is put together of what is not known here', () => {
  // `new RegExp` is out of reach of the test above: each is known, and made of words and numbers.
  const made = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => name.endsWith('.ts') && readFileSync(join(ROOT, 'src', name), 'utf8').includes('new RegExp('),
    )
    .sort();
  assert.deepEqual(made, ['checks/connections.ts', 'postgres/setup-log.ts']);
});

test('those that are made of words and numbers are no exception', () => {
  for (const { source, flags } of [READY_LINE, READY_FOR_ALL, READY_FOR_SET_UP])
    assert.equal(weakness({ where: 'setup-log', source, flags }), null);
  // A pattern that tries all splits of a million signs would not end today.
  for (const part of ['[1', '[', '1', '[1] LOG:  '])
    runInNewContext('said(text)', { said: readySaid, text: part.repeat(250_000) }, { timeout: 60_000 });
});

for (const [source, flags] of [
  ['^(.*?)(?::([^/:@]+))?(?:@(.+))?$', ''],
  ['\\n+$', ''],
  ['"?(\\/[^"]*)\\/\\.s\\.PGSQL\\.\\d+', ''],
  ['could not (access|open)[^\\n]*configuration file[^\\n]*: Permission denied', ''],
  ['role ".*" (does not exist|is not permitted to log in)', ''],
  ['\\d+(\\.\\d+)+', ''],
  ['\\s*\\S+', 'g'],
  ['<<<\\s*("[^"]*|\'[^\']*|\\S*)$', ''],
  ['^ *```[\\s\\S]*?^ *```$', 'gm'],
] as const) {
  test(`a pattern that does is found: ${source}`, () => {
    assert.ok(weakness({ where: '', source, flags }));
  });
}
