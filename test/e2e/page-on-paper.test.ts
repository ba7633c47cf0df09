/** The learner's page as it is printed: through Chromium to PDF, read by a program that is not ours. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { installPackages } from '../../src/packages.ts';
import { hasTool } from '../../src/shell.ts';
import { openBrowser, openPage } from './browser.ts';

const STYLE = readFileSync(join(import.meta.dirname, '../../src/browser/learner/page.css'), 'utf8');
/** Each begins at another height of its page, so that some of them come to its foot. */
const SECTIONS = 200;

let browser: Browser;
before(async () => {
  if (!hasTool('pdftotext')) await installPackages(['poppler-utils'], console.error);
  browser = await openBrowser();
});
after(() => browser.close());

for (const [what, titled] of [
  ['a title', (at: number, text: string) => `<h2>Title ${at}</h2><p>${text}</p>`],
  [
    'a caption',
    (at: number, text: string) =>
      `<figure class="part"><figcaption>Title ${at}</figcaption><div class="drawn">${text}</div></figure>`,
  ],
] as const) {
  test(`${what} never stands alone at the foot of a page`, async () => {
    const sections = Array.from({ length: SECTIONS }, (_, at) =>
      titled(at, 'words '.repeat(5 + (at % 11) * 9)),
    );
    const page = await openPage(browser);
    await page.setContent(
      `<style>${STYLE}</style><main><section class="work told">${sections.join('\n')}</section></main>`,
    );
    const pdf = await page.pdf({ format: 'A4' });
    const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
    const feet = text.split('\f').flatMap((each) => each.trim().split('\n').at(-1)?.trim() || []);
    assert.ok(feet.length > 5, `${feet.length} pages`);
    assert.deepEqual(
      feet.filter((line) => line.startsWith('Title')),
      [],
    );
    await page.close();
  });
}
