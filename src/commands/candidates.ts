/** What may stand where the cursor is: worked out from the table of verbs, for every shell in the same way. */
import type { MessageKey } from '../content-keys.ts';
import type { Verb } from './verb.ts';

export interface Candidate {
  word: string;
  /** What it is, in a few words; empty where the word says it. */
  about: string;
}

/** What only a home and a lab can tell, each asked for where it is wanted. */
export interface Known {
  say(key: MessageKey): string;
  steps(): Candidate[];
  runs(): Candidate[];
  labs(): Candidate[];
  formats: readonly string[];
  languages: readonly string[];
  shells: readonly string[];
}

export interface Completion {
  candidates: Candidate[];
  /** File names fit there as well; the shell completes those itself. */
  files: boolean;
}

interface Flag {
  long: string;
  takesValue: boolean;
  about: MessageKey;
}

/** Where the words before the cursor lead. */
interface Place {
  verb: Verb;
  /** The words after the verb, without options. */
  words: string[];
  given: Set<string>;
  /** The option whose value comes next. */
  open: Flag | null;
}

/**
 * `before`: the words after `pglab` that are whole; `typed`: the one that is being typed, `''` for a new one.
 *
 *     completionOf(PGLAB, COMMON_OPTIONS, ['run'], 'por', known).candidates   // [{ word: 'port-mapping', … }]
 */
export function completionOf(
  root: Verb,
  common: Readonly<Record<string, MessageKey>>,
  before: readonly string[],
  typed: string,
  known: Known,
): Completion {
  const place = placeOf(root, common, before);
  // bash takes `--lab=x` for three words, `=` among them.
  const prefix = typed === '=' ? '' : typed;
  const [, option, start] = /^(--[a-z-]+)=(.*)$/.exec(prefix) ?? [];
  const named = flagsOf(place.verb, common).find(({ long }) => long === option);
  if (named) {
    const found = matching(valuesOf(named, known), start ?? '');
    return {
      candidates: found.candidates.map((each) => ({ ...each, word: `${option}=${each.word}` })),
      files: found.files,
    };
  }
  if (place.open) return matching(valuesOf(place.open, known), prefix);
  if (prefix.startsWith('-')) {
    const flags = flagsOf(place.verb, common).filter(({ long }) => !place.given.has(long));
    return matching(
      { candidates: flags.map(({ long, about }) => ({ word: long, about: known.say(about) })), files: false },
      prefix,
    );
  }
  return matching(wordsOf(place, known), prefix);
}

function placeOf(root: Verb, common: Readonly<Record<string, MessageKey>>, before: readonly string[]): Place {
  const place: Place = { verb: root, words: [], given: new Set(), open: null };
  for (const word of before) {
    if (word === '=') continue;
    if (place.open) {
      place.open = null;
      continue;
    }
    const [name = ''] = word.split('=');
    const flag = flagsOf(place.verb, common).find(({ long }) => long === name);
    if (flag) {
      place.given.add(flag.long);
      place.open = flag.takesValue && !word.includes('=') ? flag : null;
      continue;
    }
    const inner = place.words.length === 0 && place.verb.verbs?.find((verb) => verb.name === word);
    if (inner) place.verb = inner;
    else if (!word.startsWith('-')) place.words.push(word);
  }
  return place;
}

/** `-y, --yes` and `--run <id>`, as the table has them. */
function flagsOf({ options = {} }: Verb, common: Readonly<Record<string, MessageKey>>): Flag[] {
  return Object.entries({ ...options, ...common }).map(([flags, about]) => ({
    long: /--[a-z-]+/.exec(flags)?.[0] ?? flags,
    takesValue: flags.includes('<'),
    about,
  }));
}

function valuesOf({ long }: Flag, known: Known): Completion {
  switch (long) {
    case '--format':
      return { candidates: bare(known.formats), files: false };
    case '--lang':
      return { candidates: bare(known.languages), files: false };
    case '--run':
      return { candidates: known.runs(), files: false };
    case '--lab':
      return { candidates: known.labs(), files: true };
    case '--bundle':
      return { candidates: [], files: true };
    default:
      return { candidates: [], files: false };
  }
}

/** What may follow the verb: an inner verb, or what its words stand for. */
function wordsOf({ verb, words }: Place, known: Known): Completion {
  if (verb.verbs && words.length === 0) {
    return {
      candidates: verb.verbs.map(({ name, about }) => ({ word: name, about: known.say(about) })),
      files: false,
    };
  }
  const [, kind, isMany] = /^\[([a-z]+)(\.\.\.)?/.exec(verb.words ?? '') ?? [];
  if (kind === undefined || (words.length > 0 && !isMany)) return { candidates: [], files: false };
  switch (kind) {
    case 'step':
      return { candidates: known.steps().filter(({ word }) => !words.includes(word)), files: false };
    case 'shell':
      return { candidates: words.length === 0 ? bare(known.shells) : [], files: false };
    case 'path':
      return { candidates: verb.name === 'check' ? known.labs() : [], files: true };
    default:
      return { candidates: [], files: kind === 'file' };
  }
}

function bare(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, about: '' }));
}

function matching({ candidates, files }: Completion, prefix: string): Completion {
  return { candidates: candidates.filter(({ word }) => word.startsWith(prefix)), files };
}
