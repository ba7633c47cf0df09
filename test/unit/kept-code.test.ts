/** What a verb has compiled is kept for its next process, and never takes the place of what its files say. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';

const KEPT_CODE = join(import.meta.dirname, '../../src/kept-code.cjs');

let folder = '';
let program = '';
let kept = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pglab-kept-code-'));
  program = join(folder, 'program');
  kept = join(folder, 'cache', 'kept');
  mkdirSync(program);
  writeFileSync(join(program, 'word.js'), "module.exports = () => 'first';");
  writeFileSync(join(program, 'say.js'), "process.stdout.write(require('./word.js')());");
});

/** What a process says that begins as the launcher does. */
function said(exitCode = 0): string {
  const start = `require(${JSON.stringify(KEPT_CODE)}).keepCode(${JSON.stringify(program)}, ${JSON.stringify(kept)});`;
  const script = `${start} require(${JSON.stringify(join(program, 'say.js'))}); process.exit(${exitCode});`;
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
}

function keptFile(): string {
  const [name = '', ...others] = readdirSync(kept);
  assert.deepEqual(others, []);
  return join(kept, name);
}

test('the second process takes what the first one kept, for its user alone', () => {
  assert.equal(said(), 'first');
  const { ino, mode } = statSync(keptFile());
  assert.equal(mode & 0o777, 0o600);
  assert.equal(statSync(kept).mode & 0o777, 0o700);
  assert.equal(said(), 'first');
  assert.equal(statSync(keptFile()).ino, ino);
});

test('a file that was changed is compiled anew, though it is as long as before', () => {
  said();
  writeFileSync(join(program, 'word.js'), "module.exports = () => 'other';");
  assert.equal(said(), 'other');
  assert.equal(said(), 'other');
});

test('what is imported while it runs is found by each process, and Node warns of nothing', () => {
  writeFileSync(join(program, 'theirs.mjs'), "export default 'from outside';");
  const outside = JSON.stringify(join(program, 'theirs.mjs'));
  writeFileSync(
    join(program, 'word.js'),
    `module.exports = () => { import(${outside}).then((it) => process.stdout.write(it.default)); return 'first '; };`,
  );
  const start = `require(${JSON.stringify(KEPT_CODE)}).keepCode(${JSON.stringify(program)}, ${JSON.stringify(kept)});`;
  const script = `${start} require(${JSON.stringify(join(program, 'say.js'))});`;
  for (let times = 0; times < 3; times += 1) {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    assert.deepEqual([stdout, stderr], ['first from outside', '']);
  }
});

test('what a bad disk has changed is not run, and is replaced', () => {
  said();
  const bytes = readFileSync(keptFile());
  for (const at of [0, 40, bytes.length - 300]) {
    const bad = Buffer.from(bytes);
    bad[at] = ~(bad[at] as number);
    writeFileSync(keptFile(), bad);
    assert.equal(said(), 'first');
    assert.notDeepEqual(readFileSync(keptFile()), bad);
  }
  writeFileSync(keptFile(), '');
  assert.equal(said(), 'first');
  const name = keptFile();
  rmSync(name);
  execFileSync('mkfifo', [name]);
  assert.equal(said(), 'first');
});

test('what others may write is neither read nor written', () => {
  said();
  // As others would have it: code for a word that the files do not say.
  const bytes = readFileSync(keptFile());
  writeFileSync(keptFile(), 'theirs');
  chmodSync(kept, 0o777);
  assert.equal(said(), 'first');
  assert.equal(readFileSync(keptFile(), 'utf8'), 'theirs');
  chmodSync(kept, 0o700);
  writeFileSync(keptFile(), bytes);
  chmodSync(keptFile(), 0o666);
  const { ino } = statSync(keptFile());
  assert.equal(said(), 'first');
  assert.notEqual(statSync(keptFile()).ino, ino);
});

test('a process that failed keeps nothing, nor is one that cannot write hindered', () => {
  assert.throws(() => said(70));
  assert.throws(() => readdirSync(kept), { code: 'ENOENT' });
  writeFileSync(join(folder, 'cache'), 'no folder');
  assert.equal(said(), 'first');
});
