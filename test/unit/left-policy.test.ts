/** The policy that keeps packages from starting services: ours goes when its pglab is gone, another's never. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { clearLeftPolicy } from '../../src/service-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-policy-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'policy-rc.d');

const by = (who: string) =>
  `#!/bin/sh\n# Written by pglab${who} while it installs packages: no service is started.\nexit 101\n`;
const stat = readFileSync('/proc/self/stat', 'utf8');
const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];

test('what a killed pglab left goes, of this version and of an earlier one', () => {
  for (const left of [
    by(''),
    by(` (process ${process.pid}, started at 1)`),
    by(' (process 4194305, started at 1)'),
  ]) {
    writeFileSync(file, left);
    assert.equal(clearLeftPolicy(file), true, left);
    assert.ok(!existsSync(file));
  }
});

test('what somebody else wrote stays, and so does that of a pglab at work; where there is none, none is told of', () => {
  assert.equal(clearLeftPolicy(file), false);
  const others = ['', '#!/bin/sh\nexit 101\n', `# Mine now.\n${by('')}`, `${by('')}# and mine\n`];
  for (const theirs of [...others, by(` (process ${process.pid}, started at ${started})`)]) {
    writeFileSync(file, theirs);
    assert.equal(clearLeftPolicy(file), false, theirs);
    assert.equal(readFileSync(file, 'utf8'), theirs);
  }
});
