/** The walk on Docker as Debian 13 has it; on that of sid, as new as it comes, by `npm run platforms` alone. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Result } from '../../src/report/result.ts';
import { readResult } from '../e2e/lab.ts';
import { type DebianEngine, openDebianEngine } from './debian-engine.ts';

const isShort = process.env.PGLAB_NODES === 'newest';
/** Of sid: the containerd store, and no client older than Docker 25's, as Docker 29 has it. */
const ENGINES = [
  { suite: 'trixie', version: /^26\.1\./, options: [], env: {} },
  {
    suite: 'sid',
    version: /^2[89]\./,
    options: ['--feature', 'containerd-snapshotter=true', '--userland-proxy=false'],
    env: { DOCKER_MIN_API_VERSION: '1.44' },
  },
];

for (const { suite, version, options, env } of isShort ? ENGINES.slice(0, 1) : ENGINES) {
  describe(`Docker of Debian ${suite}`, () => {
    let engine: DebianEngine;

    async function json(...args: string[]): Promise<Result & Record<string, unknown>> {
      return readResult(await engine.pglab(...args, '--format', 'json'));
    }

    before(async () => {
      engine = await openDebianEngine({ suite, options, env });
      for (const major of [15, 17]) {
        const file = join(process.env.PGLAB_IMAGES as string, `postgres-${major}.tar`);
        const { load, trouble } = await json('image', 'load', file, '--image', `postgres:${major}`);
        const { names = [] } = (load ?? {}) as { names?: string[] };
        assert.ok(names.includes(`postgres:${major}`), `${names}: ${trouble?.message}`);
      }
    });
    after(() => engine?.end());

    test('all twelve steps are met, and found met again', async () => {
      const walked = await json('run', '--all', '--yes');
      assert.match(walked.engine?.version ?? '', version);
      assert.deepEqual(
        walked.steps.map(({ id, outcome }) => [id, outcome]),
        walked.steps.map(({ id }) => [id, 'met']),
        JSON.stringify(walked.trouble ?? walked.steps.filter(({ outcome }) => outcome !== 'met')),
      );
      assert.equal(walked.steps.length, 12);
      const checked = await json('check', '--all');
      assert.equal(checked.outcome, 'met', JSON.stringify(checked.steps));
    });

    test('a reset leaves nothing', async () => {
      const { code, stderr } = await engine.pglab('reset', '--yes');
      assert.equal(code, 0, stderr);
      assert.equal(await engine.docker('ps', '-aq'), '');
      assert.equal(await engine.docker('volume', 'ls', '-q'), '');
    });
  });
}
