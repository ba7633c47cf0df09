/** How a value is written into text that another program parses: one writer for each grammar. */

/** A word of a shell line, quoted only where a shell would take it apart: `it's` is `'it'\\''s'`. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${inSingleQuotes(word)}'`;
}

/** The same between single quotes that are there already. */
export function inSingleQuotes(text: string): string {
  return text.replaceAll("'", "'\\''");
}

/** The same between double quotes. An interactive shell would take `!` there for a call of its history. */
export function inDoubleQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&').replaceAll('!', `"'!'"`);
}

/** The parts of an image's name. A port of its registry is no tag, and a digest may stand behind one. */
export function imageName(ref: string): { name: string; tag: string | null; digest: string | null } {
  const [, name = '', tag = null, digest = null] = /^(.*?)(?::([^/:@]+))?(?:@(.+))?$/.exec(ref) ?? [];
  return { name, tag, digest };
}

/** As the engine's API needs it: without a tag or a digest it would take every tag that there is. */
export function withTag(ref: string): string {
  const { tag, digest } = imageName(ref);
  return tag === null && digest === null ? `${ref}:latest` : ref;
}
