/** What a grader in CI reads: JUnit and TAP, read back by parsers that are not ours. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parse } from 'junit2json';
import { Parser } from 'tap-parser';
import { openLab, type TestLab } from './lab.ts';

/** What the JSON of the same look says, as counts by outcome. */
interface Counts {
  met: number;
  notMet: number;
  unknown: number;
}

describe('reports for machines', () => {
  let lab: TestLab;
  let expected: Counts;
  let ids: string[];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6640' });
    const { code } = await lab.pglab('run', 'image', 'detached-run', 'exec-psql', '--yes');
    assert.equal(code, 0);
    const { steps } = await lab.json('check', '--all');
    const checks = steps.flatMap((step) => step.checks.map((check) => ({ ...check, step: step.id })));
    const count = (wanted: string) => checks.filter(({ outcome }) => outcome === wanted).length;
    expected = { met: count('met'), notMet: count('not-met'), unknown: count('unknown') };
    ids = checks.map(({ step, id }) => `${step} ${id}`);
    for (const some of Object.values(expected)) assert.ok(some > 0, 'a look with something of each kind');
  });
  after(() => lab.end());

  test('JUnit: each check is a case, not met a failure, unknown an error', async () => {
    const { code, stdout } = await lab.pglab('check', '--all', '--format', 'junit');
    assert.equal(code, 1);
    const report = await parse(stdout);
    assert.ok(report && 'testsuite' in report);
    const suites = report.testsuite ?? [];
    const cases = suites.flatMap(({ testcase = [] }) => testcase);
    assert.deepEqual(
      cases.map(({ classname, name }) => `${classname} ${name}`),
      ids,
    );
    const failures = cases.flatMap(({ failure = [] }) => failure);
    const errors = cases.flatMap(({ error = [] }) => error);
    assert.deepEqual(
      {
        met: cases.length - failures.length - errors.length,
        notMet: failures.length,
        unknown: errors.length,
      },
      expected,
    );
    assert.ok(failures.some(({ type }) => type === 'no-container'));
    const told = (key: 'tests' | 'failures' | 'errors') =>
      suites.reduce((sum, suite) => sum + Number(suite[key] ?? 0), 0);
    assert.deepEqual(
      [told('tests'), told('failures'), told('errors')],
      [ids.length, expected.notMet, expected.unknown],
    );
  });

  test('TAP: a plan that is kept, a line a check, the details of each that is not met', async () => {
    const { code, stdout } = await lab.pglab('check', '--all', '--format', 'tap');
    assert.equal(code, 1);
    const lines = Parser.parse(stdout);
    const results = lines.flatMap((line) => (line[0] === 'assert' ? [line[1]] : []));
    assert.deepEqual(
      results.map(({ name }) => name.replace(': ', ' ')),
      ids,
    );
    const failed = results.filter(({ ok }) => !ok);
    assert.equal(failed.length, expected.notMet + expected.unknown);
    for (const { diag, name } of failed) assert.ok(diag?.observed && diag.evidence !== undefined, name);
    const complete = lines.find((line) => line[0] === 'complete')?.[1];
    assert.ok(complete && typeof complete === 'object');
    assert.deepEqual(
      [complete.plan.end, complete.bailout, complete.failures.length],
      [ids.length, false, failed.length],
    );
  });

  test('list gives what is recorded: the checks of steps that ended, and the others as not finished', async () => {
    const { list } = (await lab.json('list')) as unknown as {
      list: { id: string; outcome: string | null }[];
    };
    const ended = list.filter(({ outcome }) => outcome === 'met').map(({ id }) => id);
    const open = list.filter(({ outcome }) => outcome === null).map(({ id }) => id);
    assert.ok(ended.length >= 3 && open.length > 0);
    const junit = await lab.pglab('list', '--format', 'junit');
    const report = await parse(junit.stdout);
    const suites = report && 'testsuite' in report ? (report.testsuite ?? []) : [];
    assert.deepEqual([junit.code, suites.map(({ name }) => name)], [0, list.map(({ id }) => id)]);
    assert.deepEqual(
      suites.filter(({ skipped }) => Number(skipped) > 0).map(({ name }) => name),
      open,
    );
    const cases = suites.flatMap(({ testcase = [] }) => testcase).filter(({ skipped }) => !skipped);
    const names = cases.map(({ classname, name }) => `${classname} ${name}`);
    assert.deepEqual(
      names,
      ids.filter((name) => ended.includes(name.split(' ')[0] as string)),
    );
    const tap = await lab.pglab('list', '--format', 'tap');
    const results = Parser.parse(tap.stdout).flatMap((line) => (line[0] === 'assert' ? [line[1]] : []));
    assert.equal(tap.code, 0);
    assert.deepEqual(
      results.filter(({ skip }) => !skip).map(({ name }) => name.replace(': ', ' ')),
      names,
    );
    assert.deepEqual(
      results.filter(({ skip }) => skip).map(({ name }) => name),
      open,
    );
  });

  test('trouble: an error in JUnit, a bail-out in TAP', async () => {
    const nowhere = ['check', '--host', 'unix:///nowhere/docker.sock', '--format'];
    const junit = await lab.pglab(...nowhere, 'junit');
    const report = await parse(junit.stdout);
    const cases = (report && 'testsuite' in report ? (report.testsuite ?? []) : []).flatMap(
      ({ testcase = [] }) => testcase,
    );
    assert.deepEqual(
      [junit.code, cases.flatMap(({ error = [] }) => error).map(({ type }) => type)],
      [2, ['engine-unreachable']],
    );
    const tap = await lab.pglab(...nowhere, 'tap');
    const bailout = Parser.parse(tap.stdout).find((line) => line[0] === 'bailout');
    assert.equal(tap.code, 2);
    assert.match(String(bailout?.[1]), /engine-unreachable/);
  });
});
