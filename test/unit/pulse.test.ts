/** Whether an engine answers, by an engine that is let answer or not, and seconds that pass when the test says so. */
import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { followPulse } from '../../src/engine/pulse.ts';

/** Seconds: a question, and what its answer may take. */
const PATIENCE = 8;

let isSilent = false;
let asked = 0;
let told: (number | null)[];
let ending: AbortController;

const engine = {
  answers: async (signal?: AbortSignal): Promise<boolean> => {
    asked += 1;
    if (!isSilent) return true;
    // What waits for nobody any more holds nothing up.
    return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(false)));
  },
};

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    mock.timers.tick(1_000);
    await turn();
  }
}

describe('the pulse of an engine', () => {
  // Once for all: on Node 26 the intervals of a second time are real ones.
  before(() => {
    mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
    // A name that was imported before is bound anew only so.
    syncBuiltinESMExports();
  });
  beforeEach(async () => {
    [isSilent, asked, told, ending] = [false, 0, [], new AbortController()];
    followPulse(engine, ending.signal, (seconds) => told.push(seconds));
    await turn();
  });
  afterEach(() => ending.abort());
  after(() => {
    mock.timers.reset();
    syncBuiltinESMExports();
  });

  it('is asked for again and again, and nothing is told of one that answers', async () => {
    await pass(60);
    assert.equal(asked, 21);
    assert.deepEqual(told, []);
  });

  it('is told each second once it has been missed for too long', async () => {
    await pass(3);
    isSilent = true;
    await pass(PATIENCE - 1);
    assert.deepEqual(told, []);
    await pass(3);
    assert.equal(told.length, 3);
    assert.ok(told.every((each) => typeof each === 'number'));
  });

  it('ends with its signal: nothing is asked and nothing told from then on', async () => {
    isSilent = true;
    await pass(3);
    const before = asked;
    ending.abort();
    await turn();
    await pass(60);
    assert.deepEqual([asked, told], [before, []]);
  });
});
