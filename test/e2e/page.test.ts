/** The learner's page in a real browser, beside a pseudo-terminal that serves it, and a shell in which commands are typed. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { labFolders } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { Lab } from '../../src/lab/model.ts';
import { barriersOn, openBrowser } from './browser.ts';
import { openLab, type TestLab } from './lab.ts';
import { Learner } from './learner.ts';
import { openTerminal, type Session } from './pty.ts';
import { hiddenFromReaders } from './readers.ts';

const RUN = 'on-page';
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const WITHIN = { timeout: 60_000 };

describe('the learner’s page', () => {
  let lab: TestLab;
  let article: Lab;
  let hands: Learner;
  let browser: Browser;
  let terminal: Session;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6890' });
    article = await loadLab(labFolders(null));
    hands = new Learner(lab);
    hands.sitsDown(article, RUN);
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    terminal.kill();
    await hands.remove();
    await lab.pglab('reset', '--yes', '--run', RUN);
    await lab.end();
  });

  const serve = async () => {
    terminal = openTerminal(lab, ['page', '--lang', 'en', '--run', RUN, '--yes']);
    const [link] = await terminal.sees(LINK);
    return link;
  };
  const open = async (link: string) => {
    const opened = await (await browser.newContext({ viewport: { width: 800, height: 900 } })).newPage();
    opened.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    opened.on('pageerror', (error) => complaints.push(String(error)));
    await opened.goto(link);
    return opened;
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor(WITHIN);
  const titles = () =>
    page.locator('.dots li').evaluateAll((dots) => dots.map((dot) => dot.getAttribute('title') ?? ''));

  test('lets in who has the link, without a token in the address', async () => {
    page = await open(await serve());
    await heading('The image');
    assert.equal(new URL(page.url()).search, '');
    assert.deepEqual(await barriersOn(page), []);
  });

  test('is done with the keyboard alone, and seen in a second browser, in another language', async () => {
    const [link] = await terminal.sees(LINK);
    const other = await open(link);
    await other.getByRole('button', { name: '中文' }).click();
    const presses = async (name: RegExp) => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate('document.activeElement?.textContent ?? ""');
        if (name.test(String(focused))) return page.keyboard.press('Enter');
      }
      throw new Error(`${name} cannot be reached by the keyboard`);
    };
    await button('Leave the question out').waitFor(WITHIN);
    await presses(/once at most/);
    await button('I have typed it').waitFor(WITHIN);
    await presses(/^Hint 1 of 3/);
    await button('Hint 2 of 3').waitFor(WITHIN);
    await presses(/^I have typed it/);
    await button('Go on').waitFor(WITHIN);
    await other.getByRole('button', { name: '继续' }).waitFor(WITHIN);
    assert.equal(await other.locator('html').getAttribute('lang'), 'zh');
    assert.deepEqual(await barriersOn(other), []);
    await presses(/^Go on/);
    await heading('A run in the foreground');
    await other.getByRole('button', { name: '跳过这个问题' }).waitFor(WITHIN);
    await other.context().close();
  });

  test('says that pglab has ended, and goes on by itself when it is there again', async () => {
    terminal.kill();
    await page.getByText('No connection to pglab').waitFor(WITHIN);
    await page.evaluate('window.isTheSame = true');
    await serve();
    await page.getByText('No connection to pglab').waitFor({ state: 'detached', ...WITHIN });
    await button('Leave the question out').waitFor(WITHIN);
    assert.equal(await page.evaluate('window.isTheSame'), true);
    const beside = [await lab.pglab('next', '--yes', '--run', RUN), await lab.pglab('list', '--run', RUN)];
    assert.deepEqual(
      beside.map(({ code }) => code),
      [2, 0],
    );
    assert.match(beside[0]?.stderr ?? '', /pglab page/);
    complaints.length = 0;
  });

  test('leads through all the steps that are left, each of them by hand', async () => {
    const all = await titles();
    for (const [at, step] of article.steps.entries()) {
      if (at === 0) continue;
      await heading((all[at] ?? '').replace(/^\d+ /, ''));
      const skip = button('Leave the question out');
      await button(/^(Leave the question out|Hint 1 of 3)$/).waitFor(WITHIN);
      if (await skip.isVisible()) await skip.click();
      await button('Hint 1 of 3').waitFor(WITHIN);
      await hands.typesAll(step);
      if (await button('I have typed it').isVisible()) await button('I have typed it').click();
      await page.getByText('Then and now').waitFor(WITHIN);
      assert.deepEqual(await barriersOn(page), [], step.id);
      const marks = await page.locator('.checks li').evaluateAll((rows) => rows.map((row) => row.className));
      assert.deepEqual(
        marks,
        step.checks.map(() => 'met'),
        step.id,
      );
      assert.equal(await page.locator('.told .part').count(), step.draws ? 1 : 0, step.id);
      if (step.id === 'volume-persistence') assert.deepEqual(await hiddenFromReaders(page), []);
      await button('Go on').click();
    }
    await heading('All steps are done.');
    assert.deepEqual(complaints, []);
  });

  test('ends in order at Ctrl-C', async () => {
    terminal.types('\u0003');
    assert.equal(await terminal.ends(), 0);
    await page.getByText('No connection to pglab').waitFor(WITHIN);
  });
});
