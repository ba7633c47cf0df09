/** Labs from elsewhere whose code is careless or hostile: one sentence says what is wrong, and every verb comes to its end. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { harmless } from './harmless.ts';
import { openLab } from './lab.ts';

const TINY = join(import.meta.dirname, '../labs/tiny');
const STEP = '02-sleeper.js';

const lab = openLab();
const folder = mkdtempSync(join(tmpdir(), 'pglab-broken-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(lab.home, { recursive: true, force: true });
});

let labs = 0;

/** A copy of the tiny lab, with this before its second step, or in that step's place. */
function labWith(code: string, how: 'before' | 'instead' = 'before'): string {
  const path = join(folder, `lab-${String.fromCharCode(97 + labs++)}`);
  cpSync(TINY, path, { recursive: true });
  const step = join(path, STEP);
  writeFileSync(step, how === 'before' ? `${code}\n${readFileSync(step, 'utf8')}` : code);
  return path;
}

/** What `check` and `lab check` say of it, once each was held to be harmless, bounded, and no bug of ours. */
async function whyOf(path: string): Promise<string> {
  const [{ code, stdout, stderr }, checked] = await Promise.all([
    lab.pglab('check', '--format', 'json', '--lab', path),
    lab.pglab('lab', 'check', path),
  ]);
  harmless(stdout + stderr, path);
  const { trouble } = JSON.parse(stdout);
  assert.deepEqual([code, trouble?.code], [2, 'lab-broken'], stderr);
  assert.doesNotMatch(stderr, /^ +at /m);
  harmless(checked.stdout + checked.stderr, path);
  assert.deepEqual([checked.code, checked.stderr], [1, ''], checked.stdout);
  assert.match(checked.stdout, /✗ 02-sleeper\.js/);
  return trouble.message;
}

const NEVER_ENDS = [
  ['spins', 'while (true) {}', /within 10 seconds/],
  ['waits for what never comes', 'await new Promise(() => {});', /waits at its top level/],
  ['waits, and has a timer', 'setInterval(() => {}, 1e6); await new Promise(() => {});', /within 10 seconds/],
] as const;

for (const [what, code, why] of NEVER_ENDS) {
  test(`a step file that ${what} is told, and waited for no longer`, async () => {
    assert.match(await whyOf(labWith(code)), why);
  });
}

test('a step file that writes what it likes where its trial speaks is no bug of ours, and no other file’s fault', async () => {
  const said = ['{}', '[]', 'null', '"begun"', '{"begun":5}', '{"passed":{}}', 'x'.repeat(90_000)];
  const writes = `(await import('node:fs')).writeSync(3, ${JSON.stringify(`${said.join('\n')}\n`)});`;
  const path = labWith(`if (process.argv[1].includes('lab-trial')) ${writes}`);
  const { code, stderr } = await lab.pglab('show', 'sleeper', '--lab', path);
  assert.equal(code, 0, stderr);
});

test('a step file that ends the program, at once, later or by a signal, is told: never exit 0', async () => {
  for (const code of [
    'process.exit(0);',
    'setTimeout(() => process.exit(0), 1);',
    "process.kill(process.pid, 'SIGKILL');",
  ])
    assert.match(await whyOf(labWith(code)), /it ends the program/, code);
});

test('what a step file throws is told as it can be, whatever it is', async () => {
  for (const [code, why] of [
    ['throw null;', /: null$/],
    ['throw undefined;', /: undefined$/],
    ['throw Object.create(null);', /: object$/],
    ["throw { toString() { throw new Error('y'); } };", /: object$/],
    ["throw new Error('\\u001b[2Ja \\u202e\\u0007');", /␛\[2Ja/],
    ["setTimeout(() => { throw new Error('later'); }, 0);", /: later$/],
    ["Promise.reject(new Error('refused'));", /: refused$/],
    ["throw Object.assign(new Error('mine'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' });", /: mine$/],
  ] as const)
    assert.match(await whyOf(labWith(code)), why, code);
});

test('a part that throws when it is read, a promise that never comes, an id that is a path: one sentence each', async () => {
  const getter = "export default { id: 'sleeper', get commands() { throw new Error('no'); }, checks: [] };";
  assert.match(await whyOf(labWith(getter, 'instead')), /: no$/);
  assert.match(await whyOf(labWith('export default { then() {} };', 'instead')), /waits at its top level/);
  const path = labWith('');
  const step = join(path, STEP);
  writeFileSync(step, readFileSync(step, 'utf8').replace("'sleeper'", "'../../x\\n\\u001b[2Jy'"));
  assert.match(await whyOf(path), /: its id is `\.\.\/\.\.\/x␊␛\[2Jy`$/);
});

test('a step file that is a pipe, a device or a folder is not read', async () => {
  for (const put of [
    (step: string) => execFileSync('mkfifo', [step]),
    (step: string) => symlinkSync('/dev/zero', step),
    (step: string) => mkdirSync(step),
  ]) {
    const path = labWith('');
    rmSync(join(path, STEP));
    put(join(path, STEP));
    assert.match(await whyOf(path), /no plain file/);
  }
});

test('what a lab prints stays out of the results, and comes to an end', async () => {
  const path = labWith("for (let at = 0; at < 20000; at += 1) console.log('\\u001b[31m' + 'x'.repeat(200));");
  const { code, stdout, stderr } = await lab.pglab('lab', 'check', '--format', 'json', path);
  assert.deepEqual([code, JSON.parse(stdout).outcome], [0, 'met']);
  harmless(stderr, path);
  assert.ok(stderr.length < 30_000, `${stderr.length} characters`);
});

test('prose that is a link to a whole disk is not read through', async () => {
  const path = labWith('');
  rmSync(join(path, 'content'), { recursive: true });
  symlinkSync('/proc', join(path, 'content'));
  const { code, trouble } = await lab.json('check', '--lab', path);
  assert.deepEqual([code, trouble?.code], [2, 'content-broken'], trouble?.message);
});

test('a check that throws, or answers no verdict, is told as that check’s fault', async () => {
  for (const [code, why] of [
    ["throw new Error('\\u001b[2Jmine');", /the check said throws:\s+␛\[2Jmine/],
    ['return null;', /the check said answers\s+no\s+verdict/],
  ] as const) {
    const path = labWith('');
    const step = join(path, '01-hello.js');
    writeFileSync(
      step,
      readFileSync(step, 'utf8').replace('async judge(look) {', `async judge(look) { ${code}`),
    );
    const { code: exit, steps } = await lab.json('check', 'hello', '--lab', path);
    assert.equal(exit, 2);
    const [check] = steps[0]?.checks ?? [];
    assert.deepEqual([check?.outcome, check?.finding], ['unknown', 'lab-broken']);
    const told = await lab.pglab('check', 'hello', '--lab', path);
    assert.equal(told.code, 2, told.stderr);
    assert.match(told.stdout, why);
    harmless(told.stdout + told.stderr, path);
  }
});
