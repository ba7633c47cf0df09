/**
 * One row in sixteen of long tables of tests is tried where all tests are run, for these must end within fifty minutes on
 * two slow cores. Which ones is drawn anew each time, and printed: `PGLAB_DRAW=4711` draws the same again, `PGLAB_DRAW=all` takes all, as
 * does a run of files that are named (`PGLAB_TEST_ONLY`).
 */
import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What is drawn by; empty: nothing is, all are tried. */
export function seedOfDraw(): string {
  const { PGLAB_DRAW = 'all' } = process.env;
  return PGLAB_DRAW === 'all' ? '' : PGLAB_DRAW;
}

/** For this process and those that it starts: a seed of its own where none is given. */
export function drawAnew(): void {
  process.env.PGLAB_DRAW ??= String(randomInt(1e6));
  console.log(`■ PGLAB_DRAW=${process.env.PGLAB_DRAW}`);
}

/** Of so many rows, one. */
const ONE_IN = 16;

/** One row in sixteen, in their order; all where nothing is drawn. */
export function drawn<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Row[] {
  const seed = seedOfDraw();
  if (seed === '') return [...rows];
  const rank = (row: Row) => crc32(`${seed} ${nameOf(row)}`);
  const first = rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.ceil(rows.length / ONE_IN));
  const chosen = new Set(first);
  return rows.filter((row) => chosen.has(row));
}
