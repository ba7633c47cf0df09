/** A room of seats on one engine at once, thirty of them where nothing is drawn: each meets its own server, and a reset of one leaves the rest. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { seedOfDraw } from '../drawn.ts';
import { ANOTHER_HOME, type Canaries, canaries } from './canaries.ts';
import { labelled, openLab, type TestLab } from './lab.ts';
import { openRelay } from './relay.ts';

/** Each is two servers: thirty of them keep two slow cores busy for four minutes. */
const SEATS = seedOfDraw() === '' ? 30 : 12;
/** One name may begin with another: seat-1, seat-10. */
const seat = (at: number) => `seat-${at + 1}`;

describe(`${SEATS} runs at once`, () => {
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
  afterEach(() => birds.areWell());

  test('all are met, on ports of their own, by servers of their own', async () => {
    const seats = Array.from({ length: SEATS }, (_, at) => seat(at));
    const results = await Promise.all(
      seats.map((run) => lab.json('run', 'port-mapping', '--yes', '--run', run)),
    );
    const unmet = results.filter(({ code }) => code !== 0);
    assert.deepEqual(
      unmet.map(({ run, trouble, steps }) => [run, trouble, steps.map(({ checks }) => checks)]),
      [],
    );
    const told = (id: string, pattern: RegExp) =>
      results.map(({ steps }) => {
        const check = steps[0]?.checks.find((each) => each.id === id);
        return pattern.exec(check?.observed ?? '')?.[1] ?? '';
      });
    for (const values of [
      told('answers', /through (\d+)/),
      told('answers', /that of this container: (\d+)/),
    ]) {
      assert.equal(new Set(values).size, SEATS, values.join(' '));
      assert.ok(values.every(Boolean));
    }
    const { list } = await lab.json('list', '--all-runs');
    const rows = list as { run: string; home?: string; finished?: number; next?: string }[];
    assert.deepEqual(
      rows.filter(({ home }) => home === undefined).map(({ run, finished, next }) => [run, finished, next]),
      [...seats].sort().map((run) => [run, 1, 'image']),
    );
    assert.ok(rows.some(({ home }) => home === ANOTHER_HOME));
  });

  test('a reset of one seat leaves the others as they are', async () => {
    /** Containers with how they run and since when; volumes by their names. */
    const statesOf = async (ids: string[]) => {
      const found = JSON.parse(await lab.docker('inspect', ...ids)) as { Name: string; State?: object }[];
      return found.map(({ Name, State }) => [Name, State ?? null]);
    };
    const own = await labelled(lab, seat(0));
    const before = await statesOf((await labelled(lab)).filter((id) => !own.includes(id)));
    assert.equal((await lab.pglab('reset', '--yes', '--run', seat(0))).code, 0);
    assert.deepEqual(await labelled(lab, seat(0)), []);
    assert.deepEqual(await statesOf(await labelled(lab)), before);
    assert.equal((await lab.json('check', 'port-mapping', '--run', seat(1))).code, 0);
  });

  test('one command resets every seat, and proves that it is clean', async () => {
    const { code, stdout } = await lab.pglab('reset', '--all-runs', '--yes');
    assert.equal(code, 0, stdout);
    assert.match(stdout, new RegExp(`Another home has things here, too: ${ANOTHER_HOME}`));
    for (let at = 0; at < SEATS; at += 1) {
      const files = readdirSync(join(lab.home, 'runs', seat(at)));
      assert.ok(files.some((file) => file.endsWith('.archived.jsonl')) && !files.includes('journal.jsonl'));
    }
    assert.deepEqual(await labelled(lab), []);
  });

  test('a run that is begun while all are reset keeps what it made', async () => {
    const relay = await openRelay(join(lab.home, 'relay.sock'), (process.env.DOCKER_HOST ?? '').slice(7));
    // It has taken hold of the runs there are, and asks the engine what they made.
    const { isThere, letGo } = relay.holdUp('/containers/json');
    const reset = lab.pglab('reset', '--all-runs', '--yes', '--host', `unix://${relay.path}`);
    const first = await Promise.race([isThere.then(() => 'held up'), reset.then(() => 'ended')]);
    assert.equal(first, 'held up');
    const begun = await lab.json('run', 'detached-run', '--yes', '--run', 'latecomer');
    assert.equal(begun.code, 0);
    const made = await labelled(lab, 'latecomer');
    letGo();
    assert.equal((await reset).code, 0);
    relay.close();
    assert.ok(made.length > 0);
    assert.deepEqual(await labelled(lab, 'latecomer'), made);
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'latecomer')).code, 0);
  });
});
