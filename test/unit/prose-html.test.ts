/** Prose as HTML. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inlineHtml, proseHtml } from '../../src/report/prose-html.ts';
import { prose } from '../../src/terminal/markdown.ts';
import { openScreen } from '../../src/terminal/screen.ts';

test('a short word of code is broken nowhere; what is longer, or has spaces, may be', () => {
  assert.equal(inlineHtml('with `-v`'), 'with <code class="word">-v</code>');
  assert.equal(inlineHtml('`<i>`'), '<code class="word">&lt;i&gt;</code>');
  for (const code of ['rm -f', '/var/lib/postgresql/data'])
    assert.equal(inlineHtml(`\`${code}\``), `<code>${code}</code>`);
  assert.equal(proseHtml('```\nls\n```'), '<pre><code>ls\n</code></pre>\n');
});

test('a value that looks like a mark of Markdown keeps all of its letters', () => {
  const values = ['/srv/_old_/*', 'a **b** c', '*b* __c__', '~~d~~ ~e~', 'a\\_b \\*', '(_f_)'];
  for (const value of values) {
    assert.equal(inlineHtml(`in ${value} here`), `in ${value} here`);
    assert.equal(proseHtml(`in ${value} here`), `<p>in ${value} here</p>\n`);
    assert.deepEqual(prose(openScreen({ colour: false }), `in ${value} here`), [`in ${value} here`]);
  }
});
