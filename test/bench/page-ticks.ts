/** From an event on the engine, by its own clock, to the tick on the learner's page, as the page itself sees it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn as spawnPty } from 'node-pty';
import type { Page } from 'playwright-core';
import { openBrowser } from '../e2e/browser.ts';
import { eventsOf } from './engine-events.ts';

const PORT = 6592;
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;

/** Notes when the first check comes to be met, at the moment that the page has it. */
const WATCH = `window.metAt = null; new MutationObserver(() => {
  const isMet = document.querySelector('.checks li')?.className === 'met';
  window.metAt = isMet ? window.metAt ?? Date.now() : null;
}).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });`;

async function linkOf(cli: string, env: NodeJS.ProcessEnv) {
  const args = [cli, 'page', '--lang', 'en', '--yes', '--run', 'bench'];
  const pty = spawnPty(process.execPath, args, { cols: 100, rows: 40, env: env as never });
  let text = '';
  pty.onData((data) => {
    text += data;
  });
  while (!LINK.test(text)) await sleep(20);
  return { link: (LINK.exec(text) as RegExpExecArray)[0], end: () => pty.kill('SIGTERM') };
}

/** A container that is paused and goes on, `count` times. Milliseconds, one a tick. */
async function timed(page: Page, id: string, count: number): Promise<number[]> {
  const { events, happened } = eventsOf(id);
  const taken: number[] = [];
  try {
    const met = async () => (await page.evaluate('window.metAt')) as number | null;
    await page.locator('.checks li.met:last-child').waitFor({ timeout: 60_000 });
    await page.evaluate(WATCH);
    for (let at = 0; at < count; at += 1) {
      execFileSync('docker', ['pause', id]);
      await page.locator('.checks li:first-child:not(.met)').waitFor();
      happened.clear();
      execFileSync('docker', ['unpause', id]);
      while ((await met()) === null || !happened.has('unpause')) await sleep(5);
      taken.push(((await met()) as number) - (happened.get('unpause') as number));
    }
    return taken;
  } finally {
    events.kill();
  }
}

/** The step stays open, for its container has another port than was asked for. */
export async function pageTicks(cli: string, image: string, count: number): Promise<number[]> {
  const home = mkdtempSync(join(tmpdir(), 'pglab-bench-'));
  const env = { ...process.env, PGLAB_HOME: home, PGLAB_IMAGE: image, PGLAB_PORT: String(PORT) };
  const before = ['image', 'foreground-run', 'detached-run', 'isolated-port', 'exec-psql'];
  const { status } = spawnSync(process.execPath, [cli, 'run', ...before, '--yes', '--run', 'bench'], { env });
  if (status !== 0) throw new Error('the run could not be begun');
  const { link, end } = await linkOf(cli, env);
  const browser = await openBrowser();
  let id = '';
  try {
    const page = await browser.newPage();
    await page.goto(link);
    await page.getByRole('button', { name: 'Leave the question out' }).click({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Hint 1 of 3' }).waitFor();
    const flags = ['-e', 'POSTGRES_PASSWORD=x', '-p', `${PORT + 1}:5432`];
    id = execFileSync('docker', ['run', '-d', ...flags, image], { encoding: 'utf8' }).trim();
    return await timed(page, id, count);
  } finally {
    await browser.close();
    end();
    if (id !== '') execFileSync('docker', ['rm', '-fv', id]);
    spawnSync(process.execPath, [cli, 'reset', '--yes'], { env });
    rmSync(home, { recursive: true, force: true });
  }
}
