/**
 * The walk over Podman: rootful here and in CI; rootless, and with Podman in the place of `docker`, by
 * `npm run platforms` alone.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Result } from '../../src/report/result.ts';
import { CLI, ended, readResult } from '../e2e/lab.ts';
import { openPodman, type Podman } from './podman.ts';

const isShort = process.env.PGLAB_NODES === 'newest';

for (const rootless of isShort ? [false] : [false, true]) {
  describe(`Podman, ${rootless ? 'rootless' : 'rootful'}`, () => {
    let podman: Podman;

    async function json(...args: string[]): Promise<Result & Record<string, unknown>> {
      return readResult(await podman.pglab(...args, '--format', 'json'));
    }

    before(async () => {
      podman = await openPodman({ rootless });
      // Its user may not read the cache: root gives the images to its socket.
      for (const major of [15, 17]) {
        const file = join(process.env.PGLAB_IMAGES as string, `postgres-${major}.tar`);
        const args = [CLI, 'image', 'load', file, '--image', `postgres:${major}`, '--format', 'json'];
        const env = { ...podman.env, PGLAB_HOME: join(podman.folder, 'loader') };
        const { load, trouble } = readResult(await ended(process.execPath, args, env));
        const { names = [] } = (load ?? {}) as { names?: string[] };
        assert.ok(names.includes(`postgres:${major}`), `${names}: ${trouble?.message}`);
      }
    });
    after(() => podman?.end());

    test('doctor calls it by its name, and says what is otherwise with it', async () => {
      const { doctor, engine } = await json('doctor');
      assert.equal(engine?.name ?? 'Podman Engine', 'Podman Engine');
      const said = JSON.stringify(doctor);
      assert.match(said, /Podman Engine \d/);
      assert.match(said, /without an arrow/);
    });

    test('all twelve steps are met, and found met again', async () => {
      const walked = await json('run', '--all', '--yes');
      assert.deepEqual(
        walked.steps.map(({ id, outcome }) => [id, outcome]),
        walked.steps.map(({ id }) => [id, 'met']),
        JSON.stringify(walked.trouble ?? walked.steps.filter(({ outcome }) => outcome !== 'met')),
      );
      assert.deepEqual([walked.steps.length, walked.engine?.name], [12, 'Podman Engine']);
      const checked = await json('check', '--all');
      assert.equal(checked.outcome, 'met', JSON.stringify(checked.steps));
    });

    test('a reset leaves nothing', async () => {
      const { code, stderr } = await podman.pglab('reset', '--yes');
      assert.equal(code, 0, stderr);
      assert.equal(await podman.docker('ps', '-aq'), '');
      assert.equal(await podman.docker('volume', 'ls', '-q'), '');
    });

    test('what holds a window is not in the background, and what is started behind it is', async () => {
      const window = (name: string, ...flags: string[]) =>
        spawn('docker', ['run', ...flags, '--name', name, '-e', 'POSTGRES_PASSWORD=a', 'postgres:17'], {
          env: podman.env,
          stdio: 'ignore',
        });
      const judged = async () => {
        const { steps } = await json('check', 'detached-run');
        const found = steps[0]?.checks.find(({ id }) => id === 'detached');
        return [found?.outcome, found?.finding];
      };
      assert.deepEqual(await judged(), ['not-met', 'no-container']);
      const held = window('held');
      while (!(await podman.docker('ps', '-q'))) await delay(100);
      assert.deepEqual(await judged(), ['not-met', 'not-detached']);
      await podman.docker('rm', '-f', '-v', 'held');
      if (held.exitCode === null) await once(held, 'exit');
      await once(window('behind', '-d'), 'exit');
      assert.deepEqual(await judged(), ['met', null]);
      await podman.docker('rm', '-f', '-v', 'behind');
      assert.equal((await podman.pglab('reset', '--yes')).code, 0);
    });

    if (!isShort)
      test('Podman in the place of docker: a door is shown, and a reset leaves nothing', async () => {
        // The package cannot stand beside Docker's own command line: it is only unpacked.
        const folder = join(podman.folder, 'podman-docker');
        mkdirSync(folder);
        execFileSync('apt-get', ['download', 'podman-docker'], { cwd: folder, stdio: 'ignore' });
        execFileSync('bash', ['-c', 'dpkg -x podman-docker_*.deb .'], { cwd: folder });
        const path = `PATH=${folder}/usr/bin:${podman.env.PATH}`;
        const pglab = (...args: string[]) => podman.inside('env', path, process.execPath, CLI, ...args);
        const told = await pglab('run', 'foreground-run', 'port-mapping', '--yes', '--no-color');
        assert.equal(told.code, 0, told.stdout + told.stderr);
        assert.match(told.stdout, /0\.0\.0\.0:67\d\d->5432\/tcp\s+◀ the door|->5432\/tcp\n\s+▲ the door/);
        assert.match((await pglab('doctor')).stdout, /podman-docker/);
        assert.match((await pglab('engine', 'env')).stdout, /^export CONTAINER_HOST=unix:/m);
        assert.equal((await pglab('reset', '--yes')).code, 0);
        assert.equal(await podman.docker('ps', '-aq'), '');
        assert.equal(await podman.docker('volume', 'ls', '-q'), '');
      });
  });
}
