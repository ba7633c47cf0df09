/** An engine that stands still without a word, as one does whose machine sleeps: whoever watches is told so, and how old it all is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { childrenOf } from '../../src/engine/processes.ts';
import { Content } from '../../src/lab/content.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type Apart, openApart } from './apart.ts';
import { barriersOn, openBrowser, openPage } from './browser.ts';
import { PageHands } from './page-hands.ts';
import { openTerminal, type Session } from './pty.ts';
import { RUN, SETTINGS, TARBALL } from './troubled-run.ts';

const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const CANCELLED = new Content('en', '').say('messages', 'cancelled');
const SILENT = /does not answer; it last did (\d+) s ago/;

describe('an engine that stands still', () => {
  let apart: Apart;
  let browser: Browser;
  const terminals: Session[] = [];
  before(async () => {
    apart = await openApart(SETTINGS);
    assert.equal((await apart.pglab('engine', 'up')).code, 0);
    assert.equal((await apart.pglab('image', 'load', TARBALL)).code, 0);
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    for (const terminal of terminals) terminal.kill();
    await apart.pglab('reset', '--yes', '--run', RUN);
    await apart.end();
  });

  const open = (...args: string[]) => {
    const terminal = openTerminal(apart.lab, [...args, '--lang', 'en']);
    terminals.push(terminal);
    return terminal;
  };
  const stopped = async (pid: number, meanwhile: () => Promise<void>) => {
    process.kill(pid, 'SIGSTOP');
    try {
      await meanwhile();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  };
  const containerd = () => {
    const named = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return childrenOf(apart.pid()).find((pid) => named(pid) === 'containerd') as number;
  };

  describe('the page', () => {
    let page: Page;
    let at: PageHands;
    let terminal: Session;
    before(async () => {
      terminal = open('page', '--run', RUN, '--yes');
      const [link] = await terminal.sees(LINK);
      page = await openPage(browser, { viewport: { width: 800, height: 900 } });
      await page.goto(link);
      const pictures = process.env.PGLAB_PAGE_PICTURES ?? null;
      at = new PageHands(page, { language: 'en', by: 'pointer', pictures });
      await at.answers(1);
      await at.button(at.says('page-act-show')).waitFor();
    });

    const silence = () => page.getByText(at.says('page-silence')).first();
    const chip = () => page.locator('.head .live').textContent();
    const isSilent = async () => {
      await silence().waitFor();
      assert.equal(await chip(), at.says('page-silent'));
      const age = async () => Number(/(\d+) s ago/.exec(await page.locator('.banners').innerText())?.[1]);
      const first = await age();
      while ((await age()) < first + 2) await page.waitForTimeout(100);
    };
    const goesOn = async () => {
      await silence().waitFor({ state: 'detached' });
      assert.equal(await chip(), at.says('page-live'));
    };

    test('says how old it is, and goes on by itself with what was asked for meanwhile', async () => {
      await page.evaluate('window.isTheSame = true');
      await stopped(apart.pid(), async () => {
        await isSilent();
        assert.deepEqual(await barriersOn(page), []);
        await at.picture('silent');
        await at.press(at.hint(1));
      });
      await goesOn();
      await apart.lab.docker(
        'run',
        '-d',
        '--name',
        'after-it',
        '--network',
        'none',
        'postgres:17',
        'sleep',
        '600',
      );
      await page.locator('.world pre', { hasText: 'after-it' }).waitFor({ state: 'attached' });
      await apart.lab.docker('rm', '-f', 'after-it');
      // What was asked for meanwhile is done.
      await at.button(at.hint(2)).waitFor();
      assert.equal(await page.evaluate('window.isTheSame'), true);
    });

    test('says so where only what runs its containers stands still', async () => {
      await stopped(containerd(), isSilent);
      await goesOn();
    });

    test('goes on by itself after an engine that was killed is up again', async () => {
      process.kill(apart.pid(), 'SIGKILL');
      await page.getByText('→').waitFor();
      await page.locator('.head .live.lost').waitFor();
      assert.equal((await apart.pglab('engine', 'up')).code, 0);
      await goesOn();
      await page.getByText('→').waitFor({ state: 'detached' });
      await at.button(at.says('page-act-show')).waitFor();
      terminal.types('\u0003');
      assert.equal(await terminal.ends(), 0);
      // What is there already is over at once.
      assert.equal((await apart.pglab('skip', 'image', '--run', RUN)).code, 0);
    });
  });

  /** At Ctrl-C. Who does not end in order is ended after a while, and says nothing. */
  const endsInOrder = async (terminal: Session) => {
    terminal.types('\u0003');
    assert.equal(await terminal.ends(), 130);
    assert.ok(terminal.text().trimEnd().endsWith(CANCELLED), terminal.text());
  };

  for (const [name, args, shown] of [
    ['map --watch', ['map', '--watch', '--run', RUN], /postgres|container/i],
    ['next --by-hand', ['next', '--by-hand', '--run', RUN, '--yes'], /0 of \d/],
  ] as const) {
    test(`${name} says how old it is, and goes on by itself`, async () => {
      const terminal = open(...args);
      await terminal.sees(shown);
      await stopped(apart.pid(), async () => {
        const age = async () => Number((await terminal.sees(SILENT))[1]);
        const first = await age();
        while ((await age()) < first + 2) {}
      });
      // What is drawn in place of it has it no more.
      const drawnLast = () => terminal.text().split('\u001b[J').at(-1) ?? '';
      const becomes = async (isSilent: boolean) => {
        for (
          const deadline = Date.now() + PATIENCE_MS;
          SILENT.test(drawnLast()) !== isSilent;
          await sleep(100)
        )
          assert.ok(Date.now() < deadline, drawnLast());
      };
      await becomes(false);
      const from = terminal.text().length;
      await sleep(3_000);
      assert.doesNotMatch(terminal.text().slice(from), SILENT);
      // Nobody who gives it up waits for an engine that says nothing.
      await stopped(apart.pid(), async () => {
        await becomes(true);
        await endsInOrder(terminal);
      });
    });

    test(`${name} ends in order where the engine has only just gone silent`, async () => {
      const terminal = open(...args);
      await terminal.sees(shown);
      await stopped(apart.pid(), () => endsInOrder(terminal));
    });
  }
});
