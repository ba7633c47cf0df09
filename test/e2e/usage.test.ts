/** Bad input gets one clear sentence and its own exit code; nothing is lost, no stack is shown. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parse } from 'junit2json';
import { Parser } from 'tap-parser';
import { openLab, type TestLab } from './lab.ts';

describe('wrong usage', () => {
  let lab: TestLab;
  before(() => {
    lab = openLab();
  });
  after(() => lab.end());

  const wrong: string[][] = [
    ['nxt'],
    ['run'],
    ['run', 'port-maping'],
    ['run', 'image', '--all'],
    ['check', 'nope'],
    ['show', 'nope'],
    ['next', '--bogus'],
    ['next', '--port'],
    ['next', 'image'],
    ['list', '--lang', 'fr'],
    ['list', '--format', 'xml'],
    ['show', '--format', 'junit'],
    ['doctor', '--format', 'tap'],
    ['report', '--all-runs', '--format', 'html', '--out', ''],
    ['report', '--all-runs', '--format', 'html', '--pass', '1'],
    ['list', '--all-runs', '--format', 'junit'],
    ['list', '--all-runs', '--format', 'tap'],
    ['next', '--port', '0'],
    ['next', '--port', '70000'],
    ['next', '--port', 'abc'],
    ['next', '--image', 'x; rm -rf /'],
    ['next', '--image', ''],
    ['next', '--image', 'Postgres'],
    ['next', '--run', 'Not A Run'],
    ['next', '--host', 'nonsense'],
    ['engine', 'sideways'],
    ['image', 'build', '--major', 'x'],
  ];
  for (const args of wrong) {
    for (const language of ['en', 'zh']) {
      test(`${args.join(' ')} (${language})`, async () => {
        const { code, stdout, stderr } = await lab.pglab(
          ...args,
          ...(args.includes('--lang') ? [] : ['--lang', language]),
        );
        assert.equal(code, 64, stderr);
        const isForMachines = args.includes('junit') || args.includes('tap');
        assert.equal(stdout !== '', isForMachines, 'on stdout only what a machine asked for');
        assert.match(stderr, /^.+\n→ .+\n$/, 'a sentence, and what to do');
        assert.doesNotMatch(stderr, /\n\s+at |\{\{|…$/m);
        if (language === 'zh' && !args.includes('--lang')) assert.match(stderr, /\p{Script=Han}/u);
      });
    }
  }

  test('wrong usage in each format for machines: it can be read, and says that it is wrong usage', async () => {
    for (const args of [
      ['run', 'port-maping'],
      ['next', '--bogus'],
      ['list', '--all-runs'],
      ['engine', 'up', 'now'],
    ]) {
      const { code, stdout } = await lab.pglab(...args, '--format', 'junit');
      const report = await parse(stdout);
      const suites = report && 'testsuite' in report ? (report.testsuite ?? []) : [];
      const errors = suites.flatMap(({ testcase = [] }) => testcase).flatMap(({ error = [] }) => error);
      assert.deepEqual([code, errors.map(({ type }) => type)], [64, ['usage']], stdout);
      const tap = await lab.pglab(...args, '--format', 'tap');
      const bailout = Parser.parse(tap.stdout).find((line) => line[0] === 'bailout');
      assert.equal(tap.code, 64);
      assert.match(String(bailout?.[1]), /^usage: /);
    }
  });

  test('wrong usage as JSON has the envelope and trouble.code usage', async () => {
    const { code, trouble, outcome, schema } = await lab.json('run', 'port-maping');
    assert.deepEqual([code, trouble?.code, outcome, schema], [64, 'usage', 'unknown', 1]);
    assert.match(trouble?.message ?? '', /port-maping/);
    assert.match(trouble?.fix ?? '', /port-mapping/);
  });
});
