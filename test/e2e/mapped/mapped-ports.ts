/** Worlds for the map of ports: what leads from which port of this machine into a container, and who listens. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { all, leads } from '../map-judge.ts';
import { IDLE, IMAGE, type MappedWorld } from './map-maker.ts';

export const MAPPED_PORTS: readonly MappedWorld[] = [
  {
    name: 'two containers, one with a door',
    async make({ run, named }) {
      await run(...named('quiet'), ...IDLE);
      await run(...named('mapped'), '-p', '6720:5432', ...IDLE);
    },
    look(map) {
      const [port] = all(map, 'port').filter(({ number }) => number === 6720);
      assert.equal(port?.listeners?.[0]?.process, 'docker-proxy');
      assert.deepEqual(
        all(map, 'container').map(({ owned, world }) => [owned, world]),
        [
          ['run', 'quiet'],
          ['run', 'mapped'],
        ],
      );
    },
  },
  {
    name: 'a foreign Postgres on 5432',
    async make({ run }) {
      await run('--name', 'map-foreign', '--label', 'pglab.run=another', '-p', '5432:5432', ...IDLE);
    },
    look: (map) =>
      assert.deepEqual(
        all(map, 'container').map(({ owned }) => owned),
        ['other'],
      ),
  },
  {
    name: 'a process of this machine on 5432',
    make: ({ listens }) => listens(5432),
    look(map) {
      const [port] = all(map, 'port');
      assert.deepEqual([port?.number, port?.listeners?.[0]?.process], [5432, 'node']);
    },
  },
  {
    name: 'the network of a container of another',
    async make({ run, named, docker }) {
      await run('--label', 'pglab.run=another', '--name', 'map-lender', '-p', '6735:5432', ...IDLE);
      const joins = ['--network', 'container:map-lender', '-e', 'POSTGRES_PASSWORD=secret'];
      await run(...named('mapped'), ...joins, IMAGE);
      await run(...named('apart'), '--network', 'none', ...IDLE);
      const asks = ['exec', 'map-mapped', 'pg_isready', '-h', '127.0.0.1'];
      while ((await docker(...asks).catch(() => '')) === '') await delay(200);
    },
    async look(_, lab) {
      const { stdout } = await lab.pglab('map');
      assert.match(stdout, /shares the network of/);
      assert.equal(stdout.match(/no door/g)?.length, 1, stdout);
    },
  },
  {
    name: 'a server that listens on another port than its door leads to',
    async make({ run, named, stageOf }) {
      await run(...named('mapped'), '-p', '6736:5432', '-e', 'POSTGRES_PASSWORD=secret', IMAGE, '-p', '5544');
      while ((await stageOf()) !== 'ready') await delay(200);
    },
    async look(_, lab) {
      const { stdout } = await lab.pglab('map');
      assert.match(stdout, /■ 5432 +│/);
      assert.match(stdout, /│ 5544 no door · ready +│/);
    },
  },
  {
    name: 'the host network',
    async make({ run, named, stageOf, stay }) {
      await run(...named('mapped'), '--network', 'host', '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'ready') await delay(200);
      await stay('-h', '127.0.0.1');
    },
    look(map) {
      const [port] = all(map, 'port');
      assert.deepEqual([port?.number, port?.listeners?.[0]?.process], [5432, 'postgres']);
      // Its network is the machine's: nobody can tell who is inside and who is beside it.
      assert.deepEqual(
        all(map, 'client').map(({ way }) => way),
        ['port'],
      );
    },
  },
  {
    name: 'two listeners on one port',
    async make({ run, named }) {
      await run(...named('one'), '-p', '127.0.0.1:6723:5432', ...IDLE);
      await run(...named('two'), '-p', '127.0.0.2:6723:5432', ...IDLE);
    },
    look(map) {
      const [port] = all(map, 'port').filter(({ number }) => number === 6723);
      assert.deepEqual(port?.listeners?.flatMap(({ addresses }) => addresses).sort(), [
        '127.0.0.1',
        '127.0.0.2',
      ]);
    },
  },
  {
    name: 'UDP alone',
    make: ({ run, named }) => run(...named('mapped'), '-p', '6724:5432/udp', ...IDLE),
    look(map) {
      assert.deepEqual(all(map, 'container')[0]?.shut, [{ inside: 5432, protocol: 'udp' }]);
    },
  },
  {
    name: 'IPv6 alone',
    make: ({ run, named }) => run(...named('mapped'), '-p', '[::1]:6725:5432', ...IDLE),
    look: (map) =>
      assert.deepEqual(
        leads(map).map(({ ip }) => ip),
        ['::1'],
      ),
  },
  {
    name: 'IPv6 alone, beside a process on 127.0.0.1',
    async make({ run, named, listens }) {
      await run(...named('mapped'), '-p', '[::1]:6733:5432', ...IDLE);
      await listens(6733);
    },
  },
  {
    name: 'by TCP and by UDP',
    make: ({ run, named }) => run(...named('mapped'), '-p', '6734:5432', '-p', '6734:5432/udp', ...IDLE),
  },
  {
    name: 'a door to the wrong port',
    make: ({ run, named }) => run(...named('mapped'), '-p', '6726:5433', ...IDLE),
  },
  {
    name: 'an engine elsewhere',
    make: ({ run, named }) => run(...named('mapped'), '-p', '6727:5432', ...IDLE),
    look(map) {
      assert.equal(all(map, 'machine')[0]?.place, 'elsewhere');
      assert.deepEqual(
        all(map, 'port').map(({ number, listeners }) => [number, listeners]),
        [[6727, null]],
      );
    },
    env: { PGLAB_PUBLISHED_HOST: '203.0.113.7' },
  },
];
