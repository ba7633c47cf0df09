/**
 * Replay holds: the journal of a real run, read back through the renderer, the watch view and the reports,
 * gives byte for byte what that run left on the screen, and every report; changing any event of it does not.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { JournalLine } from '../../src/journal/events.ts';
import { readJournal } from '../../src/journal/read.ts';
import { drawn } from '../drawn.ts';
import { changesUnseen, masked, openStage, type Replayed, replayed, type Stage } from '../replay.ts';
import { CLI, type Ended, ended, openLab, type TestLab } from './lab.ts';
import { Learner } from './learner.ts';
import { openTerminal } from './pty.ts';

const PORT = 6570;
const PIPE = { columns: 80, colour: false };
const HOOK = join(import.meta.dirname, 'kill-at.mjs');

describe('a journal read back', () => {
  let lab: TestLab;
  let stage: Stage;
  let hands: Learner;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: String(PORT) });
    stage = await openStage();
    hands = new Learner(lab);
  });
  after(async () => {
    await hands.remove();
    await lab.pglab('reset', '--all-runs', '--yes');
    await lab.end();
  });

  const read = (run: string) => readJournal(join(lab.home, 'runs', run, 'journal.jsonl')).events;
  /** What a process told, and what the journal held before it. */
  const during = async (run: string, act: () => Promise<Ended>) => {
    const earlier = read(run);
    const told = await act();
    return { told, before: earlier, lines: read(run).slice(earlier.length) };
  };
  const pglab = (run: string, ...args: string[]) =>
    during(run, () => lab.pglab(...args, '--yes', '--lang', 'en', '--run', run));

  /** Each change of each line makes another screen or another report, where the line shows anything. */
  const isProof = (
    lines: readonly JournalLine[],
    earlier: readonly JournalLine[],
    real: (of: Replayed) => boolean,
  ) =>
    assert.deepEqual(
      changesUnseen(lines, (some) => real(replayed(stage, some, PIPE, earlier))),
      [],
    );

  test('a whole walk: the screen, and no event of it may be changed', async () => {
    const { told, before: earlier, lines } = await pglab('whole', 'run', '--all');
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const { screen } = replayed(stage, lines, PIPE, earlier);
    assert.equal(screen, told.stdout);
    const seen = lines.filter(({ type }) => type === 'seen').map((line) => JSON.stringify(line).length);
    assert.equal(seen.length, stage.lab.steps.length);
    assert.ok(Math.max(...seen) < 4096, `a picture of the world stays small: ${seen}`);
    const { json } = replayed(stage, lines, PIPE, earlier);
    isProof(lines, earlier, (of) => of.screen === told.stdout && of.json === json);
  });

  test('what was there before, what was made, and how far each try got', () => {
    const lines = read('whole');
    const pins = lines.filter((line) => line.type === 'engine-pinned');
    const there = pins[0]?.there;
    assert.ok(there && there.networks.length >= 3, 'in the first line about an engine');
    const made = lines.filter((line) => line.type === 'made');
    assert.ok(made.every(({ id }) => !there.containers.includes(id) && !there.volumes.includes(id)));
    const mapped = made.find(({ name }) => name === 'mapped');
    assert.ok(mapped);
    assert.equal(mapped.image, 'postgres:17');
    assert.deepEqual(mapped.networks, ['bridge']);
    assert.deepEqual(
      [...new Set(mapped.ports.map(({ container, host }) => `${container} ${host}`))],
      [`5432 ${PORT}`],
    );
    assert.deepEqual(
      mapped.mounts.map(({ type, target }) => `${type} ${target}`),
      ['volume /var/lib/postgresql/data'],
    );
    const seen = lines.find((line) => line.type === 'seen' && line.step === 'three-connections');
    assert.ok(seen?.type === 'seen');
    assert.deepEqual(seen.tries, [
      { check: 'refused', way: 'port', reached: 'machine' },
      { check: 'no-socket', way: 'socket', reached: 'nothing' },
      { check: 'connected', way: 'port', reached: 'answer' },
    ]);
    const door = seen.containers.find(({ world }) => world === 'mapped');
    assert.deepEqual([door?.state, door?.ports[0]?.listener], ['running', 'docker-proxy']);
    assert.deepEqual(
      seen.sockets.filter(({ path }) => path.endsWith(`.${PORT}`)).map((each) => each.there),
      [false],
    );
  });

  /** How the reset of a whole run ended, from the journal that it left. */
  const howItEnded = (run: string) => {
    const folder = join(lab.home, 'runs', run);
    const [file = ''] = readdirSync(folder).filter((name) => name.includes('.archived.'));
    const last = readJournal(join(folder, file)).events.at(-1);
    assert.ok(last?.type === 'reset-ended');
    return last;
  };

  for (const format of drawn(['json', 'junit', 'tap'] as const, String)) {
    test(`a look at all steps, and some that are run: the ${format} report`, async () => {
      for (const verb of [
        ['check', '--all'],
        ['run', 'detached-run', 'port-mapping'],
      ]) {
        const { told, before: earlier, lines } = await pglab('whole', ...verb, '--format', format);
        assert.equal(told.code, 0, told.stdout + told.stderr);
        assert.equal(`${replayed(stage, lines, PIPE, earlier)[format]}\n`, told.stdout);
      }
    });
  }

  test('a look at all steps, some of them not met: the screen, and no event of it may be changed', async () => {
    assert.equal((await lab.pglab('reset', 'port-mapping', '--yes', '--run', 'whole')).code, 0);
    const { told, before: earlier, lines } = await pglab('whole', 'check', '--all');
    assert.equal(told.code, 1);
    assert.equal(replayed(stage, lines, PIPE, earlier).screen, told.stdout);
    const { json } = replayed(stage, lines, PIPE, earlier);
    isProof(lines, earlier, (of) => of.screen === told.stdout && of.json === json);
    assert.equal((await lab.pglab('reset', '--yes', '--run', 'whole')).code, 0);
    const { removed, left, kept, leftOut } = howItEnded('whole');
    assert.ok(removed > 10, `${removed} removed`);
    assert.deepEqual([left, leftOut], [[], []]);
    // Somebody's own that the look has taken for a name stays.
    const taken = lines.flatMap((line) => (line.type === 'adopted' ? [line.id] : []));
    assert.deepEqual(kept.map(({ id }) => id).sort(), taken.sort());
  });

  test('trouble on the way: what was drawn until then, and the report', async () => {
    const args = [
      'run',
      'image',
      'exec-psql',
      '--image',
      'no-such-image-here:1',
      '--mirror',
      '127.0.0.1:1/no',
    ];
    const { told, before: earlier, lines } = await pglab('troubled', ...args, '--format', 'json');
    assert.equal(told.code, 2, told.stdout);
    assert.equal(`${replayed(stage, lines, PIPE, earlier).json}\n`, told.stdout);
  });

  test('killed, and gone on with: what each process left on the screen', async () => {
    const KILLED = 255;
    const run = 'killed';
    const env = { ...lab.env, KILLED_AT: join(lab.home, 'killed-at'), KILL_BY: 'type step index' };
    const only = { ...env, KILL_ONLY: 'command-ended port-mapping 0' };
    const args = ['run', 'image', 'port-mapping', '--yes', '--lang', 'en', '--run', run];
    const first = await during(run, () => ended(process.execPath, ['--import', HOOK, CLI, ...args], only));
    assert.equal(first.told.code, KILLED);
    // It was killed right after its last line was written, and before that was drawn.
    assert.equal(replayed(stage, first.lines.slice(0, -1), PIPE, first.before).screen, first.told.stdout);
    const second = await pglab(run, 'run', 'port-mapping');
    assert.equal(second.told.code, 0, second.told.stdout);
    assert.ok(second.lines.some(({ type }) => type === 'step-resumed'));
    const { screen, json } = replayed(stage, second.lines, PIPE, second.before);
    assert.equal(screen, second.told.stdout);
    isProof(second.lines, second.before, (of) => of.screen === second.told.stdout && of.json === json);
    assert.equal((await lab.pglab('reset', '--yes', '--run', run)).code, 0);
  });

  test('a whole walk by hand: each step of it', async () => {
    const run = 'hands';
    await hands.walk(stage.lab, run, async (step, act) => {
      const { told, before: earlier, lines } = await during(run, act);
      assert.equal(told.code, 0, `${step}: ${told.stdout}${told.stderr}`);
      const real = replayed(stage, lines, PIPE, earlier);
      assert.equal(real.screen, told.stdout, step);
      isProof(lines, earlier, (of) => of.screen === told.stdout && of.json === real.json);
    });
    assert.equal((await lab.pglab('reset', '--yes', '--run', run)).code, 0);
    const { removed, kept } = howItEnded(run);
    for (const name of ['quiet', 'mapped', 'keeper'])
      assert.ok(
        kept.some((each) => each.name === name),
        JSON.stringify(kept),
      );
    assert.equal(removed, 1, 'the folder of its files');
  });

  test('by hand at a terminal: what is asked for with a key stays, in colour', async () => {
    const run = 'keys';
    assert.equal((await lab.pglab('run', 'image', 'foreground-run', '--yes', '--run', run)).code, 0);
    const args = ['next', '--by-hand', '--lang', 'en', '--run', run];
    const asked = openTerminal(lab, args);
    await asked.sees(/Enter answers/);
    asked.types('\r');
    await asked.sees(/0 of 4 · h hint/);
    asked.types('q');
    await asked.ends();
    const {
      told,
      before: earlier,
      lines,
    } = await during(run, async () => {
      const session = openTerminal(lab, args);
      await session.sees(/0 of 4 · h hint/);
      session.types('h');
      await session.sees(/Hint 1 of 3/);
      session.types('s');
      await session.sees(/\$ docker run -d -e POSTGRES_PASSWORD/);
      session.types('q');
      return { code: await session.ends(), stdout: session.text(), stderr: '' };
    });
    assert.equal(told.code, 1);
    assert.ok(['hinted', 'shown'].every((type) => lines.some((line) => line.type === type)));
    const stays = whatStays(told.stdout);
    const { screen } = replayed(stage, lines, { columns: 100, colour: true }, earlier);
    assert.equal(masked(screen), masked(stays));
    assert.equal((await lab.pglab('reset', '--yes', '--run', run)).code, 0);
  });
});

/** A line that the next one replaces is cleared by a return and `K`, a block by as many lines up and `J`. */
function whatStays(printed: string): string {
  const kept: string[] = [''];
  for (const part of printed.replaceAll('\r\n', '\n').split(/(\n|(?:\u001b\[\d+A)?\r\u001b\[[KJ])/)) {
    const up = /^(?:\u001b\[(\d+)A)?\r\u001b\[[KJ]$/.exec(part);
    if (up) kept.splice(-1 - Number(up[1] ?? 0), Infinity, '');
    else if (part === '\n') kept.push('');
    else kept.push(`${kept.pop()}${part}`);
  }
  return kept.join('\n');
}
