/** The page's own words, which go to the browser as they are: it fills their places itself. */

import type { MessageKey } from '../content-keys.ts';
import type { Content } from '../lab/content.ts';

const KEYS = [
  'page-live',
  'page-not-live',
  'page-lost',
  'page-silent',
  'page-silence',
  'page-silent-for',
  'page-not-now',
  'page-not-answered',
  'page-progress',
  'page-step-done',
  'page-step-left-out',
  'page-step-now',
  'page-step-open',
  'page-language',
  'page-kicker',
  'page-kicker-met',
  'page-kicker-asked',
  'page-goal',
  'page-first-line',
  'page-question',
  'page-skip-question',
  'page-you-said',
  'page-right',
  'page-commands',
  'page-to-type',
  'page-article',
  'page-today',
  'page-copy',
  'page-copied',
  'page-checks',
  'page-tally',
  'page-already',
  'page-why',
  'page-see',
  'page-go-on',
  'page-state-pending',
  'page-state-met',
  'page-state-not-met',
  'page-state-unknown',
  'page-hints',
  'page-hint',
  'page-act-next',
  'page-act-again',
  'page-act-typed',
  'page-act-show',
  'page-act-run',
  'page-act-anew',
  'page-ran',
  'page-running',
  'page-exit',
  'page-notices',
  'page-work',
  'page-told',
  'page-then',
  'page-map-text',
  'page-done',
  'page-as-said',
  'page-not-as-said',
  'page-hints-taken',
  'page-hand-down',
  'page-hand-up',
  'page-hand-taken',
  'page-all-done',
  'page-named',
  'page-heard',
] as const satisfies readonly MessageKey[];

type Bare<Key> = Key extends `page-${infer Rest}` ? Rest : never;

/** A word of the page itself, by its key without `page-`. */
export type Word = Bare<(typeof KEYS)[number]>;

/** By their key without `page-`. */
export function pageWords(content: Content): Record<Word, string> {
  const words = KEYS.map((key) => [key.slice('page-'.length), content.find('messages', key) ?? key]);
  return Object.fromEntries(words) as Record<Word, string>;
}
