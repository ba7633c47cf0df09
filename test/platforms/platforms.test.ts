/**
 * The same on every Node that is supported: `npm run platforms`. With PGLAB_NODES=newest, as in `npm test`, only
 * the newest beside the one that is there, one file of unit tests in sixteen, and neither the content tests nor those in a terminal; with PGLAB_NODES='22 24' only these.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { drawn } from '../drawn.ts';
import { openLab, type TestLab } from '../e2e/lab.ts';
import { nodeOf } from './node-binaries.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODES = ['20.19.0', '22.12.0', '22', '24', '26'];
/** Read no farther than the sentence that says that they are too old. */
const TOO_OLD = ['16', '18', '20.9.0', '21', '22.0.0', '22.1.0'];

/** A Node on which something never ends is told as that, and does not hold all the tests. */
const WITHIN = { encoding: 'utf8', timeout: 40 * 60_000, killSignal: 'SIGKILL' } as const;

/** Files of the unit tests, as one names them who wants no others. */
const UNIT = readdirSync(join(ROOT, 'test/unit')).filter((file) => file.endsWith('.test.ts'));

const onlyNewest = process.env.PGLAB_NODES === 'newest';

const named = (process.env.PGLAB_NODES ?? '').split(' ').filter((each) => NODES.includes(each));
const chosen = onlyNewest ? NODES.slice(-1) : named.length > 0 ? named : NODES;

for (const version of chosen) {
  describe(`Node ${version}`, () => {
    let node = '';
    let lab: TestLab;
    before(() => {
      node = nodeOf(version);
      // A warning of Node's is a failure.
      lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6900', NODE_OPTIONS: '--throw-deprecation' });
    });
    after(() => lab.end());

    /** Tests of the checkout, by this Node. */
    function suite(name: string, only?: string): void {
      const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` };
      delete env.NODE_TEST_CONTEXT;
      delete env.PGLAB_TEST_ONLY;
      if (only) env.PGLAB_TEST_ONLY = only;
      const args = ['--enable-source-maps', 'tools/tests.mjs', name];
      const { status, stdout, stderr } = spawnSync(node, args, { cwd: ROOT, env, ...WITHIN });
      assert.equal(status, 0, `${stdout}\n${stderr}`);
      assert.match(stdout, /^[1-9]\d* passed, 0 failed$/m);
    }

    test('unit tests', () => suite('unit', onlyNewest ? drawn(UNIT, String).join() : undefined));
    if (!onlyNewest) test('content tests', () => suite('content'));
    if (!onlyNewest) test('the interactive run', () => suite('e2e', 'terminal'));

    test('the whole walk', () => {
      const args = [join(ROOT, 'dist/pglab.js'), 'run', '--all', '--yes', '--format', 'json'];
      const { status, stdout, stderr } = spawnSync(node, args, { env: lab.env, ...WITHIN });
      assert.equal(status, 0, `${stdout}\n${stderr}`);
      const { steps } = JSON.parse(stdout) as { steps: { outcome: string }[] };
      assert.deepEqual(
        steps.map(({ outcome }) => outcome),
        Array(12).fill('met'),
      );
    });
  });
}

for (const version of onlyNewest ? [] : TOO_OLD) {
  test(`Node ${version} is told that it is too old`, () => {
    const args = [join(ROOT, 'dist/pglab.js'), 'list'];
    const { status, stdout, stderr } = spawnSync(nodeOf(version), args, WITHIN);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^pglab .*Node 20\.19.*22\.12.*\n$/);
  });
}
