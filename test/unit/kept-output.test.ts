/** What is kept of a command's output, however much it prints, and what of it nobody gets to see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptOutput, LineCutter, leftOutBy } from '../../src/kept-output.ts';
import { postgres } from '../../src/postgres/postgres.ts';
import { hiderFor } from '../../src/runner/walk/hidden.ts';
import { run, runLine } from '../../src/shell.ts';

function kept(part: number, ...texts: string[]): string {
  const output = new KeptOutput(part);
  for (const text of texts) output.take(text);
  return output.text();
}

test('what is short is kept as it is', () => {
  assert.equal(kept(10, 'one\n', 'two\nthree\n'), 'one\ntwo\nthree\n');
  assert.equal(kept(10), '');
});

test('of much the first and the last part are kept, in whole lines, and it is said how many are not', () => {
  const numbers = Array.from({ length: 1_000 }, (_, at) => `${at}\n`);
  const lines = kept(40, ...numbers).split('\n');
  const at = lines.findIndex((line) => leftOutBy(line) !== null);
  assert.equal(lines[0], '0');
  assert.equal(lines.at(-2), '999');
  assert.equal(Number(lines[at - 1]) + 1 + (leftOutBy(lines[at] as string) as number), Number(lines[at + 1]));
  assert.ok(lines.join('\n').length < 120);
});

test('one line without an end is cut as well', () => {
  const text = kept(40, ...Array.from({ length: 100 }, () => 'x'.repeat(50)));
  assert.ok(text.length < 120, text);
  assert.equal(leftOutBy(text.split('\n')[1] as string), 1);
});

test('lines are passed on as they come, one that is too long in pieces', () => {
  const seen: string[] = [];
  const cutter = new LineCutter((line) => seen.push(line));
  for (const text of ['a', 'b\nc', '\n\nd']) cutter.take(text);
  cutter.end();
  assert.deepEqual(seen, ['ab', 'c', '', 'd']);
  seen.length = 0;
  for (let at = 0; at < 20; at += 1) cutter.take('x'.repeat(10_000));
  assert.ok(seen.length >= 2 && seen.every((line) => line.length < 80_000));
});

test('a command that prints 300 MB takes no memory to speak of, and all of its lines are heard', async () => {
  const before = process.memoryUsage().rss;
  let lines = 0;
  let most = 0;
  const { output, exitCode } = await runLine('seq -f %1000.0f 300000', {
    onLine() {
      lines += 1;
      if (lines % 1_000 === 0) most = Math.max(most, process.memoryUsage().rss);
    },
  });
  assert.equal(exitCode, 0);
  assert.equal(lines, 300_000);
  assert.ok(output.length < 250_000, `${output.length}`);
  // Less than what was printed: how much of it Node collects when is Node's own matter.
  assert.ok(most - before < 220e6, `${Math.round((most - before) / 1e6)} MB`);
  assert.equal((await run(['printf', 'a\\nb'])).stdout, 'a\nb');
});

const context = {
  imageRef: 'postgres:17',
  lab: { id: 'l', steps: [], settings: { image: 'postgres', ports: {}, service: postgres } },
  learnersPassword: 'horse battery',
  volumePasswords: new Map([['v', 'staple7']]),
};

test('passwords that are known, and those that an image tells itself, are hidden', () => {
  const hide = hiderFor(context, 'docker run postgres', ['tr0ub4dor']);
  const lines: [string, string][] = [
    ['it is tr0ub4dor, or staple7, or horse battery', 'it is ••••••, or ••••••, or ••••••'],
    ['GENERATED ROOT PASSWORD: Xy9!x', 'GENERATED ROOT PASSWORD: ••••••'],
    ['{"password": "hunter2"}', '{"password": "••••••"}'],
    ['POSTGRES_PASSWORD=hunter2 and more', 'POSTGRES_PASSWORD=•••••• and more'],
    ['two\npasswd=a\nthree', 'two\npasswd=••••••\nthree'],
  ];
  for (const [said, seen] of lines) assert.equal(hide(said), seen);
});

test('what is no password stays: the image’s own example, what the server says, names that all know', () => {
  const { learnersPassword: _, ...rest } = context;
  const hide = hiderFor({ ...rest, learnersPassword: 'postgres' }, 'docker container ps', []);
  for (const line of [
    'For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
    'FATAL:  password authentication failed for user "postgres"',
    'Error: Database is uninitialized and superuser password is not specified.',
    'password_encryption = scram-sha-256',
    'PGPASSWORD=$(docker exec 1 printenv POSTGRES_PASSWORD) psql',
  ])
    assert.equal(hide(line), line);
});
