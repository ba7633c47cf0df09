/** The file that `--out` names: whatever stands there already, nothing else is lost by it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { written } from '../../src/commands/out-file.ts';
import { Trouble } from '../../src/trouble.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-out-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

describe('the file that --out names', () => {
  it('is written in the place of what was there, and keeps its mode', () => {
    writeFileSync(at('plain'), 'before');
    chmodSync(at('plain'), 0o600);
    written(at('plain'), 'after');
    assert.equal(readFileSync(at('plain'), 'utf8'), 'after');
    assert.equal(statSync(at('plain')).mode & 0o777, 0o600);
  });

  it('stays whose it was: somebody else’s, where root writes it', () => {
    writeFileSync(at('theirs'), 'before');
    if (process.geteuid?.() === 0) chownSync(at('theirs'), 1234, 1235);
    const { uid, gid } = statSync(at('theirs'));
    written(at('theirs'), 'after');
    const now = statSync(at('theirs'));
    assert.deepEqual([now.uid, now.gid, readFileSync(at('theirs'), 'utf8')], [uid, gid, 'after']);
  });

  it('takes the place of a link, whose target stays as it is', () => {
    writeFileSync(at('target'), 'theirs');
    symlinkSync(at('target'), at('link'));
    written(at('link'), 'ours');
    assert.ok(lstatSync(at('link')).isFile());
    assert.deepEqual(
      [readFileSync(at('target'), 'utf8'), readFileSync(at('link'), 'utf8')],
      ['theirs', 'ours'],
    );
  });

  it('is written to where it is a device or a pipe, also behind a link', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync(at('pipe'), at('to-a-pipe'));
    for (const name of ['pipe', 'to-a-pipe']) {
      const reader = spawn('cat', [at('pipe')], { stdio: ['ignore', 'pipe', 'inherit'] });
      let read = '';
      reader.stdout.on('data', (text) => {
        read += text;
      });
      written(at(name), 'drawn');
      await once(reader, 'close');
      assert.equal(read, 'drawn');
    }
    assert.ok(lstatSync(at('pipe')).isFIFO());
    assert.ok(lstatSync(at('to-a-pipe')).isSymbolicLink());
    written('/dev/null', 'nothing');
    assert.ok(lstatSync('/dev/null').isCharacterDevice());
  });

  it('is what is open, where a name of the system stands for that', () => {
    const module = new URL('../../src/commands/out-file.ts', import.meta.url).pathname;
    const program = `import { written } from ${JSON.stringify(module)}; written('/dev/stdout', 'drawn');`;
    // A pipe as a shell makes it.
    const piped = [
      '-c',
      '"$0" --import tsx --input-type=module --eval "$1" | cat',
      process.execPath,
      program,
    ];
    assert.equal(execFileSync('sh', piped, { encoding: 'utf8' }), 'drawn');
    assert.ok(lstatSync('/dev/stdout').isSymbolicLink());
  });

  it('is trouble where it is a folder, or in none, and nothing is left beside it', () => {
    mkdirSync(at('folder'));
    for (const name of ['folder', 'nowhere/file'])
      assert.throws(
        () => written(at(name), 'x'),
        (error) => error instanceof Trouble && error.code === 'out-unwritable',
      );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('nowhere') || /^folder./.test(name)),
      [],
    );
  });
});
