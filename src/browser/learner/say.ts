import type { PageView } from '../../page/page-view.ts';

export type Word = keyof PageView['words'];

/** The page's own words, as the server sent them; a place such as `{{level}}` is filled here. */
export type Say = (key: Word, values?: Record<string, string | number>) => string;

export function wordsFrom(words: Readonly<Partial<Record<Word, string>>>): Say {
  return (key, values = {}) =>
    (words[key] ?? key).replace(/\{\{(\w+)\}\}/g, (place, name) => String(values[name] ?? place));
}
