/** Names of people and machines blotted out of a text that is to be sent to somebody. Pure. */

/** What is blotted out, and what then stands there. */
export interface Blot {
  words: readonly string[];
  mark: string;
  /** Names of machines mean the same in either case. */
  anyCase?: boolean;
  /** Also in the middle of other words: secrets, where a letter too many is better than one too few. */
  anywhere?: boolean;
}

/** Folders of all users: `/home/NAME`, `/Users/NAME`. */
const FOLDER_OF_USER = /((?:\/home|\/Users|\\Users)[/\\])[^/\\\s"'`:,;]{1,64}/g;

/** Of an engine, wherever it is told of; a URL of http may as well be an advice, and is one only as an `endpoint`. */
const ENGINE_URL =
  /(?:\b(?:tcp|ssh):\/\/|"endpoint":"https?:\/\/)(?:([^\s"'\\/@:]{1,64})(?::([^\s"'\\/@]{1,256}))?@)?(\[[\da-fA-F:.]{2,64}\]|[^\s"'\\/:@]{1,255})/g;
/** Of a registry: what stands before the first slash of a reference, and has a dot or a port. */
const REGISTRY = /"(?:ref|from|mirror|image)":"([^"\\/\s]{0,255}[.:][^"\\/\s]{0,255})\//g;
/** As ssh, Go and Node name whom they did not reach. */
const NOT_REACHED =
  /(?:connect to host|dial tcp:? lookup|dial tcp|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH) (\[[\da-fA-F:.]{2,64}\]|[^\s"'\\/:@]{1,255})/g;
const OF_EVERY_MACHINE = /^(127\.|\[::1\]|localhost$|docker\.io$)/;

/** The machines, users and passwords that the endpoints and references in a text name. */
export function namedIn(text: string): { hosts: string[]; users: string[]; passwords: string[] } {
  const urls = [...text.matchAll(ENGINE_URL)];
  const registries = [...text.matchAll(REGISTRY)].flatMap(([, at = '']) => [at, at.split(':')[0] ?? '']);
  const told = [...text.matchAll(NOT_REACHED)].map(([, host = '']) => host);
  const hosts = [...urls.map(([, , , host = '']) => host), ...told, ...registries];
  return {
    hosts: [...new Set(hosts)].filter((host) => host !== '' && !OF_EVERY_MACHINE.test(host)),
    users: [...new Set(urls.flatMap(([, user]) => user ?? []))],
    passwords: [...new Set(urls.flatMap(([, , password]) => password ?? []))],
  };
}

/**
 * The text without these words, each only where it stands alone, but for secrets: `ann` is blotted in `/home/ann/x` and stays in `planned`.
 * A word as JSON writes it counts as well. Longer words go first.
 *
 *     blotted('ssh ann@box', [{ words: ['ann'], mark: '‹user›' }])   // ssh ‹user›@box
 */
export function blotted(text: string, blots: readonly Blot[]): string {
  const all = blots.flatMap(({ words, ...blot }) =>
    words.flatMap((word) => formsOf(word).map((form) => ({ form, ...blot }))),
  );
  all.sort((a, b) => b.form.length - a.form.length);
  const out = all.reduce((rest, { form, ...how }) => without(rest, form, how), text);
  return out.replace(FOLDER_OF_USER, '$1‹user›');
}

function formsOf(word: string): string[] {
  if (word === '') return [];
  return [...new Set([word, JSON.stringify(word).slice(1, -1)])];
}

function without(text: string, word: string, how: Omit<Blot, 'words'>): string {
  const { mark, anyCase, anywhere } = how;
  const [haystack, needle] = anyCase ? [text.toLowerCase(), word.toLowerCase()] : [text, word];
  // Letters of some scripts change their length with their case.
  if (haystack.length !== text.length) return without(text, word, { ...how, anyCase: false });
  const parts: string[] = [];
  let from = 0;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
    if (!anywhere && !standsAlone(text, at, at + word.length)) continue;
    parts.push(text.slice(from, at), mark);
    from = at + word.length;
  }
  return parts.join('') + text.slice(from);
}

/** What JSON writes in place of a character that is no letter: `\n`, `\u001b`. Its own letters border on no word. */
const ESCAPE_BEFORE = /\\(?:[bfnrt]|u[\da-f]{4})$/i;
const LONGEST_ESCAPE = 6;

/** No letter or digit on either side of a letter or digit. */
function standsAlone(text: string, from: number, to: number): boolean {
  const isPart = (at: number) => /[\p{L}\p{N}_]/u.test(text[at] ?? '');
  const isCut = (at: number) => isPart(at - 1) && isPart(at);
  const isAfterEscape = ESCAPE_BEFORE.test(text.slice(Math.max(0, from - LONGEST_ESCAPE), from));
  return (isAfterEscape || !isCut(from)) && !isCut(to);
}
