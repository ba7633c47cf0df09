/** The prose holds what the code needs, in both languages, and the two cannot drift apart. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import {
  Content,
  LANGUAGES,
  type Language,
  parseEntries,
  placeholdersOf,
  type SharedFile,
  STEP_SECTIONS,
} from '../../src/lab/content.ts';
import { labFolders, stepFiles } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { Lab } from '../../src/lab/model.ts';
import { ADDITIONS, templateOf } from '../../src/lab/template.ts';
import { hintText } from '../../src/report/hint-text.ts';
import { BASE_VALUES, namesOf, WORLD_FIELDS } from '../../src/runner/ground/run-values.ts';
import { KEYS_FILE, keysSource } from './keys.ts';

const folders = labFolders(null);
const files = stepFiles(folders).map(({ id, file }) => ({ id, stem: file.replace('.ts', '') }));
const contents = Object.fromEntries(
  LANGUAGES.map((language) => [language, new Content(language, folders.content)]),
) as Record<Language, Content>;
const SHARED: readonly SharedFile[] = ['messages', 'checks', 'findings', 'notes', 'troubles'];

let lab: Lab;
before(async () => {
  lab = await loadLab(folders);
});

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

function knownPlaceholders(step: string): Set<string> {
  const known = new Set<string>([...BASE_VALUES, ...ADDITIONS, 'closed']);
  for (const name of namesOf(lab)) for (const field of WORLD_FIELDS) known.add(`${name}.${field}`);
  for (const port of Object.keys(lab.settings.ports)) known.add(port);
  for (const check of lab.steps.find(({ id }) => id === step)?.checks ?? []) {
    for (const value of check.says) known.add(`${check.id}.${value}`);
  }
  return known;
}

describe('each step', () => {
  for (const { id, stem } of files) {
    test(`${id} has both languages, the same sections and the same code`, () => {
      const text = Object.fromEntries(
        LANGUAGES.map((language) => [
          language,
          readFileSync(join(folders.content, `${stem}.${language}.md`), 'utf8'),
        ]),
      );
      const sections = (markdown = '') => [...markdown.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      const fences = (markdown = '') =>
        [...markdown.matchAll(/^```[\s\S]*?^```$/gm)].map((match) => match[0]);
      assert.deepEqual(sections(text.en), [...STEP_SECTIONS]);
      assert.deepEqual(sections(text.zh), [...STEP_SECTIONS]);
      assert.deepEqual(fences(text.zh), fences(text.en));
    });

    test(`${id} has a text for every check, remark and hint, and none for what is not there`, () => {
      const step = lab.steps.find((each) => each.id === id);
      const remarks = step?.commands.flatMap(({ lookAt = {} }) => Object.keys(lookAt)) ?? [];
      for (const language of LANGUAGES) {
        const text = contents[language].step(stem);
        assert.deepEqual([...text.checks.keys()].sort(), step?.checks.map((check) => check.id).sort());
        assert.deepEqual([...text.look.keys()].sort(), [...new Set(remarks)].sort());
        assert.equal(text.hints.length, 3);
        for (const hint of text.hints) assert.ok(hint.length > 10, `empty hint in ${stem}.${language}`);
        assert.match(text.hints[2] as string, /`[^`]+`/, 'the last hint gives the command');
        for (const hint of text.hints)
          assert.ok(hintText(contents[language], text, text.hints.indexOf(hint) + 1, null, {}));
        assert.ok(text.prediction && text.prediction.options.length >= 3 && text.prediction.because);
      }
    });

    test(`${id} says the same in both: placeholders, the right option, what was added`, () => {
      const [en, zh] = [contents.en.step(stem), contents.zh.step(stem)];
      assert.equal(zh.prediction?.right, en.prediction?.right);
      assert.equal(zh.prediction?.options.length, en.prediction?.options.length);
      assert.deepEqual([...zh.added.keys()], [...en.added.keys()]);
      const used = (text: string) => [...new Set(placeholdersOf(text))].sort();
      for (const part of ['goal', 'explanation', 'thenAndNow', 'intro'] as const) {
        assert.deepEqual(used(zh[part]), used(en[part]), `${part} of ${stem}`);
      }
    });

    test(`${id} uses only placeholders that will have a value`, () => {
      const known = knownPlaceholders(id);
      const step = lab.steps.find((each) => each.id === id);
      const texts = LANGUAGES.map((language) =>
        readFileSync(join(folders.content, `${stem}.${language}.md`), 'utf8'),
      );
      const commands = step?.commands.flatMap(({ run, terminal = '' }) => [run, terminal]) ?? [];
      const names = [
        ...texts.flatMap(placeholdersOf),
        ...commands.flatMap((line) => [...templateOf(line).names]),
      ];
      for (const name of names) assert.ok(known.has(name), `{{${name}}}`);
    });

    test(`${id} explains each fragment that it says was added`, () => {
      const step = lab.steps.find((each) => each.id === id);
      const commands =
        step?.commands.map(({ run }) => run.replaceAll(/\{\{(ours|named)\}\}/g, '-e POSTGRES_PASSWORD')) ??
        [];
      for (const fragment of contents.en.step(stem).added.keys()) {
        if (fragment === 'labels') continue;
        assert.ok(
          commands.some((command) => command.includes(fragment)),
          fragment,
        );
      }
    });
  }
});

describe('shared texts', () => {
  for (const file of SHARED) {
    test(`${file}: both languages have the same keys, fields and placeholders`, () => {
      const [en, zh] = [contents.en.entries(file), contents.zh.entries(file)];
      assert.deepEqual([...zh.keys()], [...en.keys()]);
      for (const [key, fields] of en) {
        const other = zh.get(key) ?? {};
        assert.deepEqual(Object.keys(other), Object.keys(fields), key);
        const used = (texts: Record<string, string>) =>
          [...new Set(Object.values(texts).flatMap(placeholdersOf))].sort();
        assert.deepEqual(used(other), used(fields), key);
      }
    });
  }

  test('every kind of check has its sentences', () => {
    for (const step of lab.steps) {
      for (const { kind } of step.checks) {
        const fields = Object.keys(contents.en.entries('checks').get(kind) ?? {});
        assert.deepEqual(fields, ['expected', 'seen'], kind);
      }
    }
  });

  test('the keys that the code may name are those of the texts', () => {
    assert.equal(readFileSync(KEYS_FILE, 'utf8'), keysSource('content'), 'npm run keys writes them anew');
  });

  test('every trouble has a message and a mend, every finding what was seen, why, and how to go on', () => {
    for (const [name, fields] of contents.en.entries('troubles'))
      assert.deepEqual(Object.keys(fields), ['message', 'fix'], name);
    for (const [name, fields] of contents.en.entries('findings'))
      assert.deepEqual(Object.keys(fields), ['seen', 'why', 'go'], name);
    for (const name of contents.en.entries('notes').keys()) assert.ok(contents.en.find('notes', name), name);
  });

  test('findings: each is one that a check of the lab may give', () => {
    const given = new Set(lab.steps.flatMap(({ checks }) => checks.flatMap(({ finds }) => finds)));
    assert.deepEqual([...contents.en.entries('findings').keys()].sort(), [...given].sort());
  });

  // That none is missing is the compiler's to say: the code can name no other keys.
  for (const file of ['messages', 'notes', 'troubles'] as const) {
    test(`${file}: each is used`, () => {
      const code = sources('src');
      const isNamed = (key: string) => code.includes(`'${key}'`);
      for (const key of contents.en.entries(file).keys()) {
        // Of keys in two parts, such as `verb-run` and `unknown-step-near`, the code names the one that varies.
        const parts = /^verb-(?:engine-|image-)?(.+)$|^(unknown-\w+)-near$/.exec(key)?.slice(1) ?? [];
        const isBuilt = parts.some((part) => part !== undefined && isNamed(part));
        assert.ok(isNamed(key) || isBuilt, `${key} is used by nothing`);
      }
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
