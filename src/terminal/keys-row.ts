/** The last row of a watch: how many checks are met, and the keys with a word each. */
import type { Content } from '../lab/content.ts';
import { widthOf } from '../wrap.ts';
import type { Screen } from './screen.ts';

/** In a row where there is room for both. */
export function keysRow({ screen, content }: { screen: Screen; content: Content }, count: string): string[] {
  const keys = (['keys', 'keys-short'] as const).map((key) => content.say('messages', key));
  const row = keys.map((each) => `${count} · ${each}`).find((each) => widthOf(each) < screen.columns);
  return row === undefined ? [count, keys[1] as string] : [row];
}
