/** Prose as HTML. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inlineHtml, proseHtml } from '../../src/report/prose-html.ts';

test('a short word of code is broken nowhere; what is longer, or has spaces, may be', () => {
  assert.equal(inlineHtml('with `-v`'), 'with <code class="word">-v</code>');
  assert.equal(inlineHtml('`<i>`'), '<code class="word">&lt;i&gt;</code>');
  for (const code of ['rm -f', '/var/lib/postgresql/data'])
    assert.equal(inlineHtml(`\`${code}\``), `<code>${code}</code>`);
  assert.equal(proseHtml('```\nls\n```'), '<pre><code>ls\n</code></pre>\n');
});
