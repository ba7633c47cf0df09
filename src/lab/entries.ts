/** The parts of a file of prose: what stands under each `## key`. */

/** Entries of a shared file by key, each with its named fields (`text` where it names none). */
export type Entries = Map<string, Record<string, string>>;

/** `## key`, then text; or fields, each opened by a line `name: …`. */
export function parseEntries(markdown: string): Entries {
  const entries: Entries = new Map();
  for (const [key, body] of sections(markdown)) {
    const fields: Record<string, string> = {};
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
    entries.set(key, fields);
  }
  return entries;
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
