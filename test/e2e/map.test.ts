/** The map of real worlds, each held against what `docker inspect` and the kernel say. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Content } from '../../src/lab/content.ts';
import { textOf } from '../../src/map/lanes.ts';
import type { WorldMap } from '../../src/map/map-schema.ts';
import { sceneOf } from '../../src/map/scene.ts';
import { svgOf } from '../../src/map/svg.ts';
import { asKept } from '../golden/maps.ts';
import { homeIdOf, listenOn, openLab, setUpBy, type TestLab } from './lab.ts';
import { all, judged, leads } from './map-judge.ts';

const IMAGE = 'postgres:17';
const RUN = 'mapping';
const content = new Content('en', '');
const say = content.say.bind(content, 'messages');
/** A container that runs at once, and serves nothing. */
const IDLE = ['--entrypoint', 'sleep', IMAGE, '600'];

describe('the map of a real world', () => {
  let lab: TestLab;
  let ours: string[];
  const made: string[] = [];
  const volumes: string[] = [];
  const networks: string[] = [];
  /** Volumes that other suites left on this engine. */
  let left = 0;
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_RUN: RUN });
    left = (await lab.docker('volume', 'ls', '-q')).split('\n').filter(Boolean).length;
    // What comes from here on is the learner's own.
    await lab.pglab('check', 'image');
    ours = labels(homeIdOf(lab), RUN);
  });
  after(() => lab.end());

  const labels = (home: string, run: string) =>
    [`run=${run}`, `home=${home}`, 'lab=postgres-in-docker', 'step=port-mapping'].flatMap((each) => [
      ...['--label', `pglab.${each}`],
    ]);
  const named = (name: string) => [...ours, '--label', `pglab.name=${name}`, '--name', `map-${name}`];
  const docker = (...args: string[]) => lab.docker(...args);
  const run = async (...args: string[]) => made.push(await docker('run', '-d', ...args));
  const create = async (...args: string[]) => made.push(await docker('create', ...args));

  /** Somebody who is in for a while, before this returns. */
  async function stay(...way: string[]) {
    const psql = ['map-mapped', 'psql', '-U', 'postgres'];
    const sleeps = [...psql, ...way, '-c', 'select pg_sleep(60)'];
    await docker('exec', '-d', '-e', 'PGAPPNAME=learner', ...sleeps);
    const count = "select count(*) from pg_stat_activity where application_name = 'learner'";
    while (!(await docker('exec', ...psql, '-Atc', count)).startsWith('1')) await delay(50);
  }

  const stageOf = async () => {
    const { map } = (await lab.json('map')) as unknown as { map: WorldMap };
    return all(map, 'container')[0]?.stage ?? null;
  };

  /** Makes a world, judges and draws its map, and takes all of it away again. */
  function world(
    name: string,
    make: () => Promise<unknown>,
    look?: (map: WorldMap) => void | Promise<void>,
    env: NodeJS.ProcessEnv = {},
  ) {
    test(name, async () => {
      const before = { ...lab.env };
      Object.assign(lab.env, env);
      try {
        await make();
        const { map, code } = (await lab.json('map')) as unknown as { map: WorldMap; code: number };
        assert.equal(code, 0);
        await judged(lab, map);
        await look?.(map);
        asKept(name, map, { home: lab.home, left });
        const scene = sceneOf(map, { say });
        const text = textOf(scene, { columns: 100, paint: (_, words) => words }).join('\n');
        for (const { short } of all(map, 'container'))
          for (const drawing of [text, svgOf(scene, 'en')]) assert.ok(drawing.includes(short), drawing);
      } finally {
        for (const key of Object.keys(env)) delete lab.env[key];
        Object.assign(lab.env, before);
        if (made.length > 0) await docker('rm', '-fv', ...made.splice(0));
        if (volumes.length > 0) await docker('volume', 'rm', '-f', ...volumes.splice(0));
        if (networks.length > 0) await docker('network', 'rm', ...networks.splice(0));
      }
    });
  }

  world(
    'nothing',
    async () => {},
    async (map) => {
      assert.deepEqual([all(map, 'container'), map.edges], [[], []]);
      assert.match((await lab.pglab('map')).stdout, /:5432 nobody listens/);
      assert.match((await lab.pglab('map', '--format', 'svg')).stdout, /^<svg .*<\/svg>\n$/s);
      const file = join(lab.home, 'map.html');
      await lab.pglab('map', '--out', file);
      assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/);
    },
  );

  world(
    'two containers, one with a door',
    async () => {
      await run(...named('quiet'), ...IDLE);
      await run(...named('mapped'), '-p', '6720:5432', ...IDLE);
    },
    (map) => {
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
  );

  world(
    'a foreign Postgres on 5432',
    async () => {
      await run('--name', 'map-foreign', '--label', 'pglab.run=another', '-p', '5432:5432', ...IDLE);
    },
    (map) =>
      assert.deepEqual(
        all(map, 'container').map(({ owned }) => owned),
        ['other'],
      ),
  );

  let listener: Server;
  world(
    'a process of this machine on 5432',
    async () => {
      listener = await listenOn(5432);
    },
    (map) => {
      listener.close();
      const [port] = all(map, 'port');
      assert.deepEqual([port?.number, port?.listeners?.[0]?.process], [5432, 'node']);
    },
  );

  world('paused', async () => {
    await run(...named('mapped'), '-p', '6721:5432', ...IDLE);
    await docker('pause', 'map-mapped');
  });

  world(
    'made and never started',
    () => create(...named('mapped'), '-p', '6722:5432', ...IDLE),
    (map) => {
      assert.deepEqual(all(map, 'container')[0]?.shut, [{ inside: 5432, protocol: 'tcp' }]);
    },
  );

  world(
    'ended with 3',
    async () => {
      await run(...named('mapped'), '--entrypoint', 'bash', IMAGE, '-c', 'exit 3');
      await docker('wait', 'map-mapped');
    },
    (map) => assert.equal(all(map, 'container')[0]?.exitCode, 3),
  );

  world('restarting', async () => {
    await run(...named('mapped'), '--restart', 'always', '--entrypoint', 'false', IMAGE);
    // Before the eighth start Docker waits for 13 s, which a busy machine needs to look twice.
    while (Number(await docker('inspect', '--format', '{{.RestartCount}}', 'map-mapped')) < 7)
      await delay(250);
    while ((await docker('inspect', '--format', '{{.State.Status}}', 'map-mapped')) !== 'restarting')
      await delay(250);
  });

  world(
    'the host network',
    async () => {
      await run(...named('mapped'), '--network', 'host', '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'ready') await delay(200);
      await stay('-h', '127.0.0.1');
    },
    (map) => {
      const [port] = all(map, 'port');
      assert.deepEqual([port?.number, port?.listeners?.[0]?.process], [5432, 'postgres']);
      // Its network is the machine's: nobody can tell who is inside and who is beside it.
      assert.deepEqual(
        all(map, 'client').map(({ way }) => way),
        ['port'],
      );
    },
  );

  world(
    'a network of its own with a sibling',
    async () => {
      networks.push(await docker('network', 'create', 'map-net'));
      await run(...named('mapped'), '--network', 'map-net', ...IDLE);
      await run('--label', 'pglab.run=another', '--name', 'map-sibling', '--network', 'map-net', ...IDLE);
    },
    (map) =>
      assert.deepEqual(
        all(map, 'container').map(({ owned }) => owned),
        ['run', 'other'],
      ),
  );

  world(
    'two listeners on one port',
    async () => {
      await run(...named('one'), '-p', '127.0.0.1:6723:5432', ...IDLE);
      await run(...named('two'), '-p', '127.0.0.2:6723:5432', ...IDLE);
    },
    (map) => {
      const [port] = all(map, 'port').filter(({ number }) => number === 6723);
      assert.deepEqual(port?.listeners?.flatMap(({ addresses }) => addresses).sort(), [
        '127.0.0.1',
        '127.0.0.2',
      ]);
    },
  );

  world(
    'UDP alone',
    () => run(...named('mapped'), '-p', '6724:5432/udp', ...IDLE),
    (map) => {
      assert.deepEqual(all(map, 'container')[0]?.shut, [{ inside: 5432, protocol: 'udp' }]);
    },
  );

  world(
    'IPv6 alone',
    () => run(...named('mapped'), '-p', '[::1]:6725:5432', ...IDLE),
    (map) =>
      assert.deepEqual(
        leads(map).map(({ ip }) => ip),
        ['::1'],
      ),
  );

  world(
    'IPv6 alone, beside a process on 127.0.0.1',
    async () => {
      await run(...named('mapped'), '-p', '[::1]:6733:5432', ...IDLE);
      listener = await listenOn(6733);
    },
    () => {
      listener.close();
    },
  );

  world('by TCP and by UDP', () =>
    run(...named('mapped'), '-p', '6734:5432', '-p', '6734:5432/udp', ...IDLE),
  );

  world('a door to the wrong port', () => run(...named('mapped'), '-p', '6726:5433', ...IDLE));

  world(
    'volumes that were left behind',
    async () => {
      volumes.push(await docker('volume', 'create', ...ours, '--label', 'pglab.name=data', 'map-left'));
      volumes.push(await docker('volume', 'create', ...ours));
      volumes.push(await docker('volume', 'create', '--label', 'pglab.run=another', 'map-of-another'));
    },
    (map) =>
      assert.deepEqual(
        all(map, 'volume').map(({ left, owned }) => [left, owned]),
        [
          [true, 'run'],
          [true, 'run'],
        ],
      ),
  );

  world('a volume that two share, and a folder', async () => {
    volumes.push(await docker('volume', 'create', ...ours, 'map-shared'));
    const mount = ['-v', 'map-shared:/var/lib/postgresql/data'];
    await run(...named('first'), ...mount, ...IDLE);
    await run(...named('second'), ...mount, '-v', `${lab.home}/<b>&folder:/mnt`, ...IDLE);
  });

  world(
    'an engine elsewhere',
    () => run(...named('mapped'), '-p', '6727:5432', ...IDLE),
    (map) => {
      assert.equal(all(map, 'machine')[0]?.place, 'elsewhere');
      assert.deepEqual(
        all(map, 'port').map(({ number, listeners }) => [number, listeners]),
        [[6727, null]],
      );
    },
    { PGLAB_PUBLISHED_HOST: '203.0.113.7' },
  );

  world(
    'by hand and ours',
    async () => {
      await run(...named('quiet'), ...IDLE);
      await run('--name', 'map-theirs', '-p', '6728:5432', ...IDLE);
    },
    (map) =>
      assert.deepEqual(
        all(map, 'container').map(({ owned }) => owned),
        ['run', 'learner'],
      ),
  );

  world(
    'ours among thirty of others',
    async () => {
      await run(...named('mapped'), '-p', '6729:5432', ...IDLE);
      for (let at = 0; at < 30; at += 1) await create('--label', 'pglab.run=another', ...IDLE);
    },
    (map) => assert.equal(all(map, 'container').length, 1),
  );

  world(
    'a run of another home',
    () => run(...labels('0123456789ab', RUN), '-p', '6730:5432', ...IDLE),
    (map) => assert.deepEqual(all(map, 'container'), []),
  );

  world(
    'a server that is set up by a temporary one',
    async () => {
      const setUp = setUpBy(lab, 'slow.sh', 'sleep 60\n');
      await run(...named('mapped'), '-p', '6731:5432', ...setUp, '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'temporary') await delay(200);
    },
    (map) => assert.equal(all(map, 'container')[0]?.socket, true),
  );

  world(
    'a server with one who is in, and one whom a rule sent away',
    async () => {
      await run(...named('mapped'), '-p', '6732:5432', '-e', 'POSTGRES_PASSWORD=secret', IMAGE);
      while ((await stageOf()) !== 'ready') await delay(200);
      await stay();
      const wrong = `postgresql://postgres:wrong@127.0.0.1:6732/postgres`;
      await assert.rejects(docker('run', '--rm', '--network', 'host', '--entrypoint', 'psql', IMAGE, wrong));
    },
    (map) => {
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
  );
});
