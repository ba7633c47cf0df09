import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { crc32 as nodes } from 'node:zlib';
import { crc32 } from '../../src/crc32.ts';

test('the sum of any text is the one that Node makes', () => {
  const known = ['', 'pglab', '\0', '中文，🐘', '\ud800 alone', 'x'.repeat(100_000)];
  const random = Array.from({ length: 200 }, (_, at) => randomBytes(at).toString(at % 2 ? 'latin1' : 'utf8'));
  for (const text of [...known, ...random])
    assert.equal(Number.parseInt(crc32(text), 16), nodes(text), JSON.stringify(text.slice(0, 40)));
  assert.equal(crc32('pglab'), '0796b0be');
});
