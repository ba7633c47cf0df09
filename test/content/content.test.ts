/** The prose holds what the code needs, in both languages, and the two cannot drift apart. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { Content, placeholdersOf, type SharedFile } from '../../src/lab/content.ts';
import { parseEntries } from '../../src/lab/entries.ts';
import { bundledLabs, labFolders, stemOf, stepFiles } from '../../src/lab/find.ts';
import { LANGUAGES, type Language } from '../../src/lab/languages.ts';
import { loadLab } from '../../src/lab/load.ts';
import { problemsOf } from '../../src/labcheck/lab-check.ts';
import { hintText } from '../../src/report/hint-text.ts';
import { KEYS_FILE, keysSource } from './keys.ts';

const folders = labFolders(null);
const contents = Object.fromEntries(
  LANGUAGES.map((language) => [language, new Content(language, folders.content)]),
) as Record<Language, Content>;
const SHARED: readonly SharedFile[] = ['messages', 'checks', 'findings', 'notes', 'troubles'];

/** Everything under a folder that matches, read as one text. */
function sources(...under: string[]): string {
  return under
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && file !== basename(KEYS_FILE))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    )
    .join('\n');
}

describe('each lab', () => {
  const tiny = labFolders(join(import.meta.dirname, '../labs/tiny'));
  for (const each of [...bundledLabs(), tiny]) {
    test(`${each.id} is whole, as \`pglab lab check\` says`, async () => {
      const content = new Content('en', '');
      const problems = await problemsOf(each);
      const said = problems.map(
        ({ file, key, values }) => `${file}: ${content.say('messages', key, values)}`,
      );
      assert.deepEqual(said, []);
    });
  }
});

test('each hint of the article is put into words, before anything is known of a run', async () => {
  const { service } = (await loadLab(folders)).settings;
  const nothing = { finding: null, values: {}, service };
  for (const { file } of stepFiles(folders)) {
    for (const content of Object.values(contents)) {
      const text = content.step(stemOf(file));
      for (const level of [1, 2, 3])
        assert.ok(hintText(content, text, { level, ...nothing }), `${file} ${level}`);
    }
  }
});

describe('shared texts', () => {
  const [measure, ...others] = LANGUAGES;
  for (const language of others) {
    for (const file of SHARED) {
      test(`${file}.${language}.md has the keys, fields and placeholders of ${measure}`, () => {
        const [known, told] = [contents[measure].entries(file), contents[language].entries(file)];
        assert.deepEqual([...told.keys()], [...known.keys()]);
        for (const [key, fields] of known) {
          const there = told.get(key) ?? {};
          assert.deepEqual(Object.keys(there), Object.keys(fields), key);
          const used = (texts: Record<string, string>) =>
            [...new Set(Object.values(texts).flatMap(placeholdersOf))].sort();
          assert.deepEqual(used(there), used(fields), key);
        }
      });
    }
  }

  test('the keys that the code may name are those of the texts', () => {
    assert.equal(readFileSync(KEYS_FILE, 'utf8'), keysSource('content'), 'npm run keys writes them anew');
  });

  test('every trouble has a message and a mend, every finding what was seen, why, and how to go on', () => {
    for (const [name, fields] of contents.en.entries('troubles'))
      assert.deepEqual(Object.keys(fields), ['message', 'fix'], name);
    for (const [name, { board, ...fields }] of contents.en.entries('findings')) {
      assert.deepEqual(Object.keys(fields), ['seen', 'why', 'go'], name);
      assert.ok(board === undefined || board !== fields.seen, name);
    }
    for (const name of contents.en.entries('notes').keys()) assert.ok(contents.en.find('notes', name), name);
  });

  test('findings: each is one that a check of the lab may give', async () => {
    const lab = await loadLab(folders);
    const given = new Set(lab.steps.flatMap(({ checks }) => checks.flatMap(({ finds }) => finds)));
    assert.deepEqual([...contents.en.entries('findings').keys()].sort(), [...given].sort());
  });

  // That none is missing is the compiler's to say: the code can name no other keys.
  for (const file of ['messages', 'notes', 'troubles'] as const) {
    test(`${file}: each is used`, () => {
      const code = sources('src');
      for (const key of contents.en.entries(file).keys())
        assert.ok(code.includes(`'${key}'`), `${key} is used by nothing`);
    });
  }

  test('the parser finds as many entries as there are headings', () => {
    for (const language of LANGUAGES) {
      for (const file of SHARED) {
        const text = readFileSync(join('content', `${file}.${language}.md`), 'utf8');
        assert.equal(parseEntries(text).size, text.match(/^## /gm)?.length);
      }
    }
  });
});
