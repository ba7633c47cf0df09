/** How a value is written into text that another program parses: one writer for each grammar. */

/** A word of a shell line, quoted only where a shell would take it apart: `it's` is `'it'\\''s'`. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
