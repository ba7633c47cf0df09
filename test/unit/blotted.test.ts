/** What a person sends with a bug has no names of theirs in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blotted } from '../../src/blotted.ts';

const BLOTS = [
  { words: ['ann', '李雷'], mark: '‹user›' },
  { words: ['/srv/ann/state'], mark: '‹home›' },
  { words: ['Box', 'box.example'], mark: '‹host›', anyCase: true },
  { words: ['p"w\\1', 'x'], mark: '‹password›' },
];

test('a word goes where it stands alone, the longer one first, and as JSON writes it', () => {
  const rows = {
    'ann, /home/ann/y, planned, Ann': '‹user›, /home/‹user›/y, planned, Ann',
    '/srv/ann/state/runs and /srv/ann': '‹home›/runs and /srv/‹user›',
    'BOX box.EXAMPLE:5000 boxes': '‹host› ‹host›:5000 boxes',
    '{"why":"p\\"w\\\\1"} p"w\\1': '{"why":"‹password›"} ‹password›',
    'x=x max': '‹password›=‹password› max',
    '李雷 的': '‹user› 的',
    '/Users/somebody/y "/home/other"': '/Users/‹user›/y "/home/‹user›"',
    annann: 'annann',
  };
  for (const [text, wanted] of Object.entries(rows)) assert.equal(blotted(text, BLOTS), wanted);
});

test('an empty word blots nothing', () => {
  assert.equal(blotted('as it is', [{ words: [''], mark: '!' }]), 'as it is');
});
