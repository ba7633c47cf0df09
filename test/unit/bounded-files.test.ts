/** What lies in a lab of somebody else's in the place of prose is no reason to wait, or to read for ever. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writtenIn } from '../../src/lab/content.ts';
import { fingerprintOf } from '../../src/lab/find.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-bounded-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

test('a device, a pipe, a folder, a file too long for prose: each is told, at once', () => {
  symlinkSync('/dev/zero', at('device.md'));
  execFileSync('mkfifo', [at('pipe.md')]);
  writeFileSync(at('huge.md'), '');
  truncateSync(at('huge.md'), 5_000_000_000);
  for (const [file, why] of [
    ['device.md', /no plain file/],
    ['pipe.md', /no plain file/],
    ['.', /no plain file/],
    ['huge.md', /more than 4 MB/],
  ] as const)
    assert.throws(
      () => writtenIn(at(file)),
      ({ code, values }: { code: string; values: { why: string } }) =>
        code === 'content-broken' && why.test(values.why),
    );
});

test('a lab with a huge file has a fingerprint, and another one where it is longer', () => {
  const folders = { id: 'x', steps: folder, content: at('none'), bundled: false };
  const before = fingerprintOf(folders);
  truncateSync(at('huge.md'), 5_000_000_001);
  assert.notEqual(fingerprintOf(folders), before);
});
