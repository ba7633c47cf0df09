/**
 * The learner's page in a real browser, beside a pseudo-terminal that serves it, and a shell in which commands are typed.
 * `PGLAB_PAGE='zh pointer next'` walks it in Chinese, with the pointer, by `next --by-hand --page`; `PGLAB_PAGE_PICTURES`
 * is a folder for pictures of it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { labFolders } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { Lab } from '../../src/lab/model.ts';
import { barriersOn, openBrowser, openPage } from './browser.ts';
import { openLab, type TestLab } from './lab.ts';
import { Learner } from './learner.ts';
import { type Manner, PageHands } from './page-hands.ts';
import { openTerminal, type Session } from './pty.ts';
import { hiddenFromReaders } from './readers.ts';

const RUN = 'on-page';
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const ASKED = (process.env.PGLAB_PAGE ?? '').split(' ');
const MANNER: Manner = {
  language: ASKED.includes('zh') ? 'zh' : 'en',
  by: ASKED.includes('pointer') ? 'pointer' : 'keyboard',
  pictures: process.env.PGLAB_PAGE_PICTURES ?? null,
};
const VERB = ASKED.includes('next') ? ['next', '--by-hand', '--page'] : ['page'];
/** Of the second browser. */
const OTHER: Manner = { ...MANNER, language: MANNER.language === 'zh' ? 'en' : 'zh', by: 'pointer' };
/** By then the watch and the map have both asked twice. */
const LOOKS_TWICE_MS = 4_500;
const NAMES = { en: 'English', zh: '中文' };

describe('the learner’s page', () => {
  let lab: TestLab;
  let article: Lab;
  let hands: Learner;
  let browser: Browser;
  let terminal: Session;
  let page: Page;
  let at: PageHands;
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
    terminal = openTerminal(lab, [...VERB, '--lang', MANNER.language, '--run', RUN, '--yes']);
    const [link] = await terminal.sees(LINK);
    return link;
  };
  const open = async (link: string) => {
    const opened = await openPage(browser, { viewport: { width: 800, height: 900 } });
    opened.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    opened.on('pageerror', (error) => complaints.push(String(error)));
    await opened.goto(link);
    return opened;
  };
  const heading = (name: string) => at.sees(page.getByRole('heading', { level: 1, name }));
  const titles = () =>
    page.locator('.dots li').evaluateAll((dots) => dots.map((dot) => dot.getAttribute('title') ?? ''));
  const titleOf = async (number: number) => ((await titles())[number - 1] ?? '').replace(/^\d+ /, '');
  /** A map that is looked at, here or in a second terminal, asks the same servers: nobody takes that for the learner. */
  const nobodyComes = async () => {
    await lab.pglab('map', '--run', RUN);
    await delay(LOOKS_TWICE_MS);
    assert.notEqual(await page.locator('.checks li.pending').count(), 0);
    assert.deepEqual(await page.locator('.notices li').allInnerTexts(), []);
  };
  const lost = () => page.getByText(at.says('page-lost')).first();

  test('lets in who has the link, without a token in the address', async () => {
    page = await open(await serve());
    at = new PageHands(page, MANNER);
    await page.locator('.dots').waitFor();
    await heading(await titleOf(1));
    assert.equal(new URL(page.url()).search, '');
    assert.deepEqual(await barriersOn(page), []);
  });

  test('keeps the focus over its redraws, and is seen in a second browser, in another language', async () => {
    const [link] = await terminal.sees(LINK);
    const other = new PageHands(await open(link), OTHER);
    await other.press(NAMES[OTHER.language]);
    await at.button(at.says('page-skip-question')).waitFor();
    await at.picture('question');
    await at.answers(1);
    await at.press(at.hint(1));
    await at.button(at.hint(2)).waitFor();
    await at.picture('hint');
    await at.press(at.says('page-act-typed'));
    await at.button(at.says('page-act-next')).waitFor();
    await other.button(other.says('page-act-next')).waitFor();
    assert.equal(await other.page.locator('html').getAttribute('lang'), OTHER.language);
    assert.deepEqual(await barriersOn(other.page), []);
    await at.press(at.says('page-act-next'));
    await heading(await titleOf(2));
    await other.button(other.says('page-skip-question')).waitFor();
    await other.page.context().close();
  });

  test('says that pglab has ended, and goes on by itself when it is there again', async () => {
    terminal.kill();
    await lost().waitFor();
    await at.picture('lost');
    const unheard = page.getByText(at.says('page-not-answered'));
    await at.press(at.says('page-skip-question'));
    await unheard.waitFor();
    await page.evaluate('window.isTheSame = true');
    await serve();
    await lost().waitFor({ state: 'detached' });
    await at.button(at.says('page-skip-question')).waitFor();
    assert.equal(await page.evaluate('window.isTheSame'), true);
    const beside = [await lab.pglab('next', '--yes', '--run', RUN), await lab.pglab('list', '--run', RUN)];
    assert.deepEqual(
      beside.map(({ code }) => code),
      [2, 0],
    );
    assert.match(beside[0]?.stderr ?? '', /pglab (page|next)/);
    complaints.length = 0;
  });

  test('leads through all the steps that are left, each of them by hand', async () => {
    for (const [number, step] of article.steps.entries()) {
      if (number === 0) continue;
      await heading(await titleOf(number + 1));
      const listens = at.button(at.hint(1));
      await at.sees(listens.or(page.locator('button.option').first()).first());
      if (await page.locator('button.option').first().isVisible()) await at.answers(2);
      await at.sees(listens);
      await at.gets(page.locator('.commands .copy').first(), at.says('page-act-show'));
      await at.picture(`${step.id}-open`);
      if (step.commands.some(({ onVisit }) => onVisit)) await nobodyComes();
      await hands.typesAll(step);
      if (await at.button(at.says('page-act-typed')).isVisible()) await at.press(at.says('page-act-typed'));
      await at.sees(page.getByText(at.says('page-then')));
      assert.deepEqual(await barriersOn(page), [], step.id);
      const marks = await page.locator('.checks li').evaluateAll((rows) => rows.map((row) => row.className));
      assert.deepEqual(
        marks,
        step.checks.map(() => 'met'),
        step.id,
      );
      assert.equal(await page.locator('.told .part').count(), step.draws ? 1 : 0, step.id);
      assert.doesNotMatch((await page.locator('.notices li').allInnerTexts()).join('\n'), /`/, step.id);
      await at.picture(`${step.id}-told`);
      if (step.id === 'volume-persistence') assert.deepEqual(await hiddenFromReaders(page), []);
      await at.press(at.says('page-act-next'));
    }
    await heading(at.says('page-all-done'));
    await at.picture('end');
    assert.deepEqual(complaints, []);
  });

  test('ends in order at Ctrl-C', async () => {
    terminal.types('\u0003');
    assert.equal(await terminal.ends(), 0);
    await lost().waitFor();
  });
});
