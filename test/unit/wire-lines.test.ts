import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineTooLong, lineReader } from '../../src/workshop/wire.ts';

const LONGEST = 8;

/** What is taken of parts that come one after another. */
function linesOf(...parts: string[]): string[] {
  const lines: string[] = [];
  const read = lineReader(LONGEST, (line) => lines.push(line.toString()));
  for (const part of parts) read(Buffer.from(part));
  return lines;
}

describe('the lines of a wire', () => {
  it('are the same however the stream is cut, also within a letter', () => {
    const told = Buffer.from('[1]\n"é…"\n\n{}\n');
    for (let size = 1; size <= told.length; size += 1) {
      const lines: string[] = [];
      const read = lineReader(LONGEST, (line) => lines.push(line.toString()));
      for (let from = 0; from < told.length; from += size) read(told.subarray(from, from + size));
      assert.deepEqual(lines, ['[1]', '"é…"', '', '{}'], `${size} bytes at a time`);
    }
  });

  it('are whole: what has no end is nobody’s', () => {
    assert.deepEqual(linesOf('[1]\n[2', ']'), ['[1]']);
  });

  it('have a bound, with their end or without, at once or bit by bit', () => {
    assert.deepEqual(linesOf('12345678\n'), ['12345678']);
    for (const parts of [['123456789'], ['123456789\n'], ['1234', '5678', '9'], ['1\n2345', '67890\n']])
      assert.throws(() => linesOf(...parts), LineTooLong, parts.join('|'));
  });
});
