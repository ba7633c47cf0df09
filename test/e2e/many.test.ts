/** Thirty seats on one engine at once: each meets its own server, and a reset of one leaves the rest. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Canaries, canaries } from './canaries.ts';
import { homeIdOf, labelled, openLab, type TestLab } from './lab.ts';

const SEATS = 30;
const seat = (at: number) => `seat-${String(at + 1).padStart(2, '0')}`;

describe('thirty runs at once', () => {
  let lab: TestLab;
  let birds: Canaries;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6400' });
    await lab.pglab('list', '--all-runs');
    // All runs of this home are meant in the end, so none of the birds has its label.
    birds = await canaries(lab, seat(0), 'somebody-else');
  });
  after(async () => {
    await birds.remove();
    await lab.end();
  });

  test('all are met, on ports of their own, by servers of their own', async () => {
    const seats = Array.from({ length: SEATS }, (_, at) => seat(at));
    const results = await Promise.all(
      seats.map((run) => lab.json('run', 'detached-run', 'port-mapping', '--yes', '--run', run)),
    );
    const unmet = results.filter(({ code }) => code !== 0);
    assert.deepEqual(
      unmet.map(({ run, trouble, steps }) => [run, trouble, steps.map(({ checks }) => checks)]),
      [],
    );
    const told = (id: string, pattern: RegExp) =>
      results.map(({ steps }) => {
        const check = steps[1]?.checks.find((each) => each.id === id);
        return pattern.exec(check?.observed ?? '')?.[1] ?? '';
      });
    for (const values of [told('answers', /through (\d+)/), told('answers', /system id (\d+)/)]) {
      assert.equal(new Set(values).size, SEATS, values.join(' '));
      assert.ok(values.every(Boolean));
    }
    const { list } = await lab.json('list', '--all-runs');
    assert.equal((list as { home?: string }[]).filter(({ home }) => home === undefined).length, SEATS);
  });

  test('a reset of one seat leaves the others as they are', async () => {
    const containers = (run: string) =>
      lab.docker(
        'ps',
        '-aq',
        '--no-trunc',
        '--filter',
        `label=pglab.run=${run}`,
        '--filter',
        `label=pglab.home=${homeIdOf(lab)}`,
      );
    const other = await containers(seat(1));
    assert.equal((await lab.pglab('reset', '--yes', '--run', seat(0))).code, 0);
    assert.equal(await containers(seat(0)), '');
    assert.equal(await containers(seat(1)), other);
    assert.equal((await lab.json('check', 'port-mapping', '--run', seat(1))).code, 0);
    await birds.areWell();
  });

  test('one command resets every seat, and proves that it is clean', async () => {
    const { code, stdout } = await lab.pglab('reset', '--all-runs', '--yes');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Another home has things here, too: another/);
    assert.deepEqual(await labelled(lab), []);
    await birds.areWell();
  });
});
