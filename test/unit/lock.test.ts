/** Several processes at once, really: a lock, and a new home, are taken by one. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  lstatSync,
  lutimesSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHome } from '../../src/home.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/record.ts';
import { takeLock } from '../../src/lock.ts';
import { Trouble } from '../../src/trouble.ts';

const SOURCE = join(import.meta.dirname, '../../src');
const MANY = 8;

const folder = () => mkdtempSync(join(tmpdir(), 'pglab-lock-'));
const isLocked = (error: unknown) =>
  error instanceof Trouble && error.code === 'run-locked' && error.values.pid === process.pid;

/** What each of several processes said that ran this at the same moment; none ends before all have said it. */
async function atOnce(script: string): Promise<string[]> {
  const go = join(folder(), 'go');
  const whole = `
    import { existsSync } from 'node:fs';
    import { takeLock } from '${SOURCE}/lock.ts';
    import { openHome } from '${SOURCE}/home.ts';
    console.log('up');
    while (!existsSync('${go}'));
    ${script}
    setInterval(() => {}, 1000);`;
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  const children = Array.from({ length: MANY }, () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', whole], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const next = () =>
    Promise.all(children.map(async ({ stdout }) => String(await once(stdout, 'data')).trim()));
  await next();
  const told = next();
  writeFileSync(go, '');
  const said = await told;
  for (const child of children) child.kill();
  return said;
}

test('the lock has one holder, says who, and is given back', () => {
  const run = folder();
  const { release } = takeLock(run, 'r');
  assert.throws(() => takeLock(run, 'r'), isLocked);
  release();
  takeLock(run, 'r').release();
});

test('it outlives no process: dead, of another start, a file in its place', () => {
  const file = (run: string) => join(run, 'lock');
  const [dead, other, garbage] = [folder(), folder(), folder()] as const;
  symlinkSync('4194999 1 pglab next', file(dead));
  symlinkSync(`${process.pid} 1 pglab next`, file(other));
  writeFileSync(file(garbage), 'garbage');
  for (const run of [dead, other, garbage]) takeLock(run, 'r').release();
});

test('a zombie, which nobody reaps, holds nothing', async () => {
  const parent = spawn('bash', ['-c', 'sleep 1 & echo $!; exec sleep 60']);
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(said);
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // It ends when its parent is a program that waits for no child.
  while (stat()[0] !== 'Z') await sleep(20);
  const run = folder();
  symlinkSync(`${pid} ${stat()[19]} pglab next`, join(run, 'lock'));
  takeLock(run, 'r').release();
  parent.kill();
});

test('of a holder that was stopped by Ctrl-Z that is said, until it goes on', async () => {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const stat = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const run = folder();
  symlinkSync(`${child.pid} ${stat()[19]} pglab next`, join(run, 'lock'));
  const refused = () => {
    try {
      takeLock(run, 'r').release();
    } catch (error) {
      return error instanceof Trouble && error.code;
    }
    return 'taken';
  };
  assert.equal(refused(), 'run-locked');
  child.kill('SIGSTOP');
  while (stat()[0] !== 'T') await sleep(20);
  assert.equal(refused(), 'run-stopped');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(refused(), 'taken');
});

test('of several that find a dead holder at once, one takes its place', async () => {
  const run = folder();
  symlinkSync('4194999 1 pglab next', join(run, 'lock'));
  const told = await atOnce(`
    let said = 'refused';
    try { takeLock('${run}', 'r'); said = 'taken'; } catch (error) { if (error.code !== 'run-locked') throw error; }
    console.log(said);`);
  assert.equal(told.filter((said) => said === 'taken').length, 1, told.join(' '));
});

test('of several that open a new home at once, all have its one id', async () => {
  const home = folder();
  const told = await atOnce(`console.log(openHome('${home}').id)`);
  assert.deepEqual([...new Set(told)], [openHome(home).id]);
  assert.match(told[0] ?? '', /^[0-9a-f]{12}$/);
});

test('an id that was cut short is none', () => {
  const home = folder();
  writeFileSync(join(home, 'home-id'), '');
  const { id } = openHome(home);
  assert.match(id, /^[0-9a-f]{12}$/);
  assert.equal(openHome(home).id, id);
});

test('somebody may clear the lock by hand and another take it: then nothing more is written', () => {
  const run = folder();
  const lock = takeLock(run, 'r');
  const journal = openJournal(join(run, 'journal.jsonl'), 'me', lock.isHeld);
  const hint = { type: 'hinted', step: 'image', level: 1 } as const;
  rmSync(join(run, 'lock'));
  journal.append(hint);
  assert.throws(() => takeLock(run, 'r'), isLocked, 'cleared and not taken, it is ours again');
  rmSync(join(run, 'lock'));
  symlinkSync('1 2 pglab next', join(run, 'lock'));
  assert.throws(
    () => journal.append(hint),
    (error) => error instanceof Trouble && error.code === 'run-taken',
  );
  journal.close();
  assert.equal(readJournal(join(run, 'journal.jsonl')).events.length, 1);
});

test('what the lock says of its holder is cut between characters', () => {
  const argv = process.argv;
  try {
    for (const before of ['', 'x', 'xx', 'xxx']) {
      process.argv = ['node', 'pglab', `${before}${'🐘'.repeat(40)}`];
      const run = folder();
      const lock = takeLock(run, 'r');
      assert.ok(lock.isHeld());
      assert.ok(Buffer.byteLength(readlinkSync(join(run, 'lock'))) <= 59);
      lock.release();
      takeLock(run, 'r').release();
    }
  } finally {
    process.argv = argv;
  }
});

test('a holder in another container, whose process we cannot see, keeps the lock while it lives', async () => {
  const run = folder();
  const script = `
    import { takeLock } from '${SOURCE}/lock.ts';
    takeLock('${run}', 'r');
    console.log('taken');
    setInterval(() => {}, 1000);`;
  const words = [
    '--pid',
    '--fork',
    '--kill-child',
    process.execPath,
    '--import',
    'tsx',
    '--input-type=module',
  ];
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  const child = spawn('unshare', [...words, '--eval', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  assert.throws(
    () => takeLock(run, 'r'),
    (error) => error instanceof Trouble && error.code === 'run-locked',
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  // As long as its last beat is young nobody can know that it ended.
  assert.throws(() => takeLock(run, 'r'));
  const old = new Date(Date.now() - 60_000);
  lutimesSync(join(run, 'lock'), old, old);
  takeLock(run, 'r').release();
});

test('a holder shows that it lives', async () => {
  const run = folder();
  const { release } = takeLock(run, 'r');
  const old = new Date(Date.now() - 60_000);
  lutimesSync(join(run, 'lock'), old, old);
  while (lstatSync(join(run, 'lock')).mtimeMs < Date.now() - 30_000) await sleep(50);
  release();
});

test('what names no process holds nothing, and a pipe in the place of a lock is not waited for', () => {
  for (const said of ['0  pglab next', '99999999999  pglab next']) {
    const made = folder();
    symlinkSync(said, join(made, 'lock'));
    takeLock(made, 'run').release();
  }
  const piped = folder();
  execFileSync('mkfifo', [join(piped, 'lock')]);
  assert.throws(
    () => takeLock(piped, 'run'),
    (error) => error instanceof Trouble && error.code === 'run-locked' && error.values.pid === '?',
  );
});
