import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wasAttached } from '../../src/engine/history.ts';

/** What the engine remembers before the last start, and whether somebody was attached then, and ever. */
const CASES: [story: string, actions: string, last: boolean | null, ever: boolean | null][] = [
  ['docker run', 'create attach', true, true],
  ['docker run -d', 'create', false, false],
  ['run in the window, ended, and then docker start', 'create attach start kill die', false, true],
  ['made by -d, ended, and then docker start -a', 'create start die attach', true, true],
  ['made by -d, looked into by docker attach, and started again', 'create start attach die', false, false],
  ['of long ago: its end is known, its making is not', 'die', false, null],
  ['of long ago, and begun in a window since', 'start die attach', true, true],
  ['forgotten', '', null, null],
  ['all but the last is forgotten', 'exec_create: true', null, null],
];

for (const [story, actions, last, ever] of CASES)
  test(`attached or not: ${story}`, () => {
    const known = actions.split(' ').filter(Boolean);
    assert.equal(wasAttached(known, 'last-start'), last);
    assert.equal(wasAttached(known, 'any-start'), ever);
  });
