/** The instructor's page and the wall in a real browser, beside simulated seats that speak to a real board. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { begun, ended, hand, unmet } from '../unit/workshop-events.ts';
import { BoardOfTest, STEPS, type TestSeat } from './board-of-test.ts';
import { barriersOn, openBrowser, openPage } from './browser.ts';

const RUDE = '<img src=x onerror="document.title=1"><b>x';

let browser: Browser;
let board: BoardOfTest;
const seats: TestSeat[] = [];

before(async () => {
  browser = await openBrowser();
  board = await BoardOfTest.open();
  for (const name of ['Ada', RUDE, 'heron', '张伟']) seats.push(await board.join(name));
  for (const seat of seats) {
    await seat.sit();
    await seat.tell(begun('image'), ended('image'), begun('foreground-run'));
  }
});
after(async () => {
  await browser?.close();
  await board?.end();
});

/** A page of an instructor who calls themselves so. */
async function instructor(
  who: string | null,
  { width = 1440, scheme = 'light' as 'light' | 'dark', path = '/' } = {},
) {
  const viewport = { width, height: 900 };
  const page = await openPage(browser, { viewport, colorScheme: scheme, locale: 'en' });
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(board.page.link());
  if (who !== null) await page.evaluate(`localStorage.setItem('who', ${JSON.stringify(who)})`);
  if (path !== '/') await page.goto(board.page.origin + path);
  return page;
}

const queue = (page: Page) => page.locator('.needs li:visible');

describe('two instructors', () => {
  it('see the same queue, and who takes whom; what is done is gone for both', async () => {
    const [mo, eve] = [await instructor('Mo'), await instructor('Eve')];
    await seats[0]?.tell(hand(true, 'which side is which?'));
    await seats[2]?.tell({ type: 'trouble', code: 'docker-missing' });
    for (const page of [mo, eve]) {
      await queue(page).nth(1).waitFor();
      assert.match(await queue(page).nth(0).innerText(), /01 Ada[\s\S]*step 2 · “which side is which\?”/);
      assert.match(await queue(page).nth(1).innerText(), /03 heron/);
    }
    await mo.keyboard.press('t');
    await eve.getByText('taken by Mo').waitFor();
    await mo.keyboard.press('j');
    await mo.keyboard.press('d');
    await eve.getByText('03 heron').waitFor({ state: 'detached' });
    await eve.getByRole('button', { name: 'Done 01 Ada' }).click();
    await mo.getByText('Nobody needs you now.').waitFor();
    for (const page of [mo, eve]) await page.context().close();
  });

  it('hear what is said, where the room is, and a new name', async () => {
    const [mo, eve] = [await instructor('Mo'), await instructor('Eve', { path: '/wall' })];
    await mo.getByLabel('Say to all').fill('Five minutes');
    await mo.keyboard.press('Enter');
    await eve.getByText('Five minutes').waitFor();
    await mo.locator('h1').click();
    await mo.keyboard.press('p');
    await mo.keyboard.press('Tab');
    await mo.keyboard.press('Enter');
    await eve.getByText('pace: step 2').waitFor();
    await mo.getByRole('button', { name: '03 heron' }).click();
    await mo.getByLabel('New name').fill('egret');
    await mo.keyboard.press('Enter');
    await mo.getByText('egret').waitFor();
    assert.doesNotMatch(await eve.locator('body').innerText(), /egret|heron|Ada/);
    for (const page of [mo, eve]) await page.context().close();
  });
});

it('a seat that reads the same thing three times is in the queue with what it reads, and two are one thing', async () => {
  const page = await instructor(null);
  for (const seat of [seats[0], seats[3]])
    for (let time = 0; time < 3; time += 1) await seat?.tell(unmet('foreground-run', 'container-killed'));
  await page.getByText('The same thing, 2 seats.').waitFor();
  const remark = await page.locator('.remark').innerText();
  assert.match(remark, /step 2 · its container was killed, exit code 137[\s\S]*01 · 04/);
  assert.match(await queue(page).nth(0).innerText(), /3 times/);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByText('2 个座位遇到同样的问题。').waitFor();
  await page.getByRole('button', { name: '01 Ada' }).first().click();
  await page.locator('dialog.seat').getByText('它的容器被杀掉').waitFor();
  await page.context().close();
});

it('a name is text, whatever it is made of', async () => {
  const page = await instructor(null);
  await page.locator('.rows').getByText(RUDE.slice(0, 40)).waitFor();
  assert.equal(await page.locator('main img, main b').count(), 0);
  await page.context().close();
});

for (const width of [360, 800, 1440])
  for (const scheme of ['light', 'dark'] as const)
    it(`nothing sticks out, and axe finds nothing: ${width} px, ${scheme}`, async () => {
      for (const path of ['/', '/wall']) {
        const page = await instructor(null, { width, scheme, path });
        await page
          .locator('.bars li')
          .nth(STEPS.length - 1)
          .waitFor();
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(tooWide) <= 0, `${tooWide} px`);
        assert.deepEqual(await barriersOn(page), []);
        await page.context().close();
      }
    });

it('greys when the board is silent, and is whole again once it is back', async () => {
  const page = await instructor(null);
  await page.locator('.rows li').first().waitFor();
  await board.silence();
  await page.locator('body.stale').waitFor();
  assert.match(await page.locator('.live').innerText(), /no news for \d/);
  await seats[1]?.tell(ended('foreground-run'));
  await board.speak();
  await page.locator('body:not(.stale)').waitFor();
  await page.locator('.rows li').nth(1).getByLabel('done 2/12').waitFor();
  await page.context().close();
});

it('seats that somebody took and nobody sits at are told, and removed together', async () => {
  const before = seats.length;
  const strangers = [await board.join(null), await board.join(null), await board.join(null)];
  // As if they had hung up a minute ago: whoever means it is connected by then.
  for (const { number } of strangers) {
    board.room.present(number, Date.now() - 60_000);
    board.room.absent(number, Date.now() - 60_000);
  }
  const page = await instructor(null);
  await page.getByText('taken and empty: 3').waitFor();
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Remove empty seats (3)' }).click();
  await page.getByRole('button', { name: 'Yes, do it' }).click();
  await page.getByText('taken and empty').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.rows li').count(), before);
  await page.context().close();
});

it('from sixty-one seats on there is a cell each', async () => {
  const page = await instructor(null);
  await page.locator('.rows').waitFor();
  while (seats.length < 61) seats.push(await board.join(null));
  await page.locator('.cells li').nth(60).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('ada');
  await page.locator('.cells li').nth(1).waitFor({ state: 'detached' });
  assert.match((await page.locator('.cells button').getAttribute('aria-label')) ?? '', /01 Ada/);
  await page.context().close();
});
