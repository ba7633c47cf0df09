/** People look at a page in many ways: with little room, in the dark, without motion, in colours of their own, by keyboard. */
import type { Page } from 'playwright-core';
import { barriersOn } from './browser.ts';

type Media = Parameters<Page['emulateMedia']>[0];

const WAYS: { way: string; width: number; media: Media }[] = [
  { way: 'on a phone', width: 360, media: {} },
  { way: 'at 200 %', width: 640, media: {} },
  { way: 'in the dark', width: 1440, media: { colorScheme: 'dark' } },
  { way: 'in forced colours', width: 1440, media: { colorScheme: 'dark', forcedColors: 'active' } },
];
const AS_IT_WAS: Media = { colorScheme: null, forcedColors: null, reducedMotion: null };

/** What stands out of the window, or is cut off in it. */
const HIDDEN = `[...document.body.querySelectorAll('*')].flatMap((each) => {
  if (each.closest('.heard-only, pre, svg')) return [];
  const { left, right, width } = each.getBoundingClientRect();
  const isCut = /hidden|clip/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1;
  const isOut = width > 0 && (left < -1 || right > innerWidth + 1);
  return isCut || isOut ? [each.outerHTML.slice(0, 120)] : [];
})`;

/** Words of a picture that have the colour of what they stand on. */
const UNSEEN = `[...document.querySelectorAll('.map text')].flatMap((each) => {
  const paper = getComputedStyle(each.closest('.map').querySelector('.paper')).fill;
  return getComputedStyle(each).fill === paper ? [each.textContent] : [];
})`;

const FOCUS = `(() => {
  const each = document.activeElement;
  if (each === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  const { left, top, width, height } = each.getBoundingClientRect();
  const at = document.elementFromPoint(left + width / 2, Math.min(top + height / 2, innerHeight - 1));
  const isShown = outlineStyle !== 'none' && outlineWidth !== '0px';
  return isShown && at !== null && (each.contains(at) || at.contains(each)) ? '' : each.outerHTML.slice(0, 120);
})()`;

/** What is wrong for one of them: a line each. It leaves the page as it was. */
export async function hiddenFromReaders(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const focused = await page.evaluateHandle<{ focus(): void }>('document.activeElement');
  const found: string[] = [];
  const noted = (way: string, what: readonly string[]) =>
    found.push(...what.map((each) => `${way}: ${each}`));
  for (const { way, width, media } of WAYS) {
    await page.setViewportSize({ width, height: 720 });
    await page.emulateMedia({ ...AS_IT_WAS, ...media });
    noted(way, (await page.evaluate(HIDDEN)) as string[]);
    noted(way, (await page.evaluate(UNSEEN)) as string[]);
    noted(way, await barriersOn(page));
    if (width === 360) noted(`${way}, the focus`, await focusUnseen(page));
  }
  await page.emulateMedia({ ...AS_IT_WAS, reducedMotion: 'reduce' });
  const moving = '[...document.querySelectorAll("*")].map((each) => getComputedStyle(each))';
  const isMoved =
    '({ animationName, transitionDuration }) => animationName !== "none" || transitionDuration !== "0s"';
  const count = await page.evaluate(`${moving}.filter(${isMoved}).length`);
  if (count !== 0) found.push(`without motion: ${count} move`);
  await page.emulateMedia(AS_IT_WAS);
  if (before) await page.setViewportSize(before);
  await focused.evaluate((each) => each.focus());
  return found;
}

/** What has the focus where that is not to be seen; empty where it is; null where nothing of the page has it. */
export async function focusNow(page: Page): Promise<string | null> {
  return (await page.evaluate(FOCUS)) as string | null;
}

/** Goes through all that can have the focus, from the beginning. */
async function focusUnseen(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement?.blur(); getSelection().removeAllRanges()');
  const told: string[] = [];
  const most = Number(await page.evaluate(`document.querySelectorAll('button, summary, [tabindex]').length`));
  for (let at = 0; at <= most; at += 1) {
    await page.keyboard.press('Tab');
    const unseen = await focusNow(page);
    if (unseen === null && told.length > 0) break;
    if (unseen !== null) told.push(unseen);
  }
  return told.filter((each) => each !== '');
}
