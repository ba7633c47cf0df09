/** Worlds for the map of what is whose: the run's, the learner's, others'; and which networks and volumes they share. */
import assert from 'node:assert/strict';
import { all } from '../map-judge.ts';
import { IDLE, type MappedWorld } from './map-maker.ts';

export const MAPPED_OWNERS: readonly MappedWorld[] = [
  {
    name: 'a network of its own with a sibling',
    async make({ run, named, docker, networks }) {
      networks.push(await docker('network', 'create', 'map-net'));
      await run(...named('mapped'), '--network', 'map-net', ...IDLE);
      await run('--label', 'pglab.run=another', '--name', 'map-sibling', '--network', 'map-net', ...IDLE);
    },
    look: (map) =>
      assert.deepEqual(
        all(map, 'container').map(({ owned }) => owned),
        ['run', 'other'],
      ),
  },
  {
    name: 'volumes that were left behind',
    async make({ docker, ours, volumes }) {
      volumes.push(await docker('volume', 'create', ...ours, '--label', 'pglab.name=data', 'map-left'));
      volumes.push(await docker('volume', 'create', ...ours));
      volumes.push(await docker('volume', 'create', '--label', 'pglab.run=another', 'map-of-another'));
    },
    look: (map) =>
      assert.deepEqual(
        all(map, 'volume').map(({ left, owned }) => [left, owned]),
        [
          [true, 'run'],
          [true, 'run'],
        ],
      ),
  },
  {
    name: 'a volume that two share, and a folder',
    async make({ run, named, docker, ours, volumes, lab }) {
      volumes.push(await docker('volume', 'create', ...ours, 'map-shared'));
      const mount = ['-v', 'map-shared:/var/lib/postgresql/data'];
      await run(...named('first'), ...mount, ...IDLE);
      await run(...named('second'), ...mount, '-v', `${lab.home}/<b>&folder:/mnt`, ...IDLE);
    },
  },
  {
    name: 'by hand and ours',
    async make({ run, named }) {
      await run(...named('quiet'), ...IDLE);
      await run('--name', 'map-theirs', '-p', '6728:5432', ...IDLE);
    },
    look: (map) =>
      assert.deepEqual(
        all(map, 'container').map(({ owned }) => owned),
        ['run', 'learner'],
      ),
  },
  {
    name: 'ours among thirty of others',
    async make({ run, create, named }) {
      await run(...named('mapped'), '-p', '6729:5432', ...IDLE);
      for (let at = 0; at < 30; at += 1) await create('--label', 'pglab.run=another', ...IDLE);
    },
    look: (map) => assert.equal(all(map, 'container').length, 1),
  },
  {
    name: 'a run of another home',
    make: ({ run, labels }) => run(...labels('0123456789ab'), '-p', '6730:5432', ...IDLE),
    look: (map) => assert.deepEqual(all(map, 'container'), []),
  },
];
