/** Worlds for the map of one container: what state it is in, how far its server is, and who has come in. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setUpBy } from '../lab.ts';
import { all } from '../map-judge.ts';
import { IDLE, IMAGE, type MappedWorld } from './map-maker.ts';

export const MAPPED_STATES: readonly MappedWorld[] = [
  {
    name: 'nothing',
    async make() {},
    async look(map, lab) {
      assert.deepEqual([all(map, 'container'), map.edges], [[], []]);
      assert.match((await lab.pglab('map')).stdout, /:5432 nobody listens/);
      assert.match((await lab.pglab('map', '--format', 'svg')).stdout, /^<svg .*<\/svg>\n$/s);
      const file = join(lab.home, 'map.html');
      await lab.pglab('map', '--out', file);
      assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/);
    },
  },
  {
    name: 'paused',
    async make({ run, named, docker }) {
      await run(...named('mapped'), '-p', '6721:5432', ...IDLE);
      await docker('pause', 'map-mapped');
    },
  },
  {
    name: 'made and never started',
    make: ({ create, named }) => create(...named('mapped'), '-p', '6722:5432', ...IDLE),
    look(map) {
      assert.deepEqual(all(map, 'container')[0]?.shut, [{ inside: 5432, protocol: 'tcp' }]);
    },
  },
  {
    name: 'ended with 3',
    async make({ run, named, docker }) {
      await run(...named('mapped'), '--entrypoint', 'bash', IMAGE, '-c', 'exit 3');
      await docker('wait', 'map-mapped');
    },
    look: (map) => assert.equal(all(map, 'container')[0]?.exitCode, 3),
  },
  {
    name: 'restarting',
    async make({ run, named, docker }) {
      await run(...named('mapped'), '--restart', 'always', '--entrypoint', 'false', IMAGE);
      // Before the eighth start Docker waits for 13 s, which a busy machine needs to look twice.
      while (Number(await docker('inspect', '--format', '{{.RestartCount}}', 'map-mapped')) < 7)
        await delay(250);
      while ((await docker('inspect', '--format', '{{.State.Status}}', 'map-mapped')) !== 'restarting')
        await delay(250);
    },
  },
  {
    name: 'a standby',
    async make({ run, named, stageOf, docker }) {
      await run(...named('mapped'), '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'ready') await delay(200);
      await docker('exec', '-u', 'postgres', 'map-mapped', 'bash', '-c', 'touch "$PGDATA/standby.signal"');
      await docker('restart', 'map-mapped');
      const asks = ['exec', 'map-mapped', 'psql', '-U', 'postgres', '-Atc', 'select pg_is_in_recovery()'];
      while ((await docker(...asks).catch(() => '')) !== 't') await delay(200);
    },
    look: (map) => assert.equal(all(map, 'container')[0]?.stage, 'ready'),
  },
  {
    name: 'a server that is set up by a temporary one',
    async make({ run, named, stageOf, lab }) {
      const setUp = setUpBy(lab, 'slow.sh', 'sleep 60\n');
      await run(...named('mapped'), '-p', '6731:5432', ...setUp, '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'temporary') await delay(200);
    },
    look: (map) => assert.equal(all(map, 'container')[0]?.socket, true),
  },
  {
    name: 'a server with one who is in, and one whom a rule sent away',
    async make({ run, named, stageOf, stay, docker }) {
      await run(...named('mapped'), '-p', '6732:5432', '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'ready') await delay(200);
      await stay();
      const wrong = `postgresql://postgres:wrong@127.0.0.1:6732/postgres`;
      await assert.rejects(docker('run', '--rm', '--network', 'host', '--entrypoint', 'psql', IMAGE, wrong));
    },
    look(map) {
      assert.deepEqual(
        all(map, 'client').map(({ application, way }) => [application, way]),
        [['learner', 'socket']],
      );
      const [refused] = all(map, 'try');
      assert.deepEqual(
        [refused?.what, refused?.end, refused?.cause, typeof refused?.line],
        ['postgres', 'refused', '28P01', 'number'],
      );
      // The log does not tell from where they came.
      assert.equal(refused?.way, null);
    },
  },
];
