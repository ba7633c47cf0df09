/** The parts of a file of prose: what stands under each `## key`. */

/** The named fields of an entry; `text` where it names none. */
type Fields = Record<string, string>;

/** Entries of a shared file by key. There are hundreds, and a verb wants a few: each is parsed when it is asked for. */
export class Entries {
  readonly #bodies: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, Fields>();
  readonly #told: (body: string) => string;

  /** `told`: what stands in place of an entry's text, when it is first asked for. */
  constructor(bodies: ReadonlyMap<string, string>, told: (body: string) => string) {
    this.#bodies = bodies;
    this.#told = told;
  }

  get size(): number {
    return this.#bodies.size;
  }

  has(key: string): boolean {
    return this.#bodies.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#bodies.keys();
  }

  get(key: string): Fields | undefined {
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const body = this.#bodies.get(key);
    if (body === undefined) return undefined;
    const fields = fieldsIn(this.#told(body));
    this.#parsed.set(key, fields);
    return fields;
  }

  *[Symbol.iterator](): Iterator<[string, Fields]> {
    for (const key of this.keys()) yield [key, this.get(key) as Fields];
  }
}

/** `## key`, then text; or fields, each opened by a line `name: …`. */
export function parseEntries(markdown: string): Entries {
  return new Entries(sections(markdown), (body) => body);
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
