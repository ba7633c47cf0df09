/** The hands of who uses the page: with the pointer, or with nothing but Tab, Enter and digits. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { Content } from '../../src/lab/content.ts';
import type { Language } from '../../src/lab/languages.ts';
import type { PageWord } from '../../src/page/page-view.ts';
import { focusNow } from './readers.ts';

const MOST_TABS = 150;
const SIZES = [360, 800, 1440];
const SCHEMES = ['light', 'dark'] as const;

/** How the page is walked, and whether pictures are taken of it. */
export interface Manner {
  language: Language;
  by: 'keyboard' | 'pointer';
  /** A folder; null: none are taken. */
  pictures: string | null;
}

export class PageHands {
  readonly page: Page;
  readonly #manner: Manner;
  readonly #content: Content;
  #hasPressed = false;
  #taken = 0;

  constructor(page: Page, manner: Manner) {
    this.page = page;
    this.#manner = manner;
    this.#content = new Content(manner.language, '');
  }

  /** The page's own words. */
  says(key: PageWord, values = {}): string {
    return this.#content.say('messages', key, values);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true }).first();
  }

  /** Waits until this is to be seen; in vain, it tells what is to be seen in its place. */
  async sees(place: Locator): Promise<void> {
    await place.waitFor().catch(async (error) => {
      throw new Error(`${String(error)}\non the page:\n${await this.page.locator('body').innerText()}`);
    });
  }

  hint(level: number): string {
    return this.says('page-hint', { level, of: 3 });
  }

  async press(name: string): Promise<void> {
    await this.sees(this.button(name));
    if (this.#manner.by === 'pointer') return await this.button(name).click();
    if (this.#hasPressed) await this.hasFocus(`before ${name}`);
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      await this.page.keyboard.press('Tab');
      const unseen = await focusNow(this.page);
      assert.ok(unseen === '' || unseen === null, `the focus is not to be seen: ${unseen}`);
      const focused = await this.page.evaluate('document.activeElement.textContent');
      if (focused !== name) continue;
      this.#hasPressed = true;
      return await this.page.keyboard.press('Enter');
    }
    throw new Error(`${name} cannot be reached by the keyboard`);
  }

  /** Presses this until it has come, once more where the page says that it was not heard: so it asks for. */
  async gets(place: Locator, name: string): Promise<void> {
    const unheard = this.page.getByText(this.says('page-not-answered'));
    do {
      await this.press(name);
      await this.sees(place.or(unheard).first());
    } while (!(await place.isVisible()));
  }

  /** Answers the question that is open with this option, counted from 1. */
  async answers(option: number): Promise<void> {
    const options = this.page.locator('button.option');
    await options.first().waitFor();
    if (this.#manner.by === 'pointer') await options.nth(option - 1).click();
    else {
      // Where nothing has it yet, a digit is meant for nothing.
      if (await this.#isNowhere()) await this.#tabsTo('main');
      await this.page.keyboard.press(String(option));
    }
    await options.first().waitFor({ state: 'detached' });
  }

  async hasFocus(when: string): Promise<void> {
    assert.ok(!(await this.#isNowhere()), `the focus is lost ${when}`);
  }

  /** How the page looks now, in every size and scheme; it is left as it was. */
  async picture(name: string): Promise<void> {
    const { pictures, language } = this.#manner;
    if (pictures === null) return;
    mkdirSync(pictures, { recursive: true });
    this.#taken += 1;
    const before = this.page.viewportSize();
    for (const width of SIZES)
      for (const colorScheme of SCHEMES) {
        await this.page.setViewportSize({ width, height: 900 });
        await this.page.emulateMedia({ colorScheme });
        const number = String(this.#taken).padStart(2, '0');
        const path = join(pictures, `${number}-${name}-${width}-${colorScheme}-${language}.png`);
        await this.page.screenshot({ path, fullPage: true });
      }
    await this.page.emulateMedia({ colorScheme: null });
    if (before) await this.page.setViewportSize(before);
  }

  async #isNowhere(): Promise<boolean> {
    return (await this.page.evaluate('document.activeElement === document.body')) === true;
  }

  async #tabsTo(place: string): Promise<void> {
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      await this.page.keyboard.press('Tab');
      if ((await this.page.evaluate(`document.activeElement.closest('${place}') !== null`)) === true) return;
    }
    throw new Error(`${place} cannot be reached by the keyboard`);
  }
}
