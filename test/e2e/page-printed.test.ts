/** What a command prints that the page runs: text, whatever it is, and no more of it than a page can hold (`PGLAB_PRINTED=50`: megabytes). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { barriersOn, openBrowser, openPage } from './browser.ts';
import { openLab, type TestLab } from './lab.ts';
import { PageHands } from './page-hands.ts';
import { openTerminal, type Session } from './pty.ts';

const RUN = 'printed';
const IMAGE = 'pglab-printing:17';
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const HOSTILE = '<img src=canary onerror=window.canary=1>';
/** A line to clear a terminal, to turn text around, and without a space for 10,000 characters; then, of a server, megabytes of lines. */
const MEGABYTES = Number(process.env.PGLAB_PRINTED ?? 8);
const PRINTS = `printf '%b\\n' '${HOSTILE} \\x1b[2J\\x1b]0;title\\x07 \\xe2\\x80\\xae'
head -c 10000 /dev/zero | tr '\\0' w; echo
[ -z "$POSTGRES_PASSWORD" ] || yes "${HOSTILE} red $(head -c 900 /dev/zero | tr '\\0' w)" | head -c ${MEGABYTES}000000
echo; exec docker-entrypoint.sh "$@"`;
const ENTRYPOINT = [
  'bash',
  '-c',
  `eval "$(echo ${Buffer.from(PRINTS).toString('base64')} | base64 -d)"`,
  'bash',
];
/** Bytes that the server of the page may ever have had, and characters that the page may hold of one command. */
const MOST_MEMORY = 600e6;
const MOST_SHOWN = 300_000;

describe('what a command prints', () => {
  let lab: TestLab;
  let browser: Browser;
  let terminal: Session;
  let page: Page;
  let hands: PageHands;
  const complaints: string[] = [];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: IMAGE, PGLAB_PORT: '6902' });
    const made = await lab.docker('create', 'postgres:17');
    const changes = [
      `ENTRYPOINT ${JSON.stringify(ENTRYPOINT)}`,
      'CMD ["postgres"]',
      `LABEL evil="${HOSTILE}"`,
    ];
    await lab.docker('commit', ...changes.flatMap((each) => ['--change', each]), made, IMAGE);
    await lab.docker('rm', '-v', made);
    browser = await openBrowser();
    terminal = openTerminal(lab, ['page', '--lang', 'en', '--run', RUN, '--yes']);
    const [link] = await terminal.sees(LINK);
    page = await openPage(browser, { viewport: { width: 360, height: 800 } });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => request.url().includes('canary') && complaints.push(request.url()));
    await page.goto(link);
    const pictures = process.env.PGLAB_PAGE_PICTURES ?? null;
    hands = new PageHands(page, { language: 'en', by: 'pointer', pictures });
  });
  after(async () => {
    await browser.close();
    terminal.kill();
    await lab.pglab('reset', '--yes', '--run', RUN);
    await lab.docker('rmi', '-f', IMAGE);
    await lab.end();
  });

  /** What the page holds of what was printed is text, and stays in its window. */
  const isText = async () => {
    const shown = String(await page.evaluate('document.querySelector(".ran").textContent'));
    assert.ok(shown.includes(HOSTILE), shown.slice(0, 500));
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    assert.ok(shown.length < MOST_SHOWN, `${shown.length} characters`);
    assert.equal(await page.locator('.ran img').count(), 0);
    assert.equal(await page.evaluate('window.canary ?? null'), null);
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    assert.ok(wide <= 0, `${wide} px stand out`);
    assert.deepEqual(complaints, []);
  };

  test('is text in what an image says of itself', async () => {
    await hands.answers(1);
    await hands.press(hands.says('page-act-run'));
    await hands.button(hands.says('page-act-next')).waitFor();
    await isText();
    await hands.press(hands.says('page-act-next'));
  });

  test('is text in the log of a server, and of megabytes as much as a page can hold', async () => {
    await hands.answers(1);
    await hands.press(hands.says('page-act-run'));
    await page.locator('.ran pre', { hasText: 'red' }).waitFor();
    await isText();
    await hands.picture('printing');
    await page.getByText(hands.says('page-then')).waitFor();
    await isText();
    assert.deepEqual(await barriersOn(page), []);
    await hands.picture('printed');
    // What was had at the most, for all of it.
    const most = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${terminal.pid}/status`, 'utf8'))?.[1];
    assert.ok(Number(most) * 1024 < MOST_MEMORY, `${most} kB`);
  });
});
