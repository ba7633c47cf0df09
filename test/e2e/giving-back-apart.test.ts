/** An uninstall where pglab brought up the engine: that goes as well, and nothing that others made there. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Apart, openApart } from './apart.ts';
import { CLI, processesOf, readResult } from './lab.ts';
import { NAME, smallTarball } from './small-tarball.ts';

/** What others made on the engine stops it; it is there still after this. */
async function stopsAtTheirs({ lab, pglab, terminal }: Apart): Promise<void> {
  await lab.docker('volume', 'create', 'theirs');
  const refused = await pglab('uninstall', '--yes');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /volume theirs/);
  assert.equal(await lab.docker('volume', 'ls', '-q'), 'theirs');
  await lab.docker('volume', 'rm', 'theirs');
  // Made while the question stands.
  const asked = terminal('uninstall');
  await asked.sees(/Remove all of this/);
  await lab.docker('volume', 'create', 'theirs');
  asked.types('y');
  assert.equal(await asked.ends(), 2, asked.text());
  assert.match(asked.text(), /volume theirs/);
  assert.equal(await lab.docker('volume', 'ls', '-q'), 'theirs');
}

/** An uninstall that is killed as soon as the engine has ended. */
async function killedOnceItsEngineIsGone(apart: Apart, pidFile: string): Promise<void> {
  const { DOCKER_HOST: _, ...blind } = apart.lab.env;
  const engine = apart.pid();
  const line = `echo $$ > "${pidFile}"; exec "${process.execPath}" "${CLI}" uninstall --yes`;
  const killed = apart.inside(blind, 'bash', '-c', line);
  while (existsSync(`/proc/${engine}/exe`)) await sleep(5);
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  await killed;
}

describe('with an engine of its own', () => {
  test('killed in the middle, it is gone on with: engine, processes, caches, home; not what others made there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pglab-giving-'));
    const caches = join(folder, '.cache', 'pglab', 'images');
    mkdirSync(caches, { recursive: true });
    const apart = await openApart({ HOME: folder, XDG_CACHE_HOME: '', XDG_STATE_HOME: '', PGLAB_IMAGES: '' });
    const { lab, pglab } = apart;
    try {
      assert.equal((await pglab('engine', 'up')).code, 0);
      const file = await smallTarball(lab, caches);
      assert.equal((await pglab('image', 'load', file, '--image', NAME)).code, 0);
      writeFileSync(join(caches, 'postgres-17.tar'), '');
      await stopsAtTheirs(apart);
      const { DOCKER_HOST: _, ...blind } = lab.env;
      // Down, and it could not be brought up without installing something: that is not for an uninstall to do.
      assert.equal((await pglab('engine', 'down')).code, 0);
      const bare = ['env', `PATH=${folder}`, process.execPath, CLI, 'uninstall', '--yes', '--format', 'json'];
      const unseen = await apart.inside(blind, ...(bare as [string]));
      assert.equal(readResult(unseen).trouble?.code, 'uninstall-unseen');
      assert.ok(existsSync(apart.data));
      assert.equal((await pglab('engine', 'up')).code, 0);
      await lab.docker('volume', 'rm', 'theirs');
      await killedOnceItsEngineIsGone(apart, join(folder, 'pid'));
      assert.ok(existsSync(lab.home), 'killed before its end');
      const again = await pglab('uninstall', '--yes');
      assert.equal(again.code, 0, again.stdout + again.stderr);
      assert.ok(!existsSync(lab.home));
      assert.deepEqual(processesOf(lab.home), []);
      assert.doesNotMatch(readFileSync('/proc/self/mountinfo', 'utf8'), new RegExp(lab.home));
      // Its own files in the cache, and not the tarball that a person put there.
      assert.deepEqual(readdirSync(caches).sort(), ['hello', 'layer.tar', 'small.tar']);
      const chains = await apart.inside(blind, 'iptables', '-S');
      assert.equal(chains.stdout, '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n');
    } finally {
      mkdirSync(lab.home, { recursive: true });
      await apart.end();
      rmSync(lab.home, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
