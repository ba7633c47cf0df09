/** The languages of the prose, a row each. A text that is there in one is there in all: the content tests see to it. */

interface Row {
  /** Locales of a system that ask for it. */
  locale: RegExp;
  /** What stands between two sentences. */
  stop: string;
  /** What stands between two sentences that are whole. */
  gap: string;
  /** A letter that no text of some length in it lacks: one without is a text of another language. */
  letter?: RegExp;
}

const ROWS = {
  en: { locale: /^(en|C|POSIX)/, stop: '. ', gap: ' ', letter: /[a-z]/i },
  zh: { locale: /^zh/i, stop: '。', gap: '', letter: /\p{Script=Han}/u },
} as const satisfies Record<string, Row>;

export type Language = keyof typeof ROWS;

/** The first is the measure of the others, and is taken where a system asks for another language. */
export const LANGUAGES = Object.keys(ROWS) as [Language, ...Language[]];

/** The language of a system's locale, such as `zh_CN.UTF-8`. */
export function languageOfLocale(locale: string): Language {
  return LANGUAGES.find((language) => ROWS[language].locale.test(locale)) ?? LANGUAGES[0];
}

/** Sentences that end with their own full stop, as one text. */
export function inOneLine(language: Language, ...sentences: readonly string[]): string {
  return sentences.join(ROWS[language].gap);
}

/** Two sentences as one text. */
export function joined(language: Language, first: string, second: string): string {
  return `${first}${ROWS[language].stop}${second}`;
}

/** As long as this, in letters, a text is more than a name or a number. */
const SENTENCE = 20;

/** Whether prose is written in another language: copied there, and not translated. Code in it is not looked at. */
export function isForeign(language: Language, markdown: string): boolean {
  const { letter }: Row = ROWS[language];
  const words = markdown.replace(/```[\s\S]*?```|`[^`\n]*`|\{\{[^{}]*\}\}/g, '');
  const letters = words.match(/\p{L}/gu) ?? [];
  return letter !== undefined && letters.length >= SENTENCE && !letter.test(words);
}
