import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'junit2json';
import { Parser } from 'tap-parser';
import type { JournalEvent, JournalLine, Judged } from '../../src/journal/events.ts';
import { standingOf } from '../../src/journal/standing.ts';
import { Content } from '../../src/lab/content.ts';
import { worstOf } from '../../src/outcome.ts';
import { causeOfPsql } from '../../src/postgres/psql.ts';
import { FORMATS, formatOf, formatted, isForMachines, wantsOutcomes } from '../../src/report/formats.ts';
import { recordedResult } from '../../src/report/recorded.ts';
import { emptyResult, type Result } from '../../src/report/result.ts';

function result(): Result {
  const check = {
    id: 'c',
    expected: 'e <&> "',
    observed: 'o \u001b[1m',
    finding: null,
    note: null,
    evidence: 'docker ps',
  };
  const step = { reason: null, durationMs: 1500, commands: [] };
  return {
    ...emptyResult('lab', 'run'),
    outcome: 'not-met',
    steps: [
      { ...step, id: 'one', outcome: 'met', checks: [{ ...check, outcome: 'met' }] },
      {
        ...step,
        id: 'two',
        outcome: 'not-met',
        checks: [{ ...check, outcome: 'not-met', finding: 'no-container' }],
      },
      { ...step, id: 'three', outcome: 'unknown', checks: [{ ...check, outcome: 'unknown' }] },
      { ...step, id: 'four', outcome: 'skipped', reason: 'one # major', checks: [] },
    ],
  };
}

test('of several outcomes the worst counts, and skipped counts as met', () => {
  assert.equal(worstOf(['met', 'unknown', 'not-met']), 'not-met');
  assert.equal(worstOf(['met', 'unknown', 'skipped']), 'unknown');
  assert.equal(worstOf(['met', 'skipped']), 'met');
  assert.equal(worstOf([]), 'met');
});

test('JSON has the fixed keys, in the fixed order', () => {
  assert.deepEqual(Object.keys(JSON.parse(formatted('json', emptyResult('lab', null)))), [
    'schema',
    'lab',
    'run',
    'outcome',
    'engine',
    'image',
    'steps',
    'trouble',
  ]);
});

test('JUnit: not met is a failure, unknown an error, skipped is skipped, and all is escaped', () => {
  const text = formatted('junit', result());
  assert.match(text, /<testsuite name="one" tests="1" failures="0" errors="0" skipped="0" time="1.500">/);
  assert.match(text, /<testcase classname="two" name="c"><failure type="no-container"/);
  assert.match(text, /<testcase classname="three" name="c"><error type="unknown"/);
  assert.match(text, /<testcase classname="four" name="four"><skipped message="one # major"\/>/);
  assert.match(text, /expected: e &lt;&amp;&gt; &quot;/);
  assert.ok(!text.includes('\u001b'));
});

test('TAP: a plan, a line a check, details for what is not met; trouble bails out', () => {
  const text = formatted('tap', result());
  assert.match(text, /^TAP version 13\n1\.\.4\nok 1 - one: c\nnot ok 2 - two: c\n {2}---\n/);
  assert.match(text, /ok 4 - four # SKIP one \\# major/);
  const trouble = { code: 'engine-unreachable', message: 'No\nengine', fix: 'x' };
  assert.match(formatted('tap', { ...result(), trouble }), /\nBail out! engine-unreachable: No engine$/);
});

test('a format is known by its name; JUnit and TAP carry outcomes alone', () => {
  assert.deepEqual(FORMATS, ['text', 'json', 'junit', 'tap', 'md', 'html', 'svg']);
  for (const name of ['', 'xml', 'JSON', 'constructor', 'toString']) assert.equal(formatOf(name), null, name);
  assert.deepEqual(FORMATS.filter(isForMachines), ['json', 'junit', 'tap']);
  assert.deepEqual(FORMATS.filter(wantsOutcomes), ['junit', 'tap']);
});

function judged(id: string, outcome: Judged['outcome']): Judged {
  const finding = outcome === 'not-met' ? ('image-missing' as const) : null;
  return {
    id,
    kind: id,
    outcome,
    values: { ref: 'postgres:17' },
    finding,
    note: null,
    evidence: 'docker ps',
  };
}

/** One met, with one of its checks by now not met; one not met; one skipped; one begun; one met by its end alone. */
const STORY: JournalEvent[] = [
  { type: 'step-started', step: 'image', values: {} },
  { type: 'judged', step: 'image', check: judged('obtained', 'met') },
  { type: 'judged', step: 'image', check: judged('present', 'met') },
  { type: 'step-ended', step: 'image', outcome: 'met', reason: null, durationMs: 1200, values: {} },
  { type: 'judged', step: 'image', check: judged('present', 'not-met') },
  { type: 'step-started', step: 'port-mapping', values: {} },
  { type: 'judged', step: 'port-mapping', check: judged('published', 'not-met') },
  { type: 'step-ended', step: 'port-mapping', outcome: 'not-met', reason: null, durationMs: 1, values: {} },
  {
    type: 'step-ended',
    step: 'two-versions',
    outcome: 'skipped',
    reason: 'one-major',
    durationMs: 1,
    values: {},
  },
  { type: 'step-started', step: 'disposable', values: {} },
  { type: 'checked', step: 'exec-psql', outcome: 'met', reason: null, durationMs: 1, values: {} },
];
const STEMS: Readonly<Record<string, string>> = {
  image: '01-image',
  'exec-psql': '05-exec-psql',
  'port-mapping': '06-port-mapping',
  'two-versions': '08-two-versions',
  disposable: '10-disposable',
};

function recorded(): Result {
  const lines = STORY.map(
    (event, at) => ({ v: 3, seq: at + 1, at: '', participant: 'me', ...event }) as JournalLine,
  );
  const of = { lab: 'lab', run: 'run', steps: Object.keys(STEMS) };
  const content = new Content('en', 'content/postgres-in-docker');
  return recordedResult(of, standingOf(lines), content, (step) => STEMS[step] ?? step);
}

test('what a journal has recorded is a result: checks as they were at the end, in the order of the text', () => {
  const { steps, outcome } = recorded();
  assert.equal(outcome, 'not-met');
  assert.deepEqual(
    steps.map((step) => [step.id, step.outcome, step.checks.map((check) => `${check.id} ${check.outcome}`)]),
    [
      ['image', 'met', ['present met', 'obtained met']],
      ['exec-psql', 'met', []],
      ['port-mapping', 'not-met', ['published not-met']],
      ['two-versions', 'skipped', []],
      ['disposable', 'skipped', []],
    ],
  );
  assert.equal(steps[0]?.durationMs, 1200);
  assert.match(steps[2]?.checks[0]?.observed ?? '', /postgres:17 is not on this engine/);
  assert.match(steps[3]?.reason ?? '', /^There is only one major|major/);
  assert.equal(steps[4]?.reason, 'not finished yet');
});

test('JUnit and TAP of what is recorded are read back whole; a step without checks is a case of its own', async () => {
  const report = await parse(formatted('junit', recorded()));
  const suites = report && 'testsuite' in report ? (report.testsuite ?? []) : [];
  assert.deepEqual(
    suites.map(({ name, tests, failures, skipped }) => [name, tests, failures, skipped].join(' ')),
    ['image 2 0 0', 'exec-psql 1 0 0', 'port-mapping 1 1 0', 'two-versions 1 0 1', 'disposable 1 0 1'],
  );
  const lines = Parser.parse(formatted('tap', recorded()));
  const results = lines.flatMap((line) => (line[0] === 'assert' ? [line[1]] : []));
  assert.deepEqual(
    results.map(({ ok, name, skip }) => `${ok} ${name}${skip ? ' skipped' : ''}`),
    [
      'true image: present',
      'true image: obtained',
      'true exec-psql: exec-psql',
      'false port-mapping: published',
      'true two-versions skipped',
      'true disposable skipped',
    ],
  );
});

test('causes are read from the words of psql', () => {
  const said = {
    'ERROR:  42P01: relation "notes" does not exist': '42P01',
    'psql: error: connection to server at "127.0.0.1", port 5432 failed: Connection refused': 'ECONNREFUSED',
    'psql: could not connect to server: No such file or directory': 'ENOENT',
    'fe_sendauth: no password supplied': 'no-password',
    'FATAL:  password authentication failed for user "postgres"': '28P01',
    'FATAL:  the database system is starting up': '57P03',
    'FATAL:  pg_hba.conf rejects connection for host "127.0.0.1", user "postgres"': '28000',
    'FATAL:  role "postgres" is not permitted to log in': '28000',
    'FATAL:  too many connections for role "postgres"': '53300',
    'server closed the connection unexpectedly': 'closed',
    'anything else': 'failed',
  };
  for (const [text, cause] of Object.entries(said)) assert.equal(causeOfPsql(text), cause, text);
});
