/** What pglab got and made goes again, all of it and nothing else: images, and everything by `uninstall`. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Canaries, canaries } from './canaries.ts';
import { CLI, containerOf, ended, homeIdOf, labelled, openLab } from './lab.ts';
import { NAME, SECOND, smallTarball } from './small-tarball.ts';

describe('beside strangers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-giving-'));
  // The caches of the user who runs the tests are not theirs.
  const own = { HOME: folder, XDG_CACHE_HOME: '', XDG_STATE_HOME: '' };
  const lab = openLab({
    ...own,
    PGLAB_PARTICIPANT: 'Ann Onymous',
    PGLAB_IMAGE: 'postgres:17',
    PGLAB_PORT: '6590',
    PGLAB_RUN: 'giving',
  });
  let birds: Canaries;
  let file: string;
  const isThere = async () => (await lab.docker('images', '-q', NAME)) !== '';
  before(async () => {
    await lab.pglab('show', 'image');
    birds = await canaries(lab, 'giving', 'somebody-else');
    file = await smallTarball(lab, folder);
  });
  after(async () => {
    await birds.remove();
    rmSync(lab.home, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  test('an image goes that pglab got, and no other; one that a container uses stays, and whose it is is said', async () => {
    const { docker, json, pglab } = lab;
    assert.equal((await json('image', 'load', file, '--image', NAME)).code, 0);
    const foreign = await json('image', 'rm', 'postgres:17', '--yes');
    assert.deepEqual([foreign.code, foreign.trouble?.code], [2, 'image-not-ours']);
    await docker('create', '--name', 'pglab-test-user', NAME, 'hello');
    const used = await pglab('image', 'rm', '--yes');
    assert.equal(used.code, 2);
    assert.match(used.stderr, /pglab-test-mine:17: pglab-test-user, which pglab did not make/);
    await docker('rm', 'pglab-test-user');
    assert.equal((await pglab('image', 'rm')).code, 64);
    const { rm } = (await json('image', 'rm', '--dry-run')) as unknown as {
      rm: { plan: { names: string[] }[] };
    };
    assert.deepEqual(
      rm.plan.map(({ names }) => names),
      [[NAME]],
    );
    assert.ok(await isThere());
    const gone = await pglab('image', 'rm', '--yes');
    assert.equal(gone.code, 0, gone.stderr);
    assert.ok(!(await isThere()));
    // The very same image, got by somebody else: it is not ours any more.
    await docker('load', '-i', file);
    assert.match((await pglab('image', 'rm', '--yes')).stdout, /no image here that pglab got/);
    assert.ok(await isThere());
    await docker('rmi', NAME);
    await birds.areWell();
  });

  test('of two images one is in use: the other is gone, and that is told', async () => {
    const { docker, json } = lab;
    const second = await smallTarball(lab, folder, SECOND);
    assert.equal((await json('image', 'load', file, '--image', NAME)).code, 0);
    assert.equal((await json('image', 'load', second, '--image', SECOND)).code, 0);
    await docker('create', '--name', 'pglab-test-user', NAME, 'hello');
    const partly = await json('image', 'rm', '--yes');
    assert.deepEqual([partly.code, partly.outcome, partly.trouble?.code], [2, 'unknown', 'images-in-use']);
    const { removed, kept } = partly.rm as Record<'removed' | 'kept', { names: string[] }[]>;
    const names = [removed, kept].map((images) => images.map((image) => image.names));
    assert.deepEqual(names, [[[SECOND]], [[NAME]]]);
    await docker('rm', 'pglab-test-user');
    assert.equal((await json('image', 'rm', '--yes')).code, 0);
  });

  test('a file to send with a bug: for its owner alone, and nobody’s names in it', async () => {
    const { json, pglab } = lab;
    assert.equal((await pglab('run', 'detached-run', '--yes')).code, 0);
    const bundle = join(folder, 'bundle.txt');
    const told = await pglab('doctor', '--bundle', bundle);
    assert.match(told.stdout, /pglab doctor, journal of run giving\. Names and passwords/);
    assert.equal(statSync(bundle).mode & 0o777, 0o600);
    const text = readFileSync(bundle, 'utf8');
    assert.match(text, /^1\. versions\n2\. pglab doctor\n3\. journal of run giving$/m);
    assert.match(text, /"type":"step-ended"/);
    assert.match(text, /"participant":"‹user›"/);
    const password = await lab.docker(
      ...['inspect', '--format', '{{range .Config.Env}}{{println .}}{{end}}'],
      await containerOf(lab, 'giving', 'quiet'),
    );
    const secret = /POSTGRES_PASSWORD=(\S+)/.exec(password)?.[1] as string;
    for (const name of ['Ann Onymous', folder, lab.home, secret]) assert.ok(!text.includes(name), name);
    const again = await json('doctor', '--bundle', bundle);
    assert.deepEqual([again.code, again.trouble?.code], [2, 'bundle-exists']);
    const other = await json('doctor', '--bundle', `${bundle}.json`);
    assert.deepEqual(Object.keys(other.bundle as object), ['file', 'holds']);
  });

  test('uninstalled on an engine of others: runs, images, journals, home; all else is as it was', async () => {
    const { json, pglab, docker } = lab;
    assert.equal((await json('image', 'load', file, '--image', NAME)).code, 0);
    assert.equal((await labelled(lab)).length, 4);
    const id = homeIdOf(lab);
    const locked = lab.start('check', 'port-mapping', '--watch');
    while (!readdirSync(join(lab.home, 'runs', 'giving')).includes('lock')) await sleep(20);
    const busy = await json('uninstall', '--yes');
    assert.deepEqual([busy.code, busy.trouble?.code], [2, 'uninstall-runs-in-use']);
    locked.kill('SIGTERM');
    while (readdirSync(join(lab.home, 'runs', 'giving')).includes('lock')) await sleep(20);
    assert.equal((await pglab('uninstall')).code, 64);
    // Without its engine the run stays, and with it what tells there what is ours.
    const { DOCKER_HOST: _, ...blind } = lab.env;
    const blindly = await ended(process.execPath, [CLI, 'uninstall', '--yes'], blind);
    assert.equal(blindly.code, 0, blindly.stderr);
    assert.match(blindly.stdout, /run giving began on the engine at .* it stays/);
    assert.deepEqual([homeIdOf(lab), (await labelled(lab)).length], [id, 4]);
    assert.ok(existsSync(join(lab.home, 'runs', 'giving', 'journal.jsonl')));
    writeFileSync(join(lab.home, 'mine.txt'), 'keep this');
    const { code, uninstall } = (await json('uninstall', '--yes')) as unknown as {
      code: number;
      uninstall: { removed: { kind: string }[]; stays: string[] };
    };
    assert.equal(code, 0);
    const kinds = new Set(uninstall.removed.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ['container', 'home', 'image', 'run', 'volume']);
    assert.deepEqual(
      uninstall.stays.filter((each) => each.startsWith(lab.home)),
      [join(lab.home, 'mine.txt')],
    );
    assert.deepEqual(readdirSync(lab.home), ['mine.txt']);
    assert.equal(await docker('ps', '-aq', '--filter', `label=pglab.home=${id}`), '');
    assert.equal(await docker('volume', 'ls', '-q', '--filter', `label=pglab.home=${id}`), '');
    assert.ok(!(await isThere()));
    await birds.areWell();
    assert.match(
      (await pglab('uninstall', '--yes')).stdout,
      /^Nothing of pglab is left here that it may remove/,
    );
  });
});
