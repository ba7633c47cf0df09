/**
 * Slips of a learner who works by hand, each in a real pseudo-terminal: what the screen must say, and the way out that
 * is then taken. Commands are cut from the screen; ports and names are drawn anew each time.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { drawn } from '../drawn.ts';
import { openLab, type TestLab } from './lab.ts';
import { Novice } from './novice.ts';
import { OF_DATA } from './slips/of-data.ts';
import { OF_PORTS } from './slips/of-ports.ts';
import { OF_THE_BACKGROUND, OF_THE_FIRST } from './slips/of-start.ts';
import { IMAGE, LANGUAGE, PORT, RUN, type Slip, WORD } from './slips/slip.ts';

/** `PGLAB_SLIP=swapped` tries only those that fit; it is a regular expression. */
const ONLY = new RegExp(process.env.PGLAB_SLIP ?? '');
const nameOf = ({ step, slip }: Slip) => `${step} ${slip}`;
const ALL = [...OF_THE_FIRST, ...OF_THE_BACKGROUND, ...OF_PORTS, ...OF_DATA];
const SLIPS = drawn(ALL, nameOf).filter((each) => ONLY.test(nameOf(each)));

describe('a slip by hand', () => {
  const content = new Content(LANGUAGE, '');
  let lab: TestLab;
  let novice: Novice;
  /** Volumes that no container has. */
  const volumesLeft = async () =>
    (await lab.docker('volume', 'ls', '-q', '--filter', 'dangling=true')).split('\n').filter(Boolean);
  let volumes: string[] = [];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_PORT: String(PORT) });
    volumes = await volumesLeft();
  });
  after(async () => {
    await lab.pglab('reset', '--adopted', '--all-runs', '--yes');
    await lab.end();
  });
  afterEach(async () => {
    await novice.leaves();
    await tidies();
  });

  /** What a slip made by hand is gone before the next one: a port or a name of it would be in the way there. */
  const tidies = async () => {
    const listed = await lab.docker('ps', '-a', '--format', '{{.ID}} {{.Label "pglab.run"}}');
    const theirs = listed.split('\n').flatMap((line) => /^(\S+) ?$/.exec(line)?.[1] ?? []);
    if (theirs.length > 0) await lab.docker('rm', '-f', '-v', ...theirs);
    const left = (await volumesLeft()).filter((name) => !volumes.includes(name));
    if (left.length > 0) await lab.docker('volume', 'rm', ...left);
  };

  /** What comes before it is left out, and what was done of it is taken back. */
  const reach = async (step: string, after: readonly string[] = []) => {
    if (after.length > 0) await lab.pglab('run', ...after, '--yes', '--run', RUN);
    const { list } = (await lab.json('list', '--run', RUN)) as unknown as {
      list: { id: string; outcome: string | null }[];
    };
    const at = list.findIndex(({ id }) => id === step);
    for (const { id, outcome } of list.slice(0, at))
      if (outcome !== 'met' && outcome !== 'skipped') await lab.pglab('skip', id, '--run', RUN);
    await lab.pglab('reset', step, '--adopted', '--yes', '--run', RUN);
  };

  for (const { slip, step, after: runs, does, says, never = [], out } of SLIPS)
    test(`${step}: ${slip}`, async () => {
      novice = new Novice(lab, content);
      await reach(step, runs);
      await novice.begins(['--by-hand', '--run', RUN]);
      await novice.opensWindow(WORD);
      for (const act of does) await act(novice);
      for (const [file, key] of says) await novice.reads(file, key, file === 'findings' ? 'seen' : undefined);
      for (const act of out) await act(novice);
      await novice.isDone();
      for (const [file, key] of never)
        assert.ok(!novice.hasRead(file, key), `${key} in:\n${novice.screen()}`);
    });
});
