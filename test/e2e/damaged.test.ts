/**
 * The journal of a real run, damaged on the disk, through the command line: whatever it holds, no verb
 * ends in a stack, nothing counts as met that is not, and the run can be gone on with and reset.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { drawn } from '../drawn.ts';
import { type Canaries, canaries } from './canaries.ts';
import { homeIdOf, labelled, openLab, readResult, type TestLab } from './lab.ts';

const RUN = 'damaged';
const MET = ['image', 'detached-run', 'port-mapping'];
const FORGED =
  '{"v":1,"seq":7777777,"at":"x","participant":"x","type":"step-ended","step":"disposable","outcome":"met","reason":null,"durationMs":1,"values":{}}';

type Damage = (whole: Buffer) => Buffer;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(7)), {
      minLength: 1,
      maxLength: 30,
    })
    .map((flips) => (whole: Buffer) => {
      const bytes = Buffer.from(whole);
      for (const [where, bit] of flips) {
        const at = Math.floor(where * bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
      }
      return bytes;
    }),
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((where) => (whole: Buffer) => whole.subarray(0, Math.floor(where * whole.length))),
  fc.infiniteStream(fc.nat()).map((random) => (whole: Buffer) => {
    const lines = whole.toString().split('\n');
    const keyed = lines.map((line) => ({ line, key: random.next().value as number }));
    return Buffer.from(
      keyed
        .sort((a, b) => a.key - b.key)
        .map(({ line }) => line)
        .join('\n'),
    );
  }),
  fc
    .array(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant(FORGED)), { minLength: 1 })
    .map((hostile) => (whole: Buffer) => {
      const lines = whole.toString().split('\n');
      lines.splice(Math.ceil(lines.length / 2), 0, ...hostile);
      return Buffer.from(lines.join('\n'));
    }),
);

describe('a damaged journal', () => {
  let lab: TestLab;
  let birds: Canaries;
  let whole: Buffer;
  const file = () => join(lab.home, 'runs', RUN, 'journal.jsonl');
  const run = (...args: string[]) => lab.pglab(...args, '--run', RUN);
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6550', PGLAB_RUN: RUN });
    assert.equal((await run('run', ...MET, '--yes')).code, 0);
    whole = readFileSync(file());
    birds = await canaries(lab, RUN, homeIdOf(lab));
  });
  after(async () => {
    await birds.remove();
    await lab.end();
  });
  afterEach(() => birds.areWell());

  test('reset goes by the labels: what no line tells of goes as well', async () => {
    for (const spoil of [
      () => Buffer.alloc(0),
      (all: Buffer) => Buffer.from(all.map((byte) => byte ^ 0x55)),
    ]) {
      assert.equal((await run('run', 'detached-run', '--yes')).code, 0);
      writeFileSync(file(), spoil(readFileSync(file())));
      assert.equal((await run('reset', '--yes')).code, 0);
      assert.deepEqual(await labelled(lab, RUN), []);
    }
    assert.match((await run('reset', '--yes')).stdout, /Nothing to reset/);
    assert.equal((await run('run', ...MET, '--yes')).code, 0);
    whole = readFileSync(file());
  });

  test('no verb that looks ends in a stack, and nothing is met by damage', async () => {
    // A wrong world: whatever the journal says, its port leads nowhere.
    const mapped = ['--filter', `label=pglab.run=${RUN}`, '--filter', 'label=pglab.name=mapped'];
    await lab.docker('stop', await lab.docker('ps', '-q', ...mapped));
    await fc.assert(
      fc.asyncProperty(damage, async (damaged) => {
        for (const verb of [[], ['list'], ['hint'], ['check', 'port-mapping']]) {
          writeFileSync(file(), damaged(whole));
          const { code, stdout, stderr } = await run(...verb, '--format', 'json');
          assert.ok([0, 1, 2].includes(code), `${verb}: exit ${code}: ${stderr}`);
          assert.doesNotMatch(stderr, /\.js:\d+/);
          const told = readResult({ code, stdout, stderr });
          if (verb[0] === 'check') assert.notEqual(told.outcome, 'met');
          for (const { id, outcome } of (told.list ?? []) as { id: string; outcome: string }[]) {
            assert.ok(outcome !== 'met' || MET.includes(id), `${id} is met by damage`);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  const damages = Object.entries<Damage>({
    'its middle is gone': (all) =>
      Buffer.concat([all.subarray(0, all.length / 3), all.subarray((2 * all.length) / 3)]),
    'all of it is noise': (all) => Buffer.from(all.map((byte) => byte ^ 0x55)),
    'it is empty': () => Buffer.alloc(0),
    'a forged line says that all is done': (all) => Buffer.concat([all, Buffer.from(`${FORGED}\n`)]),
  });
  for (const [what, spoil] of drawn(damages, ([name]) => name)) {
    test(`${what}: it is said, next goes on, and a reset leaves nothing`, async () => {
      writeFileSync(file(), spoil(whole));
      const next = await run('run', 'port-mapping', '--yes');
      assert.equal(next.code, 0, next.stdout + next.stderr);
      if (what !== 'it is empty') assert.match(next.stdout, /cannot be read/);
      assert.equal((await run('reset', '--yes')).code, 0);
      assert.deepEqual(await labelled(lab, RUN), []);
    });
  }
});
