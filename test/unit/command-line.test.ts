import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsed } from '../../src/commands/command-line.ts';
import { helpOf } from '../../src/commands/help.ts';
import { PGLAB } from '../../src/commands/verbs.ts';
import { Content } from '../../src/lab/content.ts';
import { Usage } from '../../src/trouble.ts';
import { widthOf } from '../../src/wrap.ts';

const read = (line: string) => {
  const { path, words, options, asks } = parsed(line.split(' ').filter(Boolean));
  return [path.map(({ name }) => name).join(' '), words, options, asks];
};

test('verbs, words and options, wherever the options stand', () => {
  assert.deepEqual(read(''), ['pglab', [], {}, null]);
  assert.deepEqual(read('run image --all'), ['pglab run', ['image'], { all: true }, null]);
  assert.deepEqual(read('--lang zh run --lang=en'), ['pglab run', [], { lang: 'en' }, null]);
  assert.deepEqual(read('run run list'), ['pglab run', ['run', 'list'], {}, null]);
  assert.deepEqual(read('image build --major 15 -y'), [
    'pglab image build',
    [],
    { major: '15', yes: true },
    null,
  ]);
  assert.deepEqual(read('next --no-by-hand --no-color'), [
    'pglab next',
    [],
    { byHand: false, color: false },
    null,
  ]);
  assert.deepEqual(read('run --run --all -- --yes'), ['pglab run', ['--yes'], { run: '--all' }, null]);
  assert.deepEqual(parsed(['list', '--host', '']).options, { host: '' });
  assert.deepEqual(read('list --host=a=b'), ['pglab list', [], { host: 'a=b' }, null]);
});

test('help and version come before any refusal', () => {
  assert.deepEqual(read('run -yh --bogus'), ['pglab run', [], { yes: true }, 'help']);
  assert.equal(read('nxt --help')[3], 'help');
  assert.equal(read('list -V')[3], 'version');
});

test('what no verb takes is refused, each by its own code', () => {
  const wrong: [string, string, string][] = [
    ['run --bogus', 'unknown-option', '--bogus'],
    ['list --all', 'unknown-option', '--all'],
    ['--all run', 'unknown-option', '--all'],
    ['next --yes=1', 'unknown-option', '--yes=1'],
    ['next -x', 'unknown-option', '-x'],
    ['next --port', 'option-needs-value', '--port <n>'],
    ['report --out=', 'option-needs-value', '--out <file>'],
    ['doctor --bundle= --yes', 'option-needs-value', '--bundle <file>'],
  ];
  for (const [line, code, what] of wrong) {
    assert.throws(
      () => read(line),
      (error) => error instanceof Usage && error.code === code && error.values.what === what,
      line,
    );
  }
});

test('the help of a verb, in columns, wrapped to the width', () => {
  const content = new Content('en', '');
  const check = PGLAB.verbs?.find(({ name }) => name === 'check');
  assert.ok(check);
  const help = helpOf([PGLAB, check], 64, (key, values) => content.say('messages', key, values));
  assert.match(
    help,
    /^Usage: pglab check \[options\] \[step\.\.\.\]\n\njudge what is there, and run nothing\n\nOpt/,
  );
  assert.match(help, /^ {2}-y, --yes {10}ask nothing: take the default, or refuse\n {21}clearly\n/m);
  assert.match(help, /^ {2}--watch {12}\S/m);
  assert.match(help, /^ {2}-h, --help {9}this help\n$/m);
  for (const line of help.split('\n')) assert.ok(line.length <= 64, line);
});

test('the help of all names each verb once', () => {
  const content = new Content('en', '');
  const help = helpOf([PGLAB], 80, (key, values) => content.say('messages', key, values));
  for (const { name } of PGLAB.verbs ?? [])
    assert.equal(help.match(new RegExp(`^ {2}${name} \\[options\\]`, 'gm'))?.length, 1, name);
  for (const code of [0, 1, 2, 64, 70, 130]) assert.match(help, new RegExp(`Exit codes:[^]* ${code} `));
});

test('the help in Chinese keeps to its columns, which its characters take two of', () => {
  const content = new Content('zh', '');
  const group = PGLAB.verbs?.find(({ name }) => name === 'workshop');
  assert.ok(group);
  const help = helpOf([PGLAB, group], 80, (key, values) => content.say('messages', key, values));
  const rows = help.split('\n');
  for (const row of rows) assert.ok(widthOf(row) <= 80, row);
  const texts = rows.flatMap((row) => /^( {2}(?:-|[a-z]).*? {2,})\p{Script=Han}/u.exec(row)?.[1] ?? []);
  assert.ok(texts.length > 20);
  assert.equal(new Set(texts.slice(-20).map(widthOf)).size, 1, 'what is beside the terms is one column');
  assert.doesNotMatch(help, /\[options\]/);
});
