/** How Chinese prose is set: what a machine can decide of its marks and spaces. Code, placeholders and addresses in it are left alone. */
import { fencedParts } from '../lab/fences.ts';
import { type Problem, type ProblemKey, problem } from './problem.ts';

/** What stands in place of code and names: a word in Latin letters. */
const WORD = '\ue000';

/** What stands in place of a name whose value is Chinese: it counts as a Chinese character. */
const OURS = '\ue001';

/** A stretch that is no prose, and what it counts as beside it. */
const MASKED: readonly [RegExp, string][] = [
  [/`[^`]*`/g, WORD],
  [/\{\{machine\}\}/g, OURS],
  [/\{\{[^{}?]*\}\}/g, WORD],
  // One of two texts, each of them prose: `{{machine?本机|宿主机}}`.
  [/\{\{[^{}?]*\?(?=\p{Script=Han})|(?<=[\p{Script=Han}，。；：？！])\}\}/gu, OURS],
  [/\{\{[^{}?]*\?|\}\}/g, WORD],
  [/(?<=\])\([^()\s]*\)/g, WORD],
  [/\b[a-z]+:\/\/[^\s，。；：？！、（）“”]*/g, WORD],
  [/(?<![^\s（“：，])[~.]?\/[^\s，。；：？！、（）“”]*/g, WORD],
  // Of a shell: what is in quotes, what another command prints, an option with its value.
  [/'[^'\n]*'/g, WORD],
  [/"?[<$]\([^()]*\)"?/g, WORD],
  [/(?<![\w-])--?[A-Za-z][\w-]*(?:[ =](?:"[^"]*")?[^\s，。；：？！、（）“”"]*)?/g, WORD],
  // Of a program: a call.
  [/(?<![\w.])[A-Za-z_][\w.]*\([^()\s]*\)/g, WORD],
];

/** What opens a line before its prose: a list, a heading, the field of an entry. */
const OPENING = /^\s*(?:(?:- (?:\[[ x]\] )?|\d+\. |#+ |> )|[a-z]+: )*/;

interface Rule {
  key: ProblemKey;
  wrong: RegExp;
  /** What to write in place of what was found. */
  right: (found: string) => string;
}

const FULL: Readonly<Record<string, string>> = {
  ...{ ',': '，', ';': '；', ':': '：', '!': '！', '?': '？', '.': '。', '(': '（', ')': '）' },
  ...{ '「': '“', '」': '”', '『': '‘', '』': '’' },
};

const nothing = () => '';
const oneSpace = () => ' ';

/** Each mark that has a full-width form, without the spaces beside it. */
function full(found: string): string {
  return found.trim().replace(/./gu, (mark) => FULL[mark] ?? mark);
}

function narrow(found: string): string {
  return found === '\u3000' ? ' ' : String.fromCharCode(found.charCodeAt(0) - 0xfee0);
}

const RULES: readonly Rule[] = [
  {
    key: 'problem-chinese-space',
    wrong: /(?<=[，。、；：？！（）《》]) +(?=\S)|(?<=\S) +(?=[，。、；：？！（）《》])/gu,
    right: nothing,
  },
  {
    key: 'problem-chinese-space',
    wrong: /(?<=”) +(?=[\p{Script=Han}\ue001])|(?<=[\p{Script=Han}\ue001]) +(?=“)/gu,
    right: nothing,
  },
  {
    key: 'problem-chinese-mark',
    wrong: /(?<=[\p{Script=Han}\ue001])[,;:!?] *|(?<=\S)[,;:!?] *(?=[\p{Script=Han}\ue001])/gu,
    right: full,
  },
  {
    key: 'problem-chinese-mark',
    wrong:
      /(?<=[\p{Script=Han}\ue001]) +[,;:!?](?= |$)|(?<=[\p{Script=Han}\ue001])\.(?= |$|[\p{Script=Han}\ue001])/gu,
    right: full,
  },
  {
    key: 'problem-chinese-gap',
    wrong:
      /(?<=[\p{Script=Han}\ue001])(?=[A-Za-z0-9\ue000])|(?<=[A-Za-z0-9\ue000])(?=[\p{Script=Han}\ue001])/gu,
    right: oneSpace,
  },
  {
    key: 'problem-chinese-double',
    wrong: /(?<=[^\s，。、；：？！（）《》]) {2,}(?=[^\s，。、；：？！（）《》])/gu,
    right: oneSpace,
  },
  {
    key: 'problem-chinese-split',
    wrong: /(?<=[\p{Script=Han}\ue001]) (?=[\p{Script=Han}\ue001])/gu,
    right: nothing,
  },
  { key: 'problem-chinese-quotes', wrong: /[「」『』]/g, right: full },
  {
    key: 'problem-chinese-quotes',
    wrong: /"[\p{Script=Han}\ue000\ue001][^"]*"|"[^"]*[\p{Script=Han}\ue001]"/gu,
    right: (found) => `“${found.slice(1, -1)}”`,
  },
  {
    key: 'problem-chinese-dots',
    wrong: /(?<=[\p{Script=Han}\ue001]) ?(?:\.{3,}|…(?!…)|。{2,})/gu,
    right: () => '……',
  },
  { key: 'problem-chinese-wide', wrong: /[\u3000\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, right: narrow },
];

/** Two characters of one word, or of one name. */
const IN_WORD = /^(?:[A-Za-z0-9]{2}|\ue000{2}|\ue001{2})$/;

/** Characters that are shown on each side of what is wrong. */
const AROUND = 8;

/**
 * What is wrong with how a text in Chinese is set, line by line. `markdown`: a step's prose, or a file of entries.
 *
 * @example chineseProblems('content/01-clock.zh.md', '它在跑, 没停。') // one, `problem-chinese-mark`
 */
export function chineseProblems(file: string, markdown: string): Problem[] {
  return proseLines(markdown).flatMap(({ text, number }) => {
    const masked = maskedLine(text);
    const wrong = [
      ...RULES.flatMap(({ key, wrong, right }) =>
        [...masked.matchAll(wrong)].map(({ index, 0: { length } }) => ({
          key,
          right,
          at: [index, index + length] as const,
        })),
      ),
      ...narrowBrackets(masked).map((at) => ({ key: 'problem-chinese-mark' as const, right: full, at })),
    ];
    return wrong.map(({ key, right, at: [from, to] }) => {
      const [start, end] = around(masked, from, to);
      const [before, found, after] = [text.slice(start, from), text.slice(from, to), text.slice(to, end)];
      const values = { line: number, is: before + found + after, wanted: before + right(found) + after };
      return problem(file, key, values);
    });
  });
}

/** Narrow brackets around Chinese or beside it, each with a space beside it: a pair is wrong as a whole. */
function narrowBrackets(masked: string): (readonly [number, number])[] {
  const open: number[] = [];
  const found: number[] = [];
  for (let at = 0; at < masked.length; at += 1) {
    const mark = masked[at];
    if (mark === '(' || mark === '（') open.push(at);
    if (mark !== ')' && mark !== '）') continue;
    const from = open.pop() ?? at;
    const isChinese = [from, at].some((place) => isBesideChinese(masked, place));
    if (isChinese) found.push(...[from, at].filter((place) => '()'.includes(masked[place] as string)));
  }
  found.push(...open.filter((at) => masked[at] === '(' && isBesideChinese(masked, at)));
  return [...new Set(found)].map((at) => [
    masked[at - 1] === ' ' ? at - 1 : at,
    masked[at + 1] === ' ' ? at + 2 : at + 1,
  ]);
}

/** Whether Chinese, or one of its marks, is right before or behind, be it with a space between. */
function isBesideChinese(masked: string, at: number): boolean {
  return /[\p{Script=Han}\ue001，。、；：？！] ?[()（）]|[()（）] ?[\p{Script=Han}\ue001，。、；：？！]/u.test(
    masked.slice(Math.max(0, at - 2), at + 3),
  );
}

/** Lines of prose, with their numbers: no code blocks, no headings of sections, no marks of a place. */
function proseLines(markdown: string): { text: string; number: number }[] {
  let number = 0;
  return fencedParts(markdown).flatMap(({ isCode, text }) =>
    text.split('\n').flatMap((line) => {
      number += 1;
      return isCode || /^## |^\s*:::/.test(line) ? [] : [{ text: line, number }];
    }),
  );
}

/** The line, as long as it was, with what is no prose masked. */
function maskedLine(line: string): string {
  const opening = OPENING.exec(line)?.[0].length ?? 0;
  const prose = MASKED.reduce(
    (rest, [pattern, as]) => rest.replace(pattern, (found) => as.repeat(found.length)),
    line.slice(opening),
  );
  return '\n'.repeat(opening) + prose;
}

/** Where an excerpt begins and ends: no word of code or name is cut. */
function around(masked: string, from: number, to: number): [number, number] {
  let [start, end] = [Math.max(0, from - AROUND), Math.min(masked.length, to + AROUND)];
  const isInside = (at: number) => IN_WORD.test(masked.slice(at - 1, at + 1));
  while (start > 0 && isInside(start)) start -= 1;
  while (end < masked.length && isInside(end)) end += 1;
  return [start, end];
}
