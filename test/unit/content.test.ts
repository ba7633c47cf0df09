import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Content, fill, fillOpen } from '../../src/lab/content.ts';
import { Entries, parseEntries } from '../../src/lab/entries.ts';
import { ownKey } from '../../src/lab/own-key.ts';
import { Trouble } from '../../src/trouble.ts';
import { NOTHING } from '../../src/values.ts';

const isBroken = (error: unknown) => error instanceof Trouble && error.code === 'content-broken';

function contentWith(text: string): Content {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-content-'));
  writeFileSync(join(folder, '01-a.en.md'), text);
  return new Content('en', folder);
}

const WHOLE = `# Title

Intro.

## goal

G

## added

- \`-d\` in the
  background

## look

## prediction

Which?

- [ ] this
- [x] that

Because.

## explanation

E

## then and now

T

## checks

- \`one\` the first

## hints

1. A
2. B
3. C
`;

test('a step is read section by section', () => {
  const step = contentWith(WHOLE).step('01-a');
  assert.deepEqual(
    [step.title, step.intro, step.goal, step.added.get('-d'), step.checks.get('one'), step.hints],
    ['Title', 'Intro.', 'G', 'in the\nbackground', 'the first', ['A', 'B', 'C']],
  );
  assert.deepEqual(step.prediction, {
    question: 'Which?',
    options: ['this', 'that'],
    right: 1,
    because: 'Because.',
  });
});

test('a step that lacks a section, a title or a right answer is broken, and says where', () => {
  for (const text of [
    WHOLE.replace('## goal', '## gaol'),
    WHOLE.replace('# Title', ''),
    WHOLE.replace('[x]', '[ ]'),
  ]) {
    assert.throws(() => contentWith(text).step('01-a'), isBroken);
  }
});

test('a placeholder without a value is broken content, or … where values are still to come', () => {
  assert.equal(fill('{{a.b}} and {{port}}', { 'a.b': 1, port: 2 }, 'x'), '1 and 2');
  assert.throws(() => fill('{{nope}}', {}, 'x'), isBroken);
  assert.equal(fillOpen('{{nope}}', {}), '…');
  // What is so and what is not, over lines too; the first words where nothing is known of it.
  const told = 'It is {{root?all\nthat `is`|only yours}}.';
  assert.equal(fillOpen(told, { root: 'no' }), 'It is only yours.');
  assert.equal(fillOpen(told, { root: 'yes' }), 'It is all\nthat `is`.');
  assert.equal(fillOpen(told, {}), 'It is all\nthat `is`.');
  // What there is none of is not told.
  const ended = 'refused{{psql?, psql exits with {{psql}}|}}';
  assert.equal(fill(ended, { psql: 2 }, 'x'), 'refused, psql exits with 2');
  assert.equal(fill(ended, { psql: NOTHING }, 'x'), 'refused');
  assert.equal(fill("--format '{{.ID}}'", {}, 'x'), "--format '{{.ID}}'");
});

test('entries have fields, or one text', () => {
  const entries = parseEntries('## a\n\ntext of\na\n\n## b\n\nseen: s\nwhy: w\nmore\n');
  assert.deepEqual(
    [...entries],
    [
      ['a', { text: 'text of\na' }],
      ['b', { seen: 's', why: 'w\nmore' }],
    ],
  );
});

test('an entry that is looked for is the one that all entries have', () => {
  const texts = ['## a\n\none\n\n## b\nseen: s\n\n## c ', '## a\n\ntwo\n\n## d\n\nfour\n'];
  const all = new Map(new Entries(texts));
  assert.deepEqual(Object.fromEntries(all), {
    a: { text: 'one' },
    b: { seen: 's' },
    c: {},
    d: { text: 'four' },
  });
  for (const key of ['a', 'b', 'c', 'd', 'e', '', 'a\n\none\n\n## b'])
    assert.deepEqual(new Entries(texts).get(key), all.get(key), key);
});

test('a text whose key comes from outside is found, or there is none', () => {
  const content = new Content('en', '');
  assert.match(content.find('findings', 'no-container', 'seen') ?? '', /^there is nothing yet/);
  for (const key of ['nothing-of-the-kind', '__proto__', 'constructor'])
    assert.equal(content.find('findings', key, 'seen'), null, key);
  assert.equal(content.find('findings', 'no-container', 'constructor'), null);
});

test('a lab’s own key is lower-case words with hyphens between, or is refused', () => {
  for (const key of ['too-few-rows', 'slow', 'a1-b2']) assert.equal(ownKey(key), key);
  for (const key of ['', 'Too-Few', 'a--b', '-a', 'a-', 'a b', '1a', 'a_b', 'a.b', "a'b"])
    assert.throws(() => ownKey(key), /is no key/, key);
});

test('what a lab brings stands beside the shared texts, and in place of none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-own-'));
  const own =
    '## no-time-zone\n\nseen: none\nwhy: x\ngo: y\n\n## no-container\n\nseen: stolen\nwhy: x\ngo: y\n';
  writeFileSync(join(folder, 'findings.en.md'), own);
  writeFileSync(join(folder, 'troubles.en.md'), '## mine\n\nmessage: m\nfix: f\n');
  const content = new Content('en', folder);
  assert.equal(content.find('findings', 'no-time-zone', 'seen'), 'none');
  assert.match(content.find('findings', 'no-container', 'seen') ?? '', /there is nothing yet that could be/);
  assert.equal(content.find('troubles', 'mine', 'message'), null, 'a lab raises no trouble');
  assert.equal(new Content('zh', folder).find('findings', 'no-time-zone', 'seen'), null);
});

test('words in Chinese stand without the spaces around their place; names, numbers and paths keep them', () => {
  const text = '端口 {{port}} 被 {{who}} 占用，见 {{file}} 里';
  const filled = (who: string, file: string) => fill(text, { port: 6700, who, file }, 'x');
  assert.equal(filled('其他程序', '/a'), '端口 6700 被其他程序占用，见 /a 里');
  assert.equal(filled('第 6 步的容器', '家/李雷'), '端口 6700 被第 6 步的容器占用，见 家/李雷 里');
  assert.equal(filled('nginx', '/home/李雷'), '端口 6700 被 nginx 占用，见 /home/李雷 里');
  assert.equal(fill('`x {{who}} 行` {{who}} is', { who: '行' }, 'x'), '`x 行 行` 行 is');
  assert.equal(filled('nginx（412）', '/a'), '端口 6700 被 nginx（412）占用，见 /a 里');
  assert.equal(fill('由 {{who}} `docker` 停', { who: 'nginx（412）' }, 'x'), '由 nginx（412）`docker` 停');
  assert.equal(fill('由 {{who}} `docker` 停', { who: '容器' }, 'x'), '由容器 `docker` 停');
});

test('what somebody said, with a full stop of its own, ends a sentence of ours once', () => {
  const say = (why: string) => new Content('en', '').say('messages', 'problem-unloadable', { why });
  assert.equal(say('No callback.'), say('No callback'));
  assert.match(say('No callback.'), /No callback\. Mend/);
  assert.match(
    new Content('zh', '').say('messages', 'problem-unloadable', { why: '读不了。' }),
    /读不了。先/,
  );
});

test('values stand with the marks of the language', () => {
  const values = {
    known: 'en, zh',
    who: 'docker-proxy (412)',
    holder: '?',
    why: 'a, b (12)',
    names: '`a`, `b`',
  };
  const of = (language: 'en' | 'zh') => new Content(language, '').named(values);
  assert.deepEqual(of('en'), { ...values, holder: 'somebody else' });
  assert.deepEqual(of('zh'), {
    ...{ known: 'en、zh', who: 'docker-proxy（412）', holder: '其他程序' },
    ...{ why: 'a, b (12)', names: '`a`、`b`' },
  });
});

test('a reason that is ours is said in the reader’s language, and another’s as it came', () => {
  const said = (language: 'en' | 'zh', why: string) =>
    new Content(language, '').say('troubles', 'load-failed', { file: 'a.tar', why }, 'message');
  assert.match(said('en', 'why-no-tar'), /it is no tar archive/);
  assert.match(said('zh', 'why-no-tar'), /不是 tar 归档/);
  assert.match(said('zh', 'why-nobody-knows'), /why-nobody-knows/);
});
