/** Trouble that is known is told with its mend, and ends with 2: a dead engine, a home that cannot be written, a torn journal, texts that are missing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { NOT_HERE, openLab, type TestLab } from './lab.ts';

describe('known trouble', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  test('an endpoint that is named but dead is trouble, exit 2, with its mend', async () => {
    const { code, stderr } = await lab.pglab('next', '--yes', '--host', NOT_HERE);
    assert.equal(code, 2);
    assert.match(stderr, /^No Docker engine answers at unix:\/\/\/nonexistent\/docker.sock \(ENOENT\)\.\n→ /);
    const json = await lab.json('next', '--yes', '--host', NOT_HERE);
    assert.deepEqual(
      [json.code, json.trouble?.code, json.outcome, json.engine],
      [2, 'engine-unreachable', 'unknown', null],
    );
    const tap = await lab.pglab('next', '--yes', '--host', NOT_HERE, '--format', 'tap');
    assert.match(tap.stdout, /^TAP version 13\nBail out! engine-unreachable: /);
  });

  test('a PGLAB_HOME that cannot be written', async () => {
    const file = join(lab.home, 'a-file');
    writeFileSync(file, '');
    const other = openLab({ PGLAB_HOME: join(file, 'home') });
    const { code, stderr } = await other.pglab('next', '--yes');
    assert.equal(code, 2);
    assert.match(stderr, /cannot be written: /);
    rmSync(other.home, { recursive: true });
  });

  test('a journal that is cut in the middle of a line', async () => {
    assert.equal((await lab.pglab('run', 'image', '--yes', '--run', 'torn')).code, 0);
    const file = join(lab.home, 'runs/torn/journal.jsonl');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, '{"v":1,"seq":99,"type":"step-end');
    const { list, code } = await lab.json('list', '--run', 'torn');
    assert.deepEqual([code, (list as { outcome: string }[])[0]?.outcome], [0, 'met']);
    assert.equal((await lab.pglab('run', 'image', '--yes', '--run', 'torn')).code, 0);
    const after = readFileSync(file, 'utf8');
    assert.ok(after.startsWith(before));
    for (const line of after.trimEnd().split('\n')) JSON.parse(line);
    appendFileSync(file, 'garbage\n');
    const damaged = await lab.pglab('run', 'image', '--yes', '--run', 'torn');
    assert.equal(damaged.code, 0);
    assert.match(damaged.stdout, /journal has lines that cannot be read: 1\./);
  });

  test('a run that is in use says by whom', async () => {
    const run = join(lab.home, 'runs/held');
    mkdirSync(run, { recursive: true });
    const started = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
    writeFileSync(join(run, 'lock'), `${process.pid} ${started} pglab next`);
    const { code, stderr } = await lab.pglab('run', 'image', '--yes', '--run', 'held');
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`process ${process.pid} `));
  });

  test('check judges beside who has the run, and writes nothing into it', async () => {
    const run = ['--run', 'watched', '--lang', 'en'];
    assert.equal((await lab.pglab('run', 'image', '--yes', ...run)).code, 0);
    const folder = join(lab.home, 'runs/watched');
    const journal = () => readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    const before = journal();
    const started = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
    writeFileSync(join(folder, 'lock'), `${process.pid} ${started} pglab page`);
    const met = await lab.pglab('check', 'image', ...run);
    assert.deepEqual([met.code, met.stderr], [0, ''], met.stdout);
    assert.match(
      met.stdout.replace(/\s+/g, ' '),
      new RegExp(`Process ${process.pid} \\(.pglab page.\\) goes on`),
    );
    const open = await lab.json('check', 'detached-run', ...run);
    assert.deepEqual([open.code, open.outcome, open.trouble], [1, 'not-met', null]);
    assert.equal(journal(), before);
    assert.equal((await lab.pglab('check', '--watch', ...run)).code, 2);
    assert.equal((await lab.pglab('next', '--yes', ...run)).code, 2);
    rmSync(join(folder, 'lock'));
  });

  test('content with a broken placeholder, and content that is missing', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'pglab-lab-')), 'tiny');
    cpSync(join(import.meta.dirname, '../labs/tiny'), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(import.meta.dirname, '../..'), join(folder, 'node_modules/pglab'));
    const step = join(folder, '01-hello.js');
    writeFileSync(step, readFileSync(step, 'utf8').replaceAll('echo hello', 'echo {{nope}}'));
    const broken = await lab.pglab('run', 'hello', '--yes', '--run', 'broken');
    assert.equal(broken.code, 64, 'the lab of this home has no such step');
    const other = openLab({ PGLAB_LAB: folder });
    const { code, stderr } = await other.pglab('run', 'hello', '--yes');
    assert.deepEqual([code, /\{\{nope\}\} has no value/.test(stderr)], [2, true], stderr);
    rmSync(join(folder, 'content/01-hello.zh.md'));
    assert.equal((await other.pglab('list', '--lang', 'zh')).code, 2);
    assert.equal((await other.pglab('list', '--lang', 'en')).code, 0);
    await other.end();
  });

  test('texts of the help that are missing keep no verb from running, and no other line from being shown', () => {
    const copy = mkdtempSync(join(tmpdir(), 'pglab-texts-'));
    for (const part of ['dist', 'content', 'package.json'])
      cpSync(part, join(copy, part), { recursive: true });
    const file = join(copy, 'content/messages.en.md');
    const damaged = readFileSync(file, 'utf8').replace(
      /^## (verb|option)-(?!list|next)[\s\S]*?(?=^## )/gm,
      '',
    );
    writeFileSync(file, damaged);
    const call = (...args: string[]) =>
      spawnSync(process.execPath, [join(copy, 'dist/pglab.js'), ...args], {
        env: { ...process.env, PGLAB_HOME: join(copy, 'home'), PGLAB_LANG: 'en' },
        encoding: 'utf8',
      });
    const list = call('list');
    assert.deepEqual([list.status, list.stderr], [0, '']);
    assert.match(list.stdout, /port-mapping/);
    const help = call('--help');
    assert.equal(help.status, 0, help.stderr);
    assert.match(help.stdout, /^ {2}list .* the steps/m);
    assert.match(help.stdout, /^ {2}image .* verb-image$/m);
    rmSync(copy, { recursive: true });
  });

  test('what was installed anew or moved while it ran is told so, with its texts and without', () => {
    const copy = mkdtempSync(join(tmpdir(), 'pglab-gone-'));
    for (const part of ['dist', 'content', 'package.json'])
      cpSync(part, join(copy, part), { recursive: true });
    const call = (...args: string[]) =>
      spawnSync(process.execPath, [join(copy, 'dist/pglab.js'), ...args], {
        env: { ...process.env, PGLAB_HOME: join(copy, 'home'), PGLAB_LANG: 'en' },
        encoding: 'utf8',
      });
    // A build gives new names to what has changed.
    for (const chunk of readdirSync(join(copy, 'dist/chunks')))
      if (/^doctor-/.test(chunk)) rmSync(join(copy, 'dist/chunks', chunk));
    const replaced = call('doctor');
    assert.deepEqual([replaced.status, replaced.stdout], [2, ''], replaced.stderr);
    assert.match(replaced.stderr, /^Files of pglab itself are not there any more: .*\n→ Call it again\./);
    for (const part of ['content', 'package.json']) rmSync(join(copy, part), { recursive: true });
    for (const args of [['--help'], ['list'], ['check', '--format', 'json']]) {
      const { status, stderr } = call(...args);
      assert.deepEqual([status, stderr.split('\n').length], [2, 2], stderr);
      assert.match(stderr, /^Files of pglab itself are gone: /);
    }
    rmSync(copy, { recursive: true });
  });

  test('a home where not even root may write', async () => {
    const other = openLab({ PGLAB_HOME: '/proc/pglab' });
    const { code, stderr } = await other.pglab('run', 'image', '--yes');
    assert.deepEqual([code, /\/proc\/pglab cannot be written: /.test(stderr)], [2, true], stderr);
    const doctor = await other.pglab('doctor');
    assert.equal(doctor.code, 2, doctor.stderr);
    assert.match(doctor.stdout, /^✗ home /m);
    rmSync(other.home, { recursive: true });
  });
});
