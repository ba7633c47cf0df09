/** A home that is full, gone or read-only: trouble with a mend, and what was there is still there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournal } from '../../src/journal/record.ts';
import { besideCanaries } from './canaries.ts';
import { CLI, ended, openLab } from './lab.ts';

const RUN = 'homely';

describe('a home', () => {
  const { lab } = besideCanaries(RUN, '6520');

  test('the disk is full: trouble, and what was there is still there', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home]);
    try {
      const env = { ...lab.env, PGLAB_HOME: home };
      assert.equal((await ended(process.execPath, [CLI, 'run', 'image', '--yes'], env)).code, 0);
      const before = readFileSync(join(home, 'runs', RUN, 'journal.jsonl'), 'utf8');
      const fill = () =>
        execFileSync('bash', ['-c', `head -c 64k /dev/zero > '${home}/filler' || true`], { stdio: 'ignore' });
      fill();
      const { code, stderr } = await ended(process.execPath, [CLI, 'run', 'image', '--yes'], env);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /no space left|ENOSPC/i);
      rmSync(join(home, 'filler'));
      assert.ok(readFileSync(join(home, 'runs', RUN, 'journal.jsonl'), 'utf8').startsWith(before));
      assert.equal((await ended(process.execPath, [CLI, 'run', 'image', '--yes'], env)).code, 0);
      // A line that found no room is none that was lost, should there be room for the next.
      const told = openJournal(join(home, 'runs', RUN, 'journal.jsonl'), 'test');
      const hint = { type: 'hinted', step: 'image', level: 1 } as const;
      fill();
      assert.throws(() => {
        for (;;) told.append(hint);
      }, /home-full/);
      rmSync(join(home, 'filler'));
      told.append(hint);
      told.close();
      const { stdout } = await ended(process.execPath, [CLI, 'list'], env);
      assert.match(stdout, /✓ image/);
    } finally {
      execFileSync('umount', [home]);
      rmSync(home, { recursive: true });
    }
  });

  test('the home is deleted in the middle: trouble says so; the leftovers can be removed', async () => {
    const { PGLAB_HOME: _, ...env } = lab.env;
    const doomed = openLab({ ...env, PGLAB_PORT: '6530' });
    const child = ended(process.execPath, [CLI, 'run', 'detached-run', 'exec-psql', '--yes'], doomed.env);
    const id = () => readFileSync(join(doomed.home, 'home-id'), 'utf8').trim();
    let home = '';
    const made = async () =>
      home !== '' && (await lab.docker('ps', '-aq', '--filter', `label=pglab.home=${home}`)) !== '';
    while (!(await made())) {
      try {
        home = id();
      } catch {
        await sleep(20);
      }
    }
    rmSync(doomed.home, { recursive: true });
    const { code, stderr } = await child;
    assert.equal(code, 2, stderr);
    assert.match(stderr, /was removed while it went on/);
    mkdirSync(doomed.home, { recursive: true });
    const told = await doomed.pglab('reset', '--all-runs', '--dry-run');
    assert.match(told.stdout, new RegExp(`pglab reset --all-runs --home ${home}`));
    assert.equal((await doomed.pglab('reset', '--all-runs', '--home', home, '--yes')).code, 0);
    assert.equal(await lab.docker('ps', '-aq', '--filter', `label=pglab.home=${home}`), '');
    await doomed.end();
  });

  test('a home that turns read-only: what is there can be read, and nothing else', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-turned-'));
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', home]);
    const pglab = (...args: string[]) =>
      ended(process.execPath, [CLI, ...args], { ...lab.env, PGLAB_HOME: home });
    try {
      assert.equal((await pglab('run', 'image', '--yes')).code, 0);
      execFileSync('mount', ['-o', 'remount,ro', home]);
      const { code, stderr } = await pglab('next', '--yes');
      assert.equal(code, 2);
      assert.match(stderr, /cannot be written/);
      const { code: listed, stdout } = await pglab('list');
      assert.equal(listed, 0);
      assert.match(stdout, /✓ image/);
    } finally {
      execFileSync('umount', [home]);
      rmSync(home, { recursive: true });
    }
  });

  test('a read-only home is trouble with a mend', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pglab-ro-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', home]);
    try {
      const { code, stderr } = await ended(process.execPath, [CLI, 'next', '--yes'], {
        ...lab.env,
        PGLAB_HOME: home,
      });
      assert.equal(code, 2);
      assert.match(stderr, /cannot be written/);
    } finally {
      execFileSync('umount', [home]);
      chmodSync(home, 0o700);
      rmSync(home, { recursive: true });
    }
  });
});
