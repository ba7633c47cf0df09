/** A container of the run that is paused in the middle of a verb: that is said, with the way on, and not waited for. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { containerOf, openLab, type TestLab } from './lab.ts';

const RUN = 'paused';
/** A server that never answers is waited for three minutes; a learner who paused it hears of that much sooner. */
const SOON_MS = 60_000;

describe('a container that is paused in the middle', () => {
  let lab: TestLab;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6570', PGLAB_RUN: RUN });
  });
  after(async () => {
    await lab.pglab('reset', '--yes');
    await lab.end();
  });

  /** Pauses what goes by this name as soon as it has started. */
  async function pausedWhen(name: string): Promise<string> {
    for (;;) {
      const id = await lab.docker(
        ...['ps', '-q', '--filter', `label=pglab.run=${RUN}`, '--filter', `label=pglab.name=${name}`],
      );
      if (id !== '') {
        await lab.docker('pause', id);
        return id;
      }
    }
  }

  for (const [step, name] of [
    ['exec-psql', 'quiet'],
    ['disposable', 'doomed'],
  ] as const) {
    test(`while its server is waited for: ${step}`, async () => {
      const began = performance.now();
      const [short, { code, stdout }] = await Promise.all([
        pausedWhen(name),
        lab.pglab('run', step, '--yes'),
      ]);
      assert.equal(code, 1, stdout);
      assert.ok(performance.now() - began < SOON_MS);
      assert.match(stdout, new RegExp(`seen +${short} is paused`));
      assert.match(stdout, new RegExp(`\`docker unpause ${short}\``));
      assert.equal((await lab.pglab('run', step, '--yes')).code, 0, 'the same verb mends it');
    });
  }

  test('a reset removes it', async () => {
    assert.equal((await lab.pglab('run', 'detached-run', '--yes')).code, 0);
    await lab.docker('pause', await containerOf(lab, RUN, 'quiet'));
    const { code, stdout } = await lab.pglab('reset', '--yes');
    assert.equal(code, 0, stdout);
  });
});
