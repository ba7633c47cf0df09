/** `pglab map --watch` beside a run in another window: what is on the screen is how things stand now. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { WorldMap } from '../../src/map/map-schema.ts';
import { Eyes } from './eyes.ts';
import { containerOf, openLab, type TestLab } from './lab.ts';
import { openTerminal, type Session } from './pty.ts';

const CURRENT = 'current-run.postgres-in-docker';
/** Of pglab's own connection to the server of step 6, as the map tells it. */
const IN = /pglab:in/;

describe('a map that is watched', () => {
  let lab: TestLab;
  let session: Session;
  let eyes: Eyes;
  before(() => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6830' });
    session = openTerminal(lab, ['map', '--watch']);
    eyes = new Eyes(session, 100);
  });
  after(async () => {
    session.kill();
    await lab.pglab('reset', '--all-runs', '--yes');
    await lab.end();
  });
  const mapped = () => containerOf(lab, readFileSync(join(lab.home, CURRENT), 'utf8').trim(), 'mapped');

  test('begun before there is a run, shows that run’s things and tries as they come', async () => {
    await eyes.sees(/Yourworld,now/);
    assert.doesNotMatch(session.text(), /●.*of step/);
    const { code, stderr } = await lab.pglab('run', 'port-mapping', 'three-connections', '--yes');
    assert.equal(code, 0, stderr);
    await eyes.sees(new RegExp(`●[^○◆]*${(await mapped()).slice(0, 12)}`));
    await eyes.sees(IN);
    await eyes.sees(/pglab:nofile/);
  });

  test('what was tried before its server was started anew is past', async () => {
    await lab.docker('restart', await mapped());
    await eyes.sees(/^(?!.*pglab:in).*■[^│]*5432·ready/s);
    await eyes.sees(/pglab:nofile/);
    const { code, stdout } = await lab.pglab('check', 'port-mapping');
    assert.equal(code, 0, stdout);
    await eyes.sees(IN);
    session.types('\u0003');
    assert.equal(await session.ends(), 130);
  });

  test('of two that one name is meant for, the one that is judged has it', async () => {
    const IDLES = ['-d', '-e', 'POSTGRES_PASSWORD=theirs', 'postgres:17'];
    const run = ['--run', 'two-by-one-name'];
    const names = async () => {
      const { map } = (await lab.json('map', ...run)) as unknown as { map: WorldMap };
      return map.nodes.flatMap((node) =>
        node.kind === 'container' && node.owned !== 'other' ? [`${node.owned} ${node.world}`] : [],
      );
    };
    assert.equal((await lab.pglab('show', 'detached-run', ...run)).code, 0);
    const theirs = await lab.docker('run', ...IDLES);
    try {
      await lab.pglab('check', 'detached-run', ...run);
      assert.deepEqual(await names(), ['learner quiet']);
      assert.equal((await lab.pglab('run', 'detached-run', '--yes', ...run)).code, 0);
      const both = (await names()).filter((each) => / (null|quiet)$/.test(each));
      assert.deepEqual(both.sort(), ['learner null', 'run quiet']);
    } finally {
      await lab.docker('rm', '-fv', theirs);
      await lab.pglab('reset', '--yes', ...run);
    }
  });
});
