/** What uninstall takes for its own on this machine's disk, and what it leaves to those who are at work. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { foreignIn, holdRest, ownPaths, sharedTarballs } from '../../src/commands/own-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-own-paths-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const home = join(folder, 'home');
const caches = join(folder, 'xdg', 'pglab', 'images');
const before = { ...process.env };
const none = new Set<string>();

beforeEach(() => {
  Object.assign(process.env, { XDG_CACHE_HOME: join(folder, 'xdg'), PGLAB_IMAGES: join(folder, 'shared') });
  for (const each of [caches, join(home, 'runs', 'mine'), join(home, 'runs', 'far'), join(folder, 'shared')])
    mkdirSync(each, { recursive: true });
  for (const name of ['home-id', 'own-images', 'current-run.lab', 'theirs'])
    writeFileSync(join(home, name), '');
  writeFileSync(join(caches, 'postgres-17.tar'), '');
  writeFileSync(join(folder, 'shared', 'postgres-15.tar'), '');
});
afterEach(() => {
  for (const name of ['XDG_CACHE_HOME', 'PGLAB_IMAGES']) delete process.env[name];
  Object.assign(process.env, before);
  for (const each of readdirSync(folder)) rmSync(join(folder, each), { recursive: true });
});

const pathsOf = async (elsewhere = none) => (await ownPaths(home, elsewhere)).map(({ path }) => path);

test('the caches are where XDG_CACHE_HOME has them, whatever folder PGLAB_IMAGES names; the home’s id is last', async () => {
  assert.deepEqual(await pathsOf(), [
    join(caches, 'postgres-17.tar'),
    ...['runs/far', 'runs/mine', 'current-run.lab', 'own-images', 'home-id'].map((name) => join(home, name)),
  ]);
  assert.deepEqual(sharedTarballs(join(folder, 'shared')), [join(folder, 'shared', 'postgres-15.tar')]);
  assert.deepEqual(await foreignIn(home), [join(home, 'theirs')]);
});

test('a run on an engine elsewhere stays, and with it what tells there what is ours', async () => {
  assert.deepEqual(await pathsOf(new Set(['far'])), [
    join(caches, 'postgres-17.tar'),
    ...['runs/mine', 'current-run.lab'].map((name) => join(home, name)),
  ]);
});

test('a build at work keeps its folder and its lock; a killed one’s folder goes', async () => {
  const work = spawn('sleep', ['60']);
  const dead = spawn('true');
  await new Promise((resolve) => dead.on('exit', resolve));
  try {
    const build = (pid: number | undefined) => join(caches, `.build-${hostname()}-${pid}-abc`);
    for (const pid of [work.pid, dead.pid]) mkdirSync(build(pid));
    symlinkSync(`${work.pid}  pglab image build`, join(caches, 'lock'));
    const paths = await pathsOf();
    assert.deepEqual(
      [build(work.pid), build(dead.pid), join(caches, 'lock')].map((path) => paths.includes(path)),
      [false, true, false],
    );
    const busy = holdRest(home, none);
    assert.deepEqual([...busy.leftOut.keys()], ['image build']);
    for (const lock of busy.locks) lock.release();
  } finally {
    work.kill();
  }
});

test('runs that no engine’s lock has are locked, and one that somebody writes is told', () => {
  symlinkSync(`${process.ppid}  pglab next`, join(home, 'runs', 'far', 'lock'));
  const { locks, leftOut } = holdRest(home, new Set(['elsewhere']));
  assert.deepEqual([...leftOut.keys()], ['far']);
  assert.deepEqual(readdirSync(join(home, 'runs', 'mine')), ['lock']);
  assert.deepEqual(readdirSync(caches).sort(), ['lock', 'postgres-17.tar']);
  for (const lock of locks) lock.release();
  assert.deepEqual(readdirSync(join(home, 'runs', 'mine')), []);
});
