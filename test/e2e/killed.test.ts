/**
 * Killed with SIGKILL right after each event of a whole walk, and resumed each time: nothing is lost,
 * nothing is left without a label, and a reset of the step leaves nothing of it.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { JournalLine } from '../../src/runner/events.ts';
import { CLI, ended, labelled, openLab, type TestLab } from './lab.ts';

const RUN = 'killed';
const HOOK = join(import.meta.dirname, 'kill-at.mjs');
const KILLED = 255;
/** Events that each process begins with, killed at once and for all. */
const PREAMBLE = 3;
/** More than this many processes would mean that it does not get on. */
const TRIES = 600;

describe('killed at every boundary', () => {
  let lab: TestLab;
  let bare: string[];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6560' });
    bare = await everything();
  });
  after(() => lab.end());

  const journalFile = () => join(lab.home, 'runs', RUN, 'journal.jsonl');
  const journal = (): JournalLine[] =>
    existsSync(journalFile())
      ? readFileSync(journalFile(), 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];

  /** Every container and volume on the engine, with the home's label or without. */
  async function everything(): Promise<string[]> {
    const lists = await Promise.all([
      lab.docker('ps', '-aq', '--no-trunc'),
      lab.docker('volume', 'ls', '-q'),
      lab.docker('network', 'ls', '-q', '--no-trunc'),
    ]);
    return lists.flatMap((list) => list.split('\n').filter(Boolean));
  }

  /** What an event is, so that the same one after a resume is known again. */
  const nameOf = (event: JournalLine): string =>
    [
      event.type,
      'step' in event ? event.step : '',
      'index' in event ? event.index : '',
      'check' in event ? (typeof event.check === 'string' ? event.check : event.check.id) : '',
      'name' in event ? event.name : '',
    ].join(' ');

  test('each resume goes on or repairs, and the walk comes to its end', async () => {
    const seen = new Set<string>();
    let depth = 1;
    for (let tries = 0; ; tries += 1) {
      assert.ok(tries < TRIES, `no end after ${TRIES} kills; the last event: ${journal().at(-1)?.type}`);
      const from = journal().length;
      const env = { ...lab.env, KILL_AT: String(depth) };
      const args = ['--import', HOOK, CLI, 'run', '--all', '--yes', '--run', RUN];
      const { code, stdout, stderr } = await ended(process.execPath, args, env);
      const events = journal();
      assert.ok(events.length >= from + (code === KILLED ? depth : 0), 'what was flushed is there');
      if (code !== KILLED) {
        assert.equal(code, 0, `${stdout}\n${stderr}`);
        break;
      }
      const last = events.at(-1) as JournalLine;
      const name = nameOf(last);
      // The same boundary again: the next process must come one event further.
      if (seen.has(name)) depth += 1;
      else depth = Math.max(PREAMBLE, depth - 1);
      seen.add(name);
    }
    const missed = [...new Set(journal().map(nameOf))].filter((name) => !seen.has(name));
    console.log(`killed at ${seen.size} boundaries; never killed at: ${missed.join(', ') || 'none'}`);
    assert.ok(seen.size > 100, `${seen.size} boundaries`);
    const { code, steps } = await lab.json('check', '--all', '--run', RUN);
    const unmet = steps.flatMap(({ id, checks }) =>
      checks.filter(({ outcome }) => outcome !== 'met').map((check) => `${id} ${check.id} ${check.finding}`),
    );
    assert.deepEqual([code, unmet], [0, []]);
  });

  test('a reset that is killed in the middle goes on where it was', async () => {
    const env = { ...lab.env, KILL_AT: '3' };
    const before = (await labelled(lab)).length;
    const { code } = await ended(
      process.execPath,
      ['--import', HOOK, CLI, 'reset', '--yes', '--run', RUN],
      env,
    );
    assert.equal(code, KILLED);
    const left = (await labelled(lab)).length;
    assert.ok(0 < left && left < before, `${before} before, ${left} after the kill`);
  });

  test('a reset leaves nothing labelled, and nothing of it went without a label', async () => {
    assert.equal((await lab.pglab('reset', '--yes', '--run', RUN)).code, 0);
    assert.deepEqual(await labelled(lab), []);
    assert.deepEqual(await everything(), bare);
  });
});
