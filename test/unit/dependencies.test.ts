/** The packages that we depend on, and what is said of each in the README: all of them, and no other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const { dependencies = {}, devDependencies } = JSON.parse(read('package.json')) as {
  dependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
};

test('each dependency has its reason in the README, and each reason its dependency', () => {
  const [, reasons = ''] = read('README.md').split('\nDependencies, each for one thing');
  const named = [...reasons.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  // Types come with what they are the types of.
  const there = Object.keys(devDependencies).filter((name) => !name.startsWith('@types/'));
  assert.deepEqual(named.sort(), there.sort());
});

test('each is pinned, and none is needed at run time', () => {
  assert.deepEqual(dependencies, {});
  assert.deepEqual(
    Object.entries(devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
});
