/** A second terminal of the learner's, beside one in which a step by hand is under way. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestLab } from './lab.ts';

/** A server tells what it has counted within a second, and who waits for it looks as often. */
const COUNTED_WITHIN_MS = 2_500;

/** What is under way there, two of its three checks met, and help. `place`: the step's number. */
export async function helpsBeside({ pglab }: TestLab, run: string, place: string): Promise<void> {
  const where = await pglab('--run', run, '--lang', 'en');
  assert.match(where.stdout, new RegExp(`Under way in another terminal: ${place}, [^\\n]*by hand, 2 of 3`));
  for (const verb of ['hint', 'show', 'list']) {
    const { code, stdout } = await pglab(verb, '--run', run, '--lang', 'en');
    assert.equal(code, 0, verb);
    assert.match(stdout, new RegExp(`Under way in another terminal: ${place}`), verb);
  }
}

/** Who judges there is at the server as well, and is no learner. */
export async function judgesBeside({ pglab }: TestLab, run: string, step: string): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    const { code, stdout } = await pglab('check', step, '--run', run, '--lang', 'en');
    assert.equal(code, 0, stdout);
    await delay(COUNTED_WITHIN_MS);
  }
}
