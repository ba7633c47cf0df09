/**
 * Writes src/content-keys.ts from the English texts: `npm run keys`, after a key has come or gone.
 * The content tests refuse a file that is not in step with them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const KEYS_FILE = 'src/content-keys.ts';

const FILES = {
  messages: 'MessageKey',
  checks: 'CheckKey',
  findings: 'FindingKey',
  notes: 'NoteKey',
  troubles: 'TroubleKey',
} as const;

/** The source of the keys as the texts have them now. */
export function keysSource(content: string): string {
  const unions = Object.entries(FILES).map(([file, name]) => {
    const text = readFileSync(join(content, `${file}.en.md`), 'utf8');
    const keys = [...text.matchAll(/^## (.+)$/gm)].map((match) => `  | '${match[1]}'`);
    return `export type ${name} =\n${keys.sort().join('\n')};\n`;
  });
  const members = Object.entries(FILES).map(([file, name]) => `  ${file}: ${name};`);
  return [
    '/** The keys of content/*.md, written from the English texts by `npm run keys`. */\n',
    ...unions,
    `/** Which keys each shared file has. */\nexport interface ContentKeys {\n${members.join('\n')}\n}\n`,
  ].join('\n');
}

if (import.meta.filename === process.argv[1]) writeFileSync(KEYS_FILE, keysSource('content'));
