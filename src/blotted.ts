/** Names of people and machines blotted out of a text that is to be sent to somebody. Pure. */

/** What is blotted out, and what then stands there. */
export interface Blot {
  words: readonly string[];
  mark: string;
  /** Names of machines mean the same in either case. */
  anyCase?: boolean;
}

/** Folders of users, whoever they are: `/home/NAME`, `/Users/NAME`. */
const FOLDER_OF_USER = /((?:\/home|\/Users|\\Users)[/\\])[^/\\\s"'`:,;]{1,64}/g;

/**
 * The text without these words, each only where it stands alone: `ann` is blotted in `/home/ann/x` and stays in `planned`.
 * A word as JSON writes it counts as well. Longer words go first.
 *
 *     blotted('ssh ann@box', [{ words: ['ann'], mark: '‹user›' }])   // ssh ‹user›@box
 */
export function blotted(text: string, blots: readonly Blot[]): string {
  const all = blots.flatMap(({ words, ...blot }) =>
    words.flatMap((word) => formsOf(word).map((form) => ({ form, ...blot }))),
  );
  all.sort((a, b) => b.form.length - a.form.length);
  const out = all.reduce(
    (rest, { form, mark, anyCase }) => without(rest, form, { mark, anyCase: anyCase === true }),
    text,
  );
  return out.replace(FOLDER_OF_USER, '$1‹user›');
}

function formsOf(word: string): string[] {
  if (word === '') return [];
  return [...new Set([word, JSON.stringify(word).slice(1, -1)])];
}

function without(text: string, word: string, { mark, anyCase }: { mark: string; anyCase: boolean }): string {
  const [haystack, needle] = anyCase ? [text.toLowerCase(), word.toLowerCase()] : [text, word];
  // Letters of some scripts change their length with their case.
  if (haystack.length !== text.length) return without(text, word, { mark, anyCase: false });
  const parts: string[] = [];
  let from = 0;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
    if (!standsAlone(text, at, at + word.length)) continue;
    parts.push(text.slice(from, at), mark);
    from = at + word.length;
  }
  return parts.join('') + text.slice(from);
}

/** No letter or digit on either side of a letter or digit. */
function standsAlone(text: string, from: number, to: number): boolean {
  const isPart = (at: number) => /[\p{L}\p{N}_]/u.test(text[at] ?? '');
  const isCut = (at: number) => isPart(at - 1) && isPart(at);
  return !isCut(from) && !isCut(to);
}
