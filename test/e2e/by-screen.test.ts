/**
 * All twelve steps by hand by somebody who knows no more than what the screen says: what is to be typed is cut from it,
 * the last hint at the latest. pglab runs nothing for them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { openLab, type TestLab } from './lab.ts';
import { Novice } from './novice.ts';
import { IMAGE, LANGUAGE, PORT, RUN } from './slips/slip.ts';

describe('the walk by hand, from what the screen says', () => {
  let lab: TestLab;
  let novice: Novice;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_PORT: String(PORT), PGLAB_RUN: RUN });
    novice = new Novice(lab, new Content(LANGUAGE, ''));
    await novice.opensWindow(null);
  });
  after(async () => {
    novice.leaves();
    await lab.pglab('reset', '--adopted', '--yes');
    await lab.end();
  });

  for (let number = 1; number <= 12; number += 1)
    test(`step ${number}`, async () => {
      // The run remembers that it is by hand.
      await novice.begins(number === 1 ? ['--by-hand'] : []);
      if (!(await novice.typesWhatIsShown())) await novice.followsHints();
      await novice.isDone();
    });

  test('no command of pglab’s own was run', () => {
    const journal = readFileSync(join(lab.home, 'runs', RUN, 'journal.jsonl'), 'utf8');
    assert.doesNotMatch(journal, /"type":"command-started"/);
    assert.equal(journal.match(/"type":"step-ended"[^\n]*"outcome":"met"/g)?.length, 12);
  });
});
