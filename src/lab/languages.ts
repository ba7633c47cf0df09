/** The languages of the prose, a row each. A text that is there in one is there in all: the content tests see to it. */

interface Row {
  /** Locales of a system that ask for it. */
  locale: RegExp;
  /** What stands between two sentences. */
  stop: string;
  /** What stands between two sentences that are whole. */
  gap: string;
  /** What stands between the items of a list. */
  comma: string;
  /** What stands between two remarks on one thing. */
  pause: string;
  /** What stands between a name and what is said of it. */
  colon: string;
  /** What stands around a remark behind a word. */
  brackets: readonly [string, string];
  /** A letter that no text of some length in it lacks: one without is a text of another language. */
  letter?: RegExp;
}

const ROWS = {
  en: {
    ...{ locale: /^(en|C|POSIX)/, stop: '. ', gap: ' ', letter: /[a-z]/i },
    ...{ comma: ', ', pause: ', ', colon: ': ', brackets: [' (', ')'] },
  },
  zh: {
    ...{ locale: /^zh/i, stop: '。', gap: '', letter: /\p{Script=Han}/u },
    ...{ comma: '、', pause: '，', colon: '：', brackets: ['（', '）'] },
  },
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

/**
 * Items as a sentence lists them.
 *
 * @example listIn('zh', ['en', 'zh']) // 'en、zh'
 */
export function listIn(language: Language, items: readonly string[]): string {
  return items.join(ROWS[language].comma);
}

/**
 * A name, and what is said of it.
 *
 * @example saidOf('zh', 'keeper', '还在') // 'keeper：还在'
 */
export function saidOf(language: Language, name: string, said: string): string {
  return `${name}${ROWS[language].colon}${said}`;
}

/**
 * Remarks in brackets, to stand right behind a word.
 *
 * @example `keeper${inBrackets('en', 'yours', 'removed')}` // 'keeper (yours, removed)'
 */
export function inBrackets(language: Language, ...remarks: readonly string[]): string {
  const [opening, closing] = ROWS[language].brackets;
  return `${opening}${remarks.join(ROWS[language].pause)}${closing}`;
}

/** Values that list names: data has them with a comma between. */
const LISTS = /^(known|verbs|formats|languages|others|majors|steps|ids|bindings)$/;

/** Values that name a process, with its number in brackets. */
const PROCESSES = /^(who|holder)$/;

/**
 * A value as data has it, with the marks of a language: of lists, and around a process's number.
 *
 * @example inMarks('zh', 'listener.who', 'docker-proxy (412)') // 'docker-proxy（412）'
 */
export function inMarks(language: Language, name: string, value: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const { comma } = ROWS[language];
  if (PROCESSES.test(last))
    return value.replace(/ \((\d+)\)$/, (_, pid: string) => inBrackets(language, pid));
  return LISTS.test(last) ? value.replaceAll(', ', comma) : value.replaceAll('`, `', `\`${comma}\``);
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
