import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn } from '../drawn.ts';

const ROWS = Array.from({ length: 41 }, (_, at) => `row ${at}`);

/** What is drawn of them with this in the environment. */
function drawnWith(draw: string | undefined): string[] {
  const before = process.env.PGLAB_DRAW;
  try {
    if (draw === undefined) delete process.env.PGLAB_DRAW;
    else process.env.PGLAB_DRAW = draw;
    return drawn(ROWS, (row) => row);
  } finally {
    if (before === undefined) delete process.env.PGLAB_DRAW;
    else process.env.PGLAB_DRAW = before;
  }
}

test('one row in sixteen, in their order, the same of the same draw', () => {
  const some = drawnWith('4711');
  assert.equal(some.length, 3);
  assert.deepEqual(
    some,
    ROWS.filter((row) => some.includes(row)),
  );
  assert.deepEqual(drawnWith('4711'), some);
});

test('each row comes in some draw, and none but all where nothing is drawn', () => {
  const draws = Array.from({ length: 160 }, (_, at) => drawnWith(String(at)));
  assert.deepEqual(
    ROWS.filter((row) => !draws.some((draw) => draw.includes(row))),
    [],
  );
  for (const draw of [undefined, 'all']) assert.deepEqual(drawnWith(draw), ROWS);
});
