/** The words of a board, on a page and in a terminal: keys of content/messages.*.md. */
import type { MessageKey } from '../../content-keys.ts';
import type { Values } from '../../values.ts';

export const BOARD_WORDS = [
  'workshop-board-needs-you',
  'workshop-board-nobody',
  'workshop-board-more',
  'workshop-board-room',
  'workshop-board-seats',
  'workshop-board-no-seats',
  'workshop-board-same',
  'workshop-board-group',
  'workshop-board-here',
  'workshop-board-all-lines',
  'workshop-board-lines-missing',
  'workshop-board-live',
  'workshop-board-stale',
  'workshop-board-step',
  'workshop-board-hand',
  'workshop-board-quoted',
  'workshop-board-taken',
  'workshop-board-taken-by',
  'workshop-board-working',
  'workshop-board-stuck',
  'workshop-board-trouble',
  'workshop-board-done',
  'workshop-board-skipped',
  'workshop-board-not-begun',
  'workshop-board-away',
  'workshop-board-away-with',
  'workshop-board-left',
  'workshop-board-times',
  'workshop-board-hints',
  'workshop-board-pace',
  'workshop-board-pace-open',
  'workshop-board-locked',
  'workshop-board-closed',
  'workshop-board-full',
  'workshop-board-empty',
  'workshop-board-said',
  'workshop-board-unproved',
] as const satisfies MessageKey[];

/** Of the page alone: what can be pressed. */
export const PAGE_WORDS = [
  'workshop-page-take',
  'workshop-page-put-down',
  'workshop-page-say',
  'workshop-page-say-what',
  'workshop-page-set-pace',
  'workshop-page-own-pace',
  'workshop-page-find',
  'workshop-page-who-are-you',
  'workshop-page-rename',
  'workshop-page-new-name',
  'workshop-page-remove',
  'workshop-page-remove-empty',
  'workshop-page-lock',
  'workshop-page-unlock',
  'workshop-page-reset',
  'workshop-page-reset-all',
  'workshop-page-next-group',
  'workshop-page-sure',
  'workshop-page-cancel',
  'workshop-page-close-panel',
  'workshop-page-refused',
  'workshop-page-took',
  'workshop-page-by-hand',
  'workshop-page-predicted-right',
  'workshop-page-predicted-wrong',
  'workshop-page-more',
  'workshop-page-keys',
  'workshop-page-wall',
  'workshop-page-join',
  'workshop-page-language',
] as const satisfies MessageKey[];

export type BoardWord = (typeof BOARD_WORDS)[number];
export type PageWord = BoardWord | (typeof PAGE_WORDS)[number];

export type Say = (word: BoardWord, values?: Values) => string;

/** What the page asks for once: texts by key, a finding's or trouble's by its id, in each language. */
export interface PageTexts {
  languages: Record<
    string,
    { words: Record<PageWord, string>; findings: Record<string, string>; troubles: Record<string, string> }
  >;
}
