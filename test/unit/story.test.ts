/** A report, made from journals of real runs: Markdown, HTML and JSON, read by programs that are not ours. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import MarkdownIt from 'markdown-it';
import type { JournalLine } from '../../src/journal/events.ts';
import { readJournal } from '../../src/journal/read.ts';
import { standingOf } from '../../src/journal/standing.ts';
import { aboutOf } from '../../src/lab/about.ts';
import { labFolders } from '../../src/lab/find.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { markup } from '../../src/map/markup.ts';
import type { Story } from '../../src/report/envelope.ts';
import { storyOf } from '../../src/report/story.ts';
import { indexHtml, storyHtml } from '../../src/report/story-html.ts';
import { storyMarkdown } from '../../src/report/story-md.ts';
import { isTold, StoryWords } from '../../src/report/story-words.ts';
import { baited, HOSTILE } from '../baits.ts';
import { goldenNames } from '../golden/capture.ts';
import { openStage } from '../replay.ts';

const ROOT = join(import.meta.dirname, '../..');
const fitsSchema = new Ajv2020({ discriminator: true }).compile(
  JSON.parse(readFileSync(join(ROOT, 'src/report/report.schema.json'), 'utf8')),
);
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  // How the page is laid out in its source is no matter.
  rules: {
    'no-inline-style': 'error',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'void-style': 'off',
  },
});
function linesOf(name: string): JournalLine[] {
  return readJournal(join(ROOT, 'test/golden', name, 'journal.jsonl'), name).events;
}

/** The same lines, with this text in place of each value, output and evidence of others. */
function poisoned(lines: readonly JournalLine[]): JournalLine[] {
  const inValues = (of: object): object =>
    Object.fromEntries(
      Object.entries(of).map(([key, value]) => [key, typeof value === 'string' ? HOSTILE : value]),
    );
  return lines.map((line) => {
    const copy: JournalLine = structuredClone(line);
    if ('values' in copy) copy.values = inValues(copy.values) as typeof copy.values;
    if (copy.type === 'command-ended') copy.output = `${HOSTILE}\n${copy.output}`;
    if (copy.type === 'judged')
      Object.assign(copy.check, { values: inValues(copy.check.values), evidence: HOSTILE });
    return copy;
  });
}

for (const language of LANGUAGES) {
  describe(`the report of a run (${language})`, async () => {
    const stage = await openStage(language);
    const words = new StoryWords(stage.content, stage.lab);
    const about = aboutOf(labFolders(null).content, language);
    assert.ok(about);
    const told = (name: string, lines = linesOf(name)): Story =>
      storyOf(stage, { run: name, pass: { number: 1, of: 1 } }, standingOf(lines));
    const html = (story: Story) => storyHtml(story, about, words);
    const markdown = (story: Story) => storyMarkdown(story, about, words);

    test('no value of others becomes a picture, a link or an element in Markdown, nor reaches a terminal raw', () => {
      const story = told('run');
      const elements = (text: string) =>
        new MarkdownIt({ html: true })
          .parse(text, {})
          .flatMap(({ type, children }) => [type, ...(children ?? []).map((child) => child.type)])
          .filter((type) => /^(html|image|link)/.test(type));
      const plain = elements(markdown(story)).length;
      fc.assert(
        fc.property(baited, (value) => {
          const copy = structuredClone(story);
          for (const step of copy.steps) {
            step.reason = `${value} \u001b]0;x\u0007\u001b[2J`;
            step.intro += `\n\n${value}`;
            for (const check of step.checks)
              Object.assign(check, {
                ...{ observed: value, why: value, goOn: value },
                evidence: `${value}\n\n${value}`,
              });
          }
          const text = markdown(copy);
          assert.equal(elements(text).length, plain, text);
          assert.doesNotMatch(text, /[\u001b\u0007]/);
        }),
        { numRuns: 60 },
      );
    });

    test('each verdict stands with what shows it, met or not, and each time with its zone', () => {
      for (const name of ['run', 'check']) {
        const story = told(name);
        const [page, text] = [html(story), markdown(story)];
        const shown = story.steps
          .filter(isTold)
          .flatMap(({ checks }) => checks.map(({ evidence }) => evidence));
        assert.ok(shown.some(Boolean), name);
        for (const evidence of shown.filter(Boolean)) {
          assert.ok(text.includes(evidence), evidence);
          assert.ok(page.includes(markup(evidence)), evidence);
        }
        assert.match(words.when(story), /\d\d:\d\d UTC([+-]\d+(:\d\d)?)?$/);
      }
    });

    test('a step that was killed in its middle says so, and no other does', () => {
      const resumed = stage.content.say('messages', 'report-resumed');
      for (const name of ['killed', 'run']) {
        const { steps } = told(name);
        assert.equal(markdown(told(name)).includes(resumed), name === 'killed');
        assert.equal(steps.filter((step) => step.resumed).length, name === 'killed' ? 1 : 0);
      }
    });

    test('a run that was reset says that, and no more how that is done', () => {
      const lines = linesOf('run');
      const after = (of: object) => ({ ...lines.at(-1), ...of }) as JournalLine;
      const reset = { type: 'reset-ended', removed: 7, left: [], kept: [], leftOut: [] };
      const begun = after({ type: 'reset-begun', planned: 7 });
      const story = told('run', [...lines, begun, after(reset)]);
      assert.ok(fitsSchema(structuredClone(story)), JSON.stringify(fitsSchema.errors));
      assert.match(markdown(story), /(had made: 7\.|7 项)/);
      assert.ok(!html(story).includes('--adopted'));
      const some = after({ type: 'reset-begun', planned: 7, steps: ['image'] });
      for (const half of [[begun], [some, after(reset)], [begun, after({ ...reset, left: [{}] })]])
        assert.equal(told('run', [...lines, ...half]).reset, null);
    });

    for (const name of goldenNames()) {
      test(`${name}: fits its schema, is whole, and says the same in each format`, () => {
        const story = told(name);
        assert.ok(fitsSchema(structuredClone(story)), JSON.stringify(fitsSchema.errors));
        const seen = [html(story), markdown(story)];
        for (const text of seen) {
          assert.equal(/undefined|\[object|\{\{[a-z][\w.-]*\}\}|NaN|>null</.exec(text)?.[0], undefined);
          for (const { outcome, title, checks } of story.steps) {
            if (outcome !== 'met') continue;
            assert.ok(text.includes(title), title);
            for (const { title: check } of checks) {
              // Up to the first mark that one of them writes in its own way.
              const [plain = ''] = check.split(/[`'"<&*_]/);
              assert.ok(text.includes(plain), check);
            }
          }
        }
        const met = story.steps.filter(({ outcome }) => outcome === 'met');
        assert.equal(story.tally.met, met.length);
        for (const { explanation, checks } of met) {
          assert.doesNotMatch(explanation ?? '', /…/, 'a value is missing');
          assert.ok(checks.length > 0);
        }
      });

      test(`${name}: is HTML by its rules, with nothing from elsewhere`, async () => {
        const page = html(told(name));
        const { results, valid } = await validator.validateString(page);
        assert.ok(
          valid,
          JSON.stringify(
            results.flatMap(({ messages }) => messages),
            null,
            2,
          ),
        );
        assert.equal(/<script|<link|<img|<iframe|\bsrc=|\son\w+=|url\(|@import/.exec(page)?.[0], undefined);
        assert.deepEqual([...page.matchAll(/href="([^"#][^"]*)"/g)], []);
        assert.ok(page.length < 1_000_000);
      });

      test(`${name}: no heading of its Markdown is empty, and no HTML is in it`, () => {
        const tokens = new MarkdownIt({ html: true }).parse(markdown(told(name)), {});
        assert.deepEqual(
          tokens.filter(({ type }) => /^html/.test(type)),
          [],
        );
        assert.deepEqual(
          tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => /^(html|image)/.test(type)),
          [],
        );
        for (const [at, { type }] of tokens.entries()) {
          if (type !== 'heading_close') continue;
          assert.ok(tokens[at - 1]?.content);
          assert.ok(!['heading_open', undefined].includes(tokens[at + 1]?.type), tokens[at - 1]?.content);
        }
      });
    }

    test('text of others stays text, in each format', async () => {
      const story = told('run', poisoned(linesOf('run')));
      const page = html(story);
      assert.equal(/<img|href="javascript|<a [^>]*http|[\u202e\u001b]/.exec(page)?.[0], undefined);
      assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'));
      assert.ok((await validator.validateString(page)).valid);
      const text = markdown(story);
      assert.doesNotMatch(text, /[\u202e\u001b]/);
      const tokens = new MarkdownIt({ html: true }).parse(text, {});
      const inline = tokens.flatMap(({ children }) => children ?? []);
      assert.deepEqual(
        [...tokens, ...inline]
          .filter(({ type }) => /^(html|image|link)/.test(type))
          .map(({ content }) => content),
        [],
      );
    });

    test('an index of runs leads to the page of each', async () => {
      const rows = goldenNames().map((name) => ({ file: `${name}.html`, story: told(name) }));
      const page = indexHtml(rows, about, words);
      assert.ok((await validator.validateString(page)).valid);
      assert.deepEqual(
        [...page.matchAll(/href="([^"]+)"/g)].map(([, file]) => file),
        rows.map(({ file }) => file),
      );
    });
  });
}
