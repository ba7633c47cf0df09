import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asCalled, calledAs, labNamed } from '../../src/called-as.ts';

const NPX = { npm_command: 'exec' };

test('the name that works: npx asks no registry outside of the checkout', () => {
  assert.equal(calledAs({}, '/src/pglab', '/src/pglab'), 'pglab');
  assert.equal(calledAs({ npm_command: 'run-script' }, '/src/pglab', '/src/pglab'), 'pglab');
  assert.equal(calledAs(NPX, '/src/pglab', '/src/pglab'), 'npx pglab');
  assert.equal(calledAs(NPX, '/src/pglab/labs', '/src/pglab'), 'npx pglab');
  assert.equal(calledAs(NPX, '/src/pglab-two', '/src/pglab'), 'npx --no-install pglab');
  assert.equal(calledAs(NPX, '/mine', '/mine/node_modules/pglab'), 'npx --no-install pglab');
});

test('calls in a text are as they work, and nothing else is touched', () => {
  const text =
    'pglab says: `pglab` or eval "$(pglab engine env)", npx pglab next; 用 pglab run x；pglab/postgres';
  assert.equal(asCalled(text, 'pglab'), text);
  assert.equal(
    asCalled(text, 'npx pglab'),
    'pglab says: `npx pglab` or eval "$(npx pglab engine env)", npx pglab next; 用 npx pglab run x；pglab/postgres',
  );
});

test('a lab that was named is named again, where a call is about a lab', () => {
  const text = '`pglab`, pglab next, pglab reset --yes, and pglab engine up';
  assert.equal(
    asCalled(text, 'pglab', './mine'),
    '`pglab --lab ./mine`, pglab --lab ./mine next, pglab --lab ./mine reset --yes, and pglab engine up',
  );
  assert.equal(asCalled('pglab run x', 'npx pglab', './mine'), 'npx pglab --lab ./mine run x');
  const named: [string[], string | null][] = [
    [['next'], null],
    [['next', '--lab', './mine'], './mine'],
    [['--lab=a', 'next', '--lab=./my lab'], "'./my lab'"],
    [['next', '--lab'], null],
    [['completion', 'words', '--', 'run', '--lab', 'x'], null],
  ];
  for (const [argv, lab] of named) assert.equal(labNamed(argv), lab, argv.join(' '));
});
