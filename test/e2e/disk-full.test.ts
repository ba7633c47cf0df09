/** An engine whose disk is full, before a run and in the middle of one: trouble, and no verdict. Canaries beside it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Apart, type Disk, openApart, smallDisk } from './apart.ts';
import { type Canaries, canaries } from './canaries.ts';
import { CLI, labelled } from './lab.ts';
import { heldBack } from './shim.ts';
import { RUN, SETTINGS, TARBALL } from './troubled-run.ts';

describe('an engine whose disk is full', () => {
  let apart: Apart;
  let disk: Disk;
  let birds: Canaries;
  const pglab = (...args: string[]) => apart.pglab(...args, '--run', RUN);
  before(async () => {
    apart = await openApart(SETTINGS);
    // The home and all that the engine holds, on one disk, as with the built-in engine they are.
    disk = smallDisk(apart.lab.home, 150);
    assert.equal((await pglab('engine', 'up')).code, 0);
  });
  after(async () => {
    try {
      await birds.remove();
    } finally {
      await apart.end();
    }
    disk.unmount();
  });

  test('no room for the image: trouble that says so; with room it goes on', async () => {
    const full = await pglab('image', 'load', TARBALL);
    assert.equal(full.code, 2, full.stdout);
    assert.match(full.stderr, /The disk is full \(.*postgres-17\.tar\)/);
    disk.leave(700);
    assert.equal((await pglab('image', 'load', TARBALL)).code, 0);
    await pglab('list', '--all-runs');
    birds = await canaries(apart.lab, RUN, 'somebody-else');
  });

  test('no room for a database: not met, with the reason; with room the same step is met', async () => {
    // What the step needs is there: two servers set up at once would want more room than is left for one.
    assert.equal((await pglab('run', 'detached-run', '--yes')).code, 0);
    disk.leave(10);
    const full = await apart.lab.json('check', 'port-mapping', '--run', RUN);
    assert.equal(full.code, 1, 'nothing is there yet');
    const { code, stdout } = await pglab('run', 'port-mapping', '--yes');
    assert.equal(code, 1, stdout);
    assert.match(stdout, /has ended, exit code 1: no space left on its disk/);
    disk.leave(300);
    const again = await pglab('run', 'port-mapping', '--yes');
    assert.equal(again.code, 0, again.stdout);
    await birds.areWell();
  });

  test('no room in the middle: what a running server cannot write is trouble; a reset needs no room', async () => {
    disk.leave(0);
    const { code, stdout, stderr } = await pglab('run', 'volume-persistence', '--yes');
    assert.ok(code === 1 || code === 2, stdout);
    assert.match(stdout + stderr, /no space left|no room left/i);
    const ofTheStep = await pglab('reset', 'volume-persistence', '--yes');
    assert.equal(ofTheStep.code, 0, ofTheStep.stderr);
    assert.match((await pglab('list')).stdout, /✓ port-mapping/, 'what found no room was not lost');
    disk.leave(0);
    const reset = await pglab('reset', '--yes');
    assert.equal(reset.code, 0, reset.stderr);
    assert.deepEqual(await labelled(apart.lab, RUN), []);
    disk.leave(300);
    assert.equal((await pglab('run', 'volume-persistence', '--yes')).code, 0);
    assert.equal((await pglab('reset', '--yes')).code, 0);
    await birds.areWell();
  });
});

describe('an engine whose disk runs full under a running server, the home on another disk', () => {
  let apart: Apart;
  let disk: Disk;
  let birds: Canaries;
  const pglab = (...args: string[]) => apart.pglab(...args, '--run', RUN);
  before(async () => {
    apart = await openApart(SETTINGS);
    disk = smallDisk(apart.data, 1_000);
    assert.equal((await pglab('engine', 'up')).code, 0);
    assert.equal((await pglab('image', 'load', TARBALL)).code, 0);
    await pglab('list', '--all-runs');
    birds = await canaries(apart.lab, RUN, 'somebody-else');
  });
  after(async () => {
    try {
      await birds.remove();
      assert.equal((await pglab('engine', 'down')).code, 0);
      disk.unmount();
    } finally {
      await apart.end();
    }
  });

  test('what it cannot write is trouble that says so; with room the step goes on', async () => {
    const shim = await heldBack(apart.lab.env, '*"create table notes"*');
    const { DOCKER_HOST: _, ...blind } = shim.env;
    const words = [CLI, 'run', 'disposable', '--yes', '--run', RUN];
    const started = apart.inside(blind, process.execPath, ...words);
    await shim.reached();
    disk.leave(0);
    shim.letGo();
    const { code, stdout, stderr } = await started;
    assert.equal(code, 2, stdout);
    assert.match(stderr, /The disk is full \(`docker exec /);
    assert.match(stderr, /No space left on device/);
    assert.doesNotMatch(stdout, /✗/, 'trouble, and no verdict of it');
    disk.leave(300);
    const again = await pglab('run', 'disposable', '--yes');
    assert.equal(again.code, 0, again.stdout);
    assert.match(again.stdout, /was interrupted/);
    assert.equal((await pglab('reset', '--yes')).code, 0);
    assert.deepEqual(await labelled(apart.lab, RUN), []);
    await birds.areWell();
  });
});
