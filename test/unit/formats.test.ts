import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worstOf } from '../../src/outcome.ts';
import { formatted } from '../../src/report/formats.ts';
import { emptyResult, type Result } from '../../src/report/result.ts';
import { causeOfPsql } from '../../src/runner/judge/looking.ts';

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
