/** As root in a folder of somebody else: refused; links and pipes in a file's place: not followed, not waited for. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { currentRun, homeIdIn, journalFile, openHome, rememberRun, runFolder } from '../../src/home.ts';
import { passesIn } from '../../src/journal/passes.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/record.ts';
import { makeFolder, makeOwnFolder } from '../../src/own-files.ts';
import { Trouble } from '../../src/trouble.ts';

const STUDENT = 1_000;
const folder = () => mkdtempSync(join(tmpdir(), 'pglab-own-'));
const isCode = (code: string) => (error: unknown) => error instanceof Trouble && error.code === code;

test('a home of another user is refused, and so is a link of theirs to one of ours', () => {
  const theirs = folder();
  chownSync(theirs, STUDENT, STUDENT);
  assert.throws(() => openHome(theirs), isCode('not-ours'));
  const [ours, between] = [folder(), folder()];
  execFileSync('ln', ['-s', ours, join(between, 'link')]);
  execFileSync('chown', ['-h', String(STUDENT), join(between, 'link')]);
  assert.throws(() => openHome(join(between, 'link')), isCode('not-ours'));
  const runs = folder();
  mkdirSync(join(runs, 'runs'));
  chownSync(join(runs, 'runs'), STUDENT, STUDENT);
  assert.throws(() => openHome(runs), isCode('not-ours'));
});

test('root leaves no folder of its own in the home of another user, but in a folder for all', () => {
  const home = folder();
  chownSync(home, STUDENT, STUDENT);
  assert.throws(() => openHome(join(home, '.local/state/pglab')), isCode('not-ours'));
  assert.deepEqual(readdirSync(home), []);
  chmodSync(home, 0o1777);
  openHome(join(home, 'pglab'));
});

test('a home is for us alone, also one that was open to all', () => {
  const home = folder();
  chmodSync(home, 0o777);
  openHome(home);
  assert.equal(statSync(home).mode & 0o777, 0o700);
  assert.equal(statSync(join(home, 'runs')).mode & 0o777, 0o700);
});

test('a folder that others use is no home, and keeps its mode; a disk of its own in memory may be one', () => {
  const open = (mode: number, inside: string[] = []) => {
    const made = folder();
    for (const name of inside) mkdirSync(join(made, name));
    chmodSync(made, mode);
    // Around it is a folder for all, as around /tmp and /etc.
    const around = dirname(made);
    assert.notEqual(statSync(around).mode & 0o077, 0);
    return made;
  };
  const theirs = open(0o777, ['home-id']);
  chownSync(join(theirs, 'home-id'), STUDENT, STUDENT);
  for (const home of [open(0o1777), open(0o1777, ['home-id']), open(0o755, ['passwd']), theirs]) {
    const { mode } = statSync(home);
    assert.throws(() => openHome(home), isCode('home-shared'));
    assert.equal(statSync(home).mode, mode);
    assert.ok(!existsSync(join(home, 'runs')));
  }
  const disk = folder();
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', disk]);
  try {
    chmodSync(disk, 0o1777);
    writeFileSync(join(disk, 'yours'), '');
    assert.throws(() => openHome(disk), isCode('home-shared'));
    rmSync(join(disk, 'yours'));
    openHome(disk);
    assert.equal(statSync(disk).mode & 0o777, 0o700);
  } finally {
    execFileSync('umount', [disk]);
  }
});

test('what was copied into a home, open to others as copies are, is closed to them and used', () => {
  const home = folder();
  const run = join(home, 'runs', 'copied');
  mkdirSync(run, { recursive: true, mode: 0o755 });
  writeFileSync(join(run, 'journal.jsonl'), '');
  for (const each of [join(home, 'runs'), run]) chmodSync(each, 0o755);
  makeOwnFolder(run);
  assert.equal(statSync(run).mode & 0o777, 0o700);
});

test('a journal that is a link cuts nothing elsewhere, and one that is a pipe holds up nobody', () => {
  const home = folder();
  openHome(home);
  const precious = join(folder(), 'precious');
  writeFileSync(precious, 'all of it');
  makeFolder(runFolder(home, 'linked'));
  symlinkSync(precious, journalFile(home, 'linked'));
  makeFolder(runFolder(home, 'piped'));
  execFileSync('mkfifo', [journalFile(home, 'piped')]);
  for (const run of ['linked', 'piped']) {
    assert.throws(() => readJournal(journalFile(home, run)), isCode('not-a-file'));
    assert.throws(() => openJournal(journalFile(home, run), 'me'), isCode('not-a-file'));
  }
  assert.equal(readFileSync(precious, 'utf8'), 'all of it');
});

test('the current run is not written through a link that waits for it', () => {
  const home = folder();
  openHome(home);
  const precious = join(folder(), 'precious');
  writeFileSync(precious, 'all of it');
  symlinkSync(precious, join(home, `current-run.lab.${process.pid}`));
  symlinkSync(precious, join(home, 'current-run.lab'));
  rememberRun(home, 'lab', 'mine');
  assert.equal(readFileSync(precious, 'utf8'), 'all of it');
  assert.equal(currentRun(home, 'lab'), 'mine');
});

test('what is no folder in the place of one is told as that, by all who look into it', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, 'all of it');
  for (const look of [
    () => makeOwnFolder(file),
    () => openHome(file),
    () => homeIdIn(file),
    () => passesIn(file),
  ])
    assert.throws(look, isCode('not-a-folder'), String(look));
  assert.equal(readFileSync(file, 'utf8'), 'all of it');
});
