import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asCalled, calledAs } from '../../src/called-as.ts';

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
