/** The languages of the prose, a row each. A text that is there in one is there in all: the content tests see to it. */

interface Row {
  /** Locales of a system that ask for it. */
  locale: RegExp;
  /** What stands between two sentences. */
  stop: string;
}

const ROWS = {
  en: { locale: /^(en|C|POSIX)/, stop: '. ' },
  zh: { locale: /^zh/i, stop: '。' },
} as const satisfies Record<string, Row>;

export type Language = keyof typeof ROWS;

/** The first is the measure of the others, and what is taken where a system asks for none of them. */
export const LANGUAGES = Object.keys(ROWS) as [Language, ...Language[]];

/** The language of a system's locale, such as `zh_CN.UTF-8`. */
export function languageOfLocale(locale: string): Language {
  return LANGUAGES.find((language) => ROWS[language].locale.test(locale)) ?? LANGUAGES[0];
}

/** Two sentences as one text. */
export function joined(language: Language, first: string, second: string): string {
  return `${first}${ROWS[language].stop}${second}`;
}
