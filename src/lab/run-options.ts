/** What the options of a `docker run` ask for, read from the words of its line. */
import type { Template, Word } from './parsed-line.ts';

/** Placeholders of the host's ports that it publishes: `port` of `-p {{port}}:5432`. */
export function publishedPorts({ words }: Template): string[] {
  return valuesOf(words, ['-p', '--publish']).flatMap((value) => {
    // [ADDRESS:]HOST:CONTAINER; without a colon it is no port of the host.
    const host = fields(value, ':').at(-2) ?? [];
    const [only] = host;
    return host.length === 1 && typeof only === 'object' ? [only.name] : [];
  });
}

/** Names of the world whose volume it mounts: `doomed` of `src={{doomed.volume}}`. */
export function mountedVolumes({ words }: Template): string[] {
  const mounts = valuesOf(words, ['--mount']).flatMap((value) => fields(value, ','));
  const sources = mounts.filter(([key]) => key === 'src=' || key === 'source=').map(([, source]) => source);
  const shorts = valuesOf(words, ['-v', '--volume']).map(([source]) => source);
  return [...sources, ...shorts].flatMap((source) =>
    typeof source === 'object' && source.name.endsWith('.volume')
      ? [source.name.slice(0, -'.volume'.length)]
      : [],
  );
}

/** The values of an option, as `-p VALUE` and `--publish=VALUE`. */
function valuesOf(words: readonly Word[], options: readonly string[]): Word[] {
  return words.flatMap((word, at) => {
    const [first, ...rest] = word;
    if (typeof first !== 'string') return [];
    if (rest.length === 0 && options.includes(first)) return words.slice(at + 1, at + 2);
    const joined = options.map((option) => (option.startsWith('--') ? `${option}=` : option));
    const option = joined.find((each) => first.startsWith(each));
    if (option === undefined) return [];
    return [[first.slice(option.length), ...rest].filter((piece) => piece !== '')];
  });
}

/** A word cut at a separator, each field with its pieces; empty texts are left out. */
function fields(word: Word, separator: string): Word[] {
  const found: (string | { name: string })[][] = [[]];
  for (const piece of word) {
    const [head = '', ...tail] = typeof piece === 'string' ? piece.split(separator) : [];
    if (typeof piece === 'object') found.at(-1)?.push(piece);
    else {
      if (head !== '') found.at(-1)?.push(head);
      for (const text of tail) found.push(text === '' ? [] : [text]);
    }
  }
  return found;
}
