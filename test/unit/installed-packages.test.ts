/** The list of installed packages in a home is a file of ours: no link is followed, no pipe is waited for. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packagesOf } from '../../src/packages.ts';
import { Trouble } from '../../src/trouble.ts';

test('what is no name of a package is left out, and no list is an empty one', () => {
  const home = mkdtempSync(join(tmpdir(), 'pglab-packages-'));
  assert.deepEqual(packagesOf(home), []);
  writeFileSync(join(home, 'packages'), 'docker.io\n$(id)\n-x\ndocker.io\nlsof\n');
  assert.deepEqual(packagesOf(home), ['docker.io', 'lsof']);
  rmSync(home, { recursive: true });
});

test('a link or a pipe in its place is told', () => {
  const home = mkdtempSync(join(tmpdir(), 'pglab-packages-'));
  const file = join(home, 'packages');
  const isTold = (error: unknown) => error instanceof Trouble && error.code === 'not-a-file';
  symlinkSync('/etc/hostname', file);
  assert.throws(() => packagesOf(home), isTold);
  rmSync(file);
  execFileSync('mkfifo', [file]);
  assert.throws(() => packagesOf(home), isTold);
  rmSync(home, { recursive: true });
});
