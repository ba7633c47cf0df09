/** What comes to the learner's page from outside: names that others gave, and a network that goes dead without a word. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { freePort } from '../free-port.ts';
import { barriersOn, openBrowser, openPage } from './browser.ts';
import { CLI, ended, openLab, type TestLab } from './lab.ts';
import { openTerminal, type Session } from './pty.ts';
import { openQuietRelay, type QuietRelay } from './quiet-relay.ts';

const RUN = 'outside';
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const HOSTILE = '<img src=canary onerror=window.canary=1>\u202e';
/** As long as a lid that is closed for a moment. */
const DEAD_MS = 30_000;
const LONG = `long-${'x'.repeat(120)}`;

describe('the learner’s page and what comes from outside', () => {
  let lab: TestLab;
  let browser: Browser;
  let relay: QuietRelay;
  let terminal: Session;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    lab = openLab({ PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6896' });
    const { code, stderr } = await lab.pglab('run', 'image', 'foreground-run', '--yes', '--run', RUN);
    assert.equal(code, 0, stderr);
    [browser, relay] = await Promise.all([openBrowser(), openQuietRelay()]);
    terminal = openTerminal(lab, ['page', '--lang', 'en', '--run', RUN, '--yes']);
    const [link] = await terminal.sees(LINK);
    const proxy = { server: relay.url, bypass: '<-loopback>' };
    page = await openPage(browser, { proxy, viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => request.url().includes('canary') && complaints.push(request.url()));
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'A run in the background' }).waitFor();
  });
  after(async () => {
    await browser.close();
    relay.close();
    terminal.kill();
    await lab.docker('rm', '-fv', LONG);
    await lab.docker('network', 'rm', HOSTILE);
    await lab.pglab('reset', '--yes', '--run', RUN);
    await lab.end();
  });

  test('a network that goes dead is told of, and what happened meanwhile is caught up without a reload', async () => {
    await page.getByRole('button', { name: 'Leave the question out' }).click();
    await page.getByRole('button', { name: 'Hint 1 of 3' }).waitFor();
    await page.evaluate('window.isTheSame = true');
    relay.goDead();
    const healed = delay(DEAD_MS);
    await page.getByText('No connection to pglab').waitFor();
    assert.deepEqual(await barriersOn(page), []);
    const named = ['--name', LONG, '--label', `evil=${HOSTILE}`];
    await lab.docker('run', '-d', ...named, '-e', 'POSTGRES_PASSWORD=theirs', 'postgres:17');
    await healed;
    relay.heal();
    await page.getByText('No connection to pglab').waitFor({ state: 'detached' });
    await page.getByText('Then and now').waitFor();
    assert.equal(await page.evaluate('window.isTheSame'), true);
  });

  test('what an instructor says and does comes to the page, and the hand goes up and down there', async () => {
    const room = mkdtempSync(join(tmpdir(), 'pglab-room-'));
    const env = { ...lab.env, PGLAB_HOME: room };
    const told = (...words: string[]) => ended(process.execPath, [CLI, 'workshop', ...words], env);
    const tells = async (...words: string[]) => {
      const { code, stdout, stderr } = await told(...words);
      assert.equal(code, 0, stdout + stderr);
    };
    const hand = (name: string) => page.getByRole('button', { name });
    await tells('open', 'Page', '--listen', `127.0.0.1:${await freePort()}`);
    try {
      const [ticket] = readTickets(room) as [Ticket];
      const code = codeOf(Buffer.from(ticket.secret, 'hex'), 1, 'spoken');
      const address = `127.0.0.1:${ticket.listen.port}`;
      const joined = await lab.pglab('workshop', 'join', address, code, '--name', 'Ada');
      assert.equal(joined.code, 0, joined.stderr);
      await hand('Raise your hand').click();
      await hand('Your hand is up · take it down').waitFor();
      await tells('say', HOSTILE.replace('\u202e', ''));
      await page.locator('.banner', { hasText: 'The instructor says: <img src=canary' }).waitFor();
      await tells('pace', 'port-mapping');
      await page.getByText('The room is at step 6').waitFor();
      await tells('take', '1');
      await hand('Somebody comes · take it down').waitFor();
      await tells('done', '1');
      await hand('Raise your hand').waitFor();
      await tells('pace', 'open');
      await page.getByText('The room is at step 6').waitFor({ state: 'detached' });
      assert.deepEqual(await barriersOn(page), []);
      const left = await lab.pglab('workshop', 'leave', '--forget');
      assert.equal(left.code, 0, left.stderr);
      await tells('close', '--wait', '0');
    } finally {
      // Closed already, where all went well.
      await told('close', '--wait', '0');
      rmSync(room, { recursive: true, force: true });
    }
    await hand('Raise your hand').waitFor({ state: 'detached' });
  });

  test('an image that cannot be had is told on the page before it ends', async () => {
    const asking = new Set<Socket>();
    const registry = createServer((socket) => asking.add(socket.on('error', () => {}))).listen(
      0,
      '127.0.0.1',
    );
    await once(registry, 'listening');
    const image = `127.0.0.1:${(registry.address() as AddressInfo).port}/none:17`;
    const served = openTerminal({ ...lab, env: { ...lab.env, PGLAB_IMAGE: image } }, [
      ...['page', '--lang', 'en', '--run', 'nowhere', '--yes'],
    ]);
    const [link] = await served.sees(LINK);
    const opened = await openPage(browser);
    await opened.goto(link);
    await opened.getByRole('heading', { level: 1, name: 'The image' }).waitFor();
    registry.close();
    for (const socket of asking) socket.destroy();
    assert.equal(await served.ends(), 2);
    await opened.getByText('No connection to pglab').waitFor();
    await opened.locator('.banner.bad', { hasText: image }).waitFor();
    assert.deepEqual(await barriersOn(opened), []);
    await opened.context().close();
  });

  test('names that look like markup are text, run nothing, and push nothing out of a narrow window', async () => {
    await lab.docker('network', 'create', HOSTILE);
    await lab.docker('network', 'connect', HOSTILE, LONG);
    const psql = (user: string, sql: string) => ['exec', LONG, 'psql', '-U', user, '-c', sql, 'postgres'];
    await lab.docker(...psql('postgres', `create role "${HOSTILE}" login`));
    await lab.docker('exec', '-d', ...psql(HOSTILE, 'select pg_sleep(600)').slice(1));
    const shown = (place: string) => page.locator(place).filter({ hasText: '<img src=canary' }).first();
    await shown('.drawn').waitFor();
    await page.locator('.drawn').filter({ hasText: 'xxxx' }).first().waitFor();
    // A window of 1440 px has 720 at 200 %.
    for (const width of [1440, 720, 360]) {
      await page.setViewportSize({ width, height: 800 });
      if (width === 360) await shown('.world pre').waitFor();
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(wide) <= 0, `${wide} px stand out at ${width}`);
      assert.deepEqual(await barriersOn(page), [], `at ${width}`);
    }
    const text = String(await page.evaluate('document.documentElement.outerHTML'));
    assert.doesNotMatch(text, /\u202e|<img/);
    assert.equal(await page.evaluate('window.canary ?? null'), null);
    assert.deepEqual(complaints, []);
  });
});
