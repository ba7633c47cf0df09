/** The instructor's page with a thousand seats in Chromium: how long it is at work when fifty of them have changed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Newsroom } from '../../../src/workshop/board/newsroom.ts';
import { Room } from '../../../src/workshop/room/room.ts';
import { openSite } from '../../../src/workshop/site/open-site.ts';
import { STEPS } from '../../e2e/board-of-test.ts';
import { openBrowser } from '../../e2e/browser.ts';
import { begun, ended, joined, journalOf, record, unmet } from '../../unit/workshop-events.ts';
import { spread, tell } from './figures.ts';

const SEATS = 1_000;
const CHANGED = 50;
const TICKS = 60;

/** What the page does with news, and then in the frame that draws it, until it is laid out anew. */
const TIMED = `window.ticks = []; let work = 0, count = 0;
const timed = (act) => { const begun = performance.now(); act(); work += performance.now() - begun; };
const listen = EventSource.prototype.addEventListener, frame = window.requestAnimationFrame;
EventSource.prototype.addEventListener = function (name, take, ...more) {
  return listen.call(this, name, name !== 'news' ? take : (event) => {
    const { type, seats } = JSON.parse(event.data);
    if (type === 'changed') count = Math.max(count, seats.length);
    timed(() => take(event));
  }, ...more);
};
window.requestAnimationFrame = (draw) => frame((time) => {
  timed(() => { draw(time); document.body.getBoundingClientRect(); });
  window.ticks.push({ count, ms: work });
  work = count = 0;
});`;

interface Tick {
  count: number;
  ms: number;
}

export async function pageTick(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-bench-page-'));
  const room = new Room(STEPS, Date.now());
  const newsroom = new Newsroom(room, Date.now);
  for (let seat = 1; seat <= SEATS; seat += 1) room.take(record(seat, joined(seat)));
  const board = { now: Date.now, watch: newsroom.watch.bind(newsroom) };
  const join_ = () => 'pglab workshop join 192.168.1.20:8750 K7QM-2PDX';
  const served = { board, room, join: join_, joinPicture: () => null } as unknown as Parameters<
    typeof openSite
  >[0];
  const site = await openSite(served, { folder, content: '' });
  const browser = await openBrowser();
  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  await page.addInitScript(TIMED);
  await page.goto(site.link());
  await page
    .locator('.cells li')
    .nth(SEATS - 1)
    .waitFor();
  await page.evaluate('window.ticks.length = 0');
  await busy(room, () => newsroom.poke());
  const found = ((await page.evaluate('window.ticks')) as Tick[]).filter(({ count }) => count >= CHANGED);
  await browser.close();
  await site.close();
  newsroom.stop();
  rmSync(folder, { recursive: true });
  tell(
    `a tick of the page with ${SEATS} seats, ${CHANGED} of them changed`,
    spread(found.map(({ ms }) => ms)),
    'median <= 25 ms',
  );
}

async function busy(room: Room, poke: () => void): Promise<void> {
  const journals = Array.from({ length: SEATS }, (_, at) => journalOf(at + 1));
  for (let tick = 0; tick < TICKS; tick += 1) {
    const step = (STEPS[Math.floor(tick / 20)] as (typeof STEPS)[0]).id;
    for (let at = 0; at < CHANGED; at += 1) {
      const seat = (tick * CHANGED + at) % SEATS;
      const told = [begun(step), unmet(step, 'refused'), ...(at % 3 === 0 ? [ended(step)] : [])];
      room.take(record(2_000 + tick, (journals[seat] as ReturnType<typeof journalOf>)(...told)));
    }
    poke();
    await delay(150);
  }
}
