/** What who cannot see the page is told of it as it changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newsSince } from '../../src/browser/learner/heard.ts';
import { Content } from '../../src/lab/content.ts';
import type { PageView } from '../../src/page/page-view.ts';
import { pageWords } from '../../src/page/page-words.ts';

const check = (state: string, seen = '') => ({ id: 'runs', title: 'it runs', state, seen });

function view(language: 'en' | 'zh', more: object): PageView {
  return {
    words: pageWords(new Content(language, '')),
    step: { id: 'image', number: 1, of: 12, title: 'Image' },
    ...{ told: null, checks: [check('pending')], hints: { given: [] }, progress: null, notices: [] },
    ...more,
  } as unknown as PageView;
}

const heard = (language: 'en' | 'zh', before: object, now: object) =>
  newsSince(view(language, before), view(language, now), (html) => html.replace(/<[^>]*>/g, ''));

test('a step that is met is told, whatever else came with it', () => {
  const met = { told: {}, checks: [check('met', 'abc')] };
  assert.equal(heard('en', {}, met), 'Step 1 of 12 · done');
  assert.equal(heard('zh', {}, met), '第 1 步，共 12 步 · 已完成');
});

test('a check that has come to something is told with what was seen, in the marks of the language', () => {
  assert.equal(heard('en', {}, { checks: [check('met', 'abc')] }), 'met: it runs. abc');
  assert.equal(heard('en', {}, { checks: [check('met')] }), 'met: it runs');
  assert.doesNotMatch(heard('zh', {}, { checks: [check('not-met', 'abc')] }) ?? '', /[:.] /);
  assert.equal(heard('en', {}, {}), null);
});

test('each notice is told, also where only the newest are kept', () => {
  const kept = Array.from({ length: 12 }, (_, at) => `notice ${at}`);
  assert.equal(heard('en', { notices: kept.slice(0, 3) }, { notices: kept.slice(0, 4) }), 'notice 3');
  assert.equal(heard('en', { notices: kept }, { notices: [...kept.slice(1), 'the next'] }), 'the next');
  assert.equal(heard('en', { notices: kept }, { notices: kept }), null);
});

test('a hint is told by its text', () => {
  assert.equal(heard('en', {}, { hints: { given: [{ level: 1, html: '<p>Look.</p>' }] } }), 'Hints: Look.');
});
