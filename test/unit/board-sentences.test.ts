import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Content } from '../../src/lab/content.ts';
import { bundledLabs } from '../../src/lab/find.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { sentencesOf } from '../../src/workshop/shown/sentences.ts';

for (const { id, content: folder } of bundledLabs())
  for (const language of LANGUAGES)
    it(`a board says each finding of ${id} without a value, and without a hole for one: ${language}`, () => {
      const content = new Content(language, folder);
      const sentence = sentencesOf(content);
      const told = [...content.entries('findings').keys()].map((key) => [key, sentence('findings', key)]);
      assert.ok(told.length > 100);
      assert.deepEqual(
        told.filter(([key, text]) => text === key || text === '' || /[…{}]/u.test(text ?? '')),
        [],
      );
    });
