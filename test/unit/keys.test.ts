/** What is pressed in the window of a watch, and what was meant for another one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyReader } from '../../src/terminal/keys.ts';

/** Each key so long after the one before, in milliseconds. */
const typed = (text: string, every: number) => {
  const read = keyReader();
  return [...text].flatMap((key, at) => read(key, at * every));
};

test('single keys are what they stand for, also pressed in a hurry', () => {
  assert.deepEqual(typed('hsn\rq', 50), ['hint', 'show', 'anew', 'typed', 'leave']);
  assert.deepEqual(keyReader()('hhR', 0), ['hint', 'hint', 'run']);
});

test('a line that was pasted here is none of our keys, and neither is its Enter', () => {
  assert.deepEqual(keyReader()('docker run -d postgres\r', 0), ['strayed']);
  const read = keyReader();
  assert.deepEqual(read('npx pglab next', 0), ['strayed']);
  assert.deepEqual(read('\r', 5_000), []);
  assert.deepEqual(read('\r', 5_100), ['typed']);
});

test('a line that is typed here letter by letter runs nothing', () => {
  assert.deepEqual(typed('docker run\r', 100), ['strayed']);
  assert.deepEqual(typed('dockeer\u007f\u007fr ps\r', 100), ['strayed']);
  assert.deepEqual(typed('数据库 r\r', 100), ['strayed']);
});

test('after one key that means nothing, and a pause, the next counts', () => {
  assert.deepEqual(typed('xh', 2_000), ['hint']);
  assert.deepEqual(typed('x\r', 2_000), ['typed']);
});

test('arrows, function keys and Alt are none of ours, whatever letters they send', () => {
  for (const key of [
    '\u001b[H',
    '\u001bOR',
    '\u001bOQ',
    '\u001bOS',
    '\u001br',
    '\u001b[15~',
    '\u001b[1;5S',
    '\u001b',
  ])
    assert.deepEqual(keyReader()(key, 0), [], JSON.stringify(key));
});
