/** The parts of a file of prose: what stands under each `## key`. */

/** The named fields of an entry; `text` where it names none. */
type Fields = Record<string, string>;

/** Entries of files of prose by key. There are hundreds, and a verb wants a few: each is looked for when it is asked for. */
export class Entries {
  readonly #texts: readonly string[];
  readonly #told: (body: string) => string;
  readonly #parsed = new Map<string, Fields>();
  #bodies: ReadonlyMap<string, string> | null = null;

  /** `texts`: of a key that is in several, the first counts. `told`: what stands in place of an entry's text. */
  constructor(texts: readonly string[], told: (body: string) => string = (body) => body) {
    // Each heading has a line before it.
    this.#texts = texts.map((text) => `\n${text}`);
    this.#told = told;
  }

  get size(): number {
    return this.#all.size;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  keys(): IterableIterator<string> {
    return this.#all.keys();
  }

  get(key: string): Fields | undefined {
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const body = this.#bodyOf(key);
    if (body === undefined) return undefined;
    const fields = fieldsIn(this.#told(body));
    this.#parsed.set(key, fields);
    return fields;
  }

  *[Symbol.iterator](): Iterator<[string, Fields]> {
    for (const key of this.keys()) yield [key, this.get(key) as Fields];
  }

  /** To cut up a whole file takes longer than to search it for a few keys. */
  #bodyOf(key: string): string | undefined {
    if (this.#bodies !== null || key.includes('\n')) return this.#all.get(key);
    const heading = `\n## ${key}\n`;
    for (const text of this.#texts) {
      const at = text.lastIndexOf(heading);
      if (at < 0) continue;
      const body = at + heading.length - 1;
      const end = text.indexOf('\n## ', body);
      return text.slice(body, end < 0 ? undefined : end).trim();
    }
    // Its heading may have a space behind it.
    return this.#all.get(key);
  }

  get #all(): ReadonlyMap<string, string> {
    this.#bodies ??= new Map(this.#texts.toReversed().flatMap((text) => [...sections(text)]));
    return this.#bodies;
  }
}

/** `## key`, then text; or fields, each opened by a line `name: …`. */
export function parseEntries(markdown: string): Entries {
  return new Entries([markdown]);
}

function fieldsIn(body: string): Fields {
  const fields: Fields = {};
  let field = 'text';
  for (const line of body.split('\n')) {
    const opened = /^(title|expected|seen|board|why|go|message|fix): (.*)$/.exec(line);
    if (opened) {
      field = opened[1] as string;
      fields[field] = opened[2] as string;
    } else fields[field] = `${fields[field] ?? ''}\n${line}`;
  }
  for (const name of Object.keys(fields)) {
    const trimmed = (fields[name] as string).trim();
    if (trimmed === '') delete fields[name];
    else fields[name] = trimmed;
  }
  return fields;
}

/** What stands under each heading of the second level, by its words. */
export function sections(markdown: string): Map<string, string> {
  const parts = markdown.split(/^## (.+)$/m);
  const found = new Map<string, string>();
  for (let at = 1; at < parts.length; at += 2) {
    found.set((parts[at] as string).trim(), (parts[at + 1] ?? '').trim());
  }
  return found;
}
