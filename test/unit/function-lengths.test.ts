/** Each function fits one look, in all that is written here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { longFunctions, MOST_LINES } from '../function-lengths.ts';

const ROOT = join(import.meta.dirname, '../..');

test('no function is longer than one look', () => {
  const files = ['src', 'labs', 'test', 'tools'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file))
      .map((file) => join(folder, file)),
  );
  assert.ok(files.length > 500, 'the files were found');
  const long = files.flatMap((file) => longFunctions(file, readFileSync(join(ROOT, file), 'utf8')));
  assert.deepEqual(long, []);
});

/** A function of so many lines between its braces. */
const lines = (count: number, line = 'go();') => `${`  ${line}\n`.repeat(count)}`;

test('what counts is lines of code; one literal, one switch and the tests of a suite do not', () => {
  const most = MOST_LINES - 2;
  assert.deepEqual(longFunctions('a.ts', `function fits() {\n${lines(most)}}\n`), []);
  const over = [`a.ts:2 over has ${MOST_LINES + 1} lines`];
  assert.deepEqual(longFunctions('a.ts', `\nfunction over() {\n${lines(most + 1)}}\n`), over);
  assert.deepEqual(longFunctions('a.ts', `\nconst over = () => {\n${lines(most + 1)}};\n`), over);
  assert.deepEqual(longFunctions('a.ts', `\nclass A {\n  over() {\n${lines(most + 1)}  }\n}\n`), [
    `a.ts:3 over has ${MOST_LINES + 1} lines`,
  ]);
  assert.deepEqual(longFunctions('a.ts', `function told() {\n${lines(most)}\n${lines(9, '// why')}}\n`), []);
  assert.deepEqual(longFunctions('a.ts', `const one = () => ({\n${lines(99, 'a: 1,')}});\n`), []);
  assert.deepEqual(
    longFunctions('a.ts', `function one() {\n  switch (a) {\n${lines(99, 'case 1:')}  }\n}\n`),
    [],
  );
  const suite = (body: string) =>
    `describe('it', () => {\n  test('so', () => {\n${body}  });\n${lines(30)}});\n`;
  assert.deepEqual(longFunctions('a.ts', suite(lines(most))), []);
  assert.deepEqual(longFunctions('a.ts', suite(lines(most + 1))), [
    `a.ts:2 a function has ${MOST_LINES + 1} lines`,
  ]);
});
