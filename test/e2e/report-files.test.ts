/** Reports of real runs as files: a folder of all runs, a sheet of paper, a terminal; and what stands in the way of a file. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { installPackages } from '../../src/packages.ts';
import type { Story } from '../../src/report/envelope.ts';
import { hasTool } from '../../src/shell.ts';
import { openBrowser, openPage } from './browser.ts';
import { openLab, type TestLab } from './lab.ts';

/** Would clear the screen, name the window and turn the line around. */
const HOSTILE = 'no \u001b[2J\u001b]0;title\u0007 \u202ereason';
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/;

describe('reports as files', () => {
  let lab: TestLab;
  let browser: Browser;
  before(async () => {
    if (!hasTool('pdftotext')) await installPackages(['poppler-utils'], console.error);
    browser = await openBrowser();
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6644' });
    const { code, stderr } = await lab.pglab('run', 'image', 'detached-run', '--yes', '--run', 'walked');
    assert.equal(code, 0, stderr);
    // A name that the list of all has as well.
    assert.equal((await lab.pglab('skip', 'image', HOSTILE, '--run', 'index')).code, 0);
  });
  after(async () => {
    await browser.close();
    await lab.pglab('reset', '--all-runs', '--yes');
    await lab.end();
  });

  for (const format of ['html', 'md'] as const)
    test(`${format}: each run has a file of its own, whatever its name, and the index leads to it`, async () => {
      const folder = join(lab.home, 'reports', format);
      const { code, stderr } = await lab.pglab('report', '--all-runs', '--format', format, '--out', folder);
      assert.equal(code, 0, stderr);
      const files = readdirSync(folder).sort();
      assert.deepEqual(files, [`index.${format}`, `index.run.${format}`, `walked.${format}`]);
      const index = readFileSync(join(folder, `index.${format}`), 'utf8');
      for (const file of files.slice(1)) assert.ok(index.includes(file), file);
      for (const file of files) assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), CONTROLS, file);
    });

  test('what others wrote reaches a terminal as text', async () => {
    for (const args of [['report'], ['report', '--format', 'md'], ['list'], ['map']]) {
      const { code, stdout, stderr } = await lab.pglab(...args, '--run', 'index');
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stdout + stderr, CONTROLS, args.join(' '));
    }
    assert.match((await lab.pglab('report', '--run', 'index')).stdout, /reason/);
  });

  test('on paper nothing of it is lost', async () => {
    const file = join(lab.home, 'walked.html');
    assert.equal((await lab.pglab('report', '--run', 'walked', '--out', file)).code, 0);
    const page = await openPage(browser);
    await page.goto(pathToFileURL(file).href);
    const paper = join(lab.home, 'walked.pdf');
    await page.pdf({ path: paper, format: 'A4' });
    await page.context().close();
    // Where a line is broken on paper is of no interest.
    const bare = (text: string) => text.replace(/[\s\u00ad\u200b-]/g, '');
    const printed = bare(execFileSync('pdftotext', ['-layout', paper, '-'], { encoding: 'utf8' }));
    const { report } = (await lab.json('report', '--run', 'walked')) as unknown as { report: Story };
    const told = report.steps.filter(({ outcome }) => outcome === 'met');
    assert.equal(told.length, 2);
    for (const { title, commands, checks } of told) {
      const lines = commands.flatMap(({ here, ran }) => [
        here,
        ...(ran?.lines ?? []).flatMap((line) => ('text' in line ? line.text : [])),
      ]);
      for (const each of [title, ...lines, ...checks.map(({ evidence }) => evidence)])
        assert.ok(printed.includes(bare(each)), each);
    }
  });

  test('a place where no file can be is told, and what stands there stays', async () => {
    for (const out of ['/proc/no-such/report.html', lab.home]) {
      const { code, stderr } = await lab.pglab('report', '--run', 'walked', '--out', out);
      assert.equal(code, 2, stderr);
    }
    const all = await lab.pglab('report', '--all-runs', '--format', 'html', '--out', '/proc/no-such/folder');
    assert.equal(all.code, 2, all.stderr);
    assert.equal((await lab.pglab('map', '--run', 'walked', '--out', '/dev/null')).code, 0);
    assert.ok(lstatSync('/dev/null').isCharacterDevice());
    assert.ok(existsSync(lab.home));
  });
});
