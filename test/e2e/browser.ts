/** A real browser, Debian's Chromium: it is installed where it is missing, and where it cannot be had the tests fail. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { installPackages } from '../../src/packages.ts';
import { hasTool } from '../../src/shell.ts';
import { PATIENCE_MS } from '../patience.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openBrowser(): Promise<Browser> {
  if (!hasTool('chromium')) await installPackages(['chromium', 'fonts-noto-cjk'], console.error);
  // Root has no sandbox of Chromium's, and the tests run as root; their pages are our own.
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** A page of somebody new, on which nothing is given up sooner than elsewhere in the tests. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

/** What a judge of accessibility that is not ours finds wrong on the page: a line each. */
export async function barriersOn(page: Page): Promise<string[]> {
  // Through the debugger: the page itself lets no foreign script in.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
