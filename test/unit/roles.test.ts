/** Names of a lab and codes of programs are told in words, in all that a learner reads. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Content, placeholdersOf } from '../../src/lab/content.ts';
import { labFolders } from '../../src/lab/find.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { loadLab } from '../../src/lab/load.ts';
import { rolesOf } from '../../src/lab/roles.ts';

const folders = labFolders(null);
const lab = await loadLab(folders);

function contentOf(language: (typeof LANGUAGES)[number]): Content {
  const content = new Content(language, folders.content);
  content.know(lab);
  return content;
}

describe('a name of the lab', () => {
  test('is told by what it is', () => {
    const en = contentOf('en');
    assert.equal(en.roleOf('mapped'), 'the container of step 6');
    assert.equal(en.roleOf('successor'), 'the second container of step 10');
    assert.equal(en.roleOf('data'), 'the volume of step 11');
    assert.equal(contentOf('zh').roleOf('successor'), '第 10 步的第二个容器');
  });

  test('in Chinese stands between Chinese without a space, and beside a code with one', () => {
    const said = contentOf('zh').say('notes', 'built-ahead', { name: 'quiet', step: 'detached-run' });
    assert.match(said, /要用第 3 步的容器/);
    assert.match(contentOf('zh').say('notes', 'built-ahead', { name: 'own', step: 'x' }), /要用 own/);
  });

  test('that no step makes is told as it is', () => {
    assert.equal(contentOf('en').roleOf('elsewhere'), 'elsewhere');
    assert.equal(new Content('en', folders.content).roleOf('mapped'), 'mapped');
  });

  test('stands in no finding and in no sentence of a check, which have words for it', () => {
    const names = [...rolesOf(lab).keys()];
    assert.ok(names.length > 8);
    for (const language of LANGUAGES) {
      const content = contentOf(language);
      for (const file of ['findings', 'checks'] as const)
        for (const [key, fields] of content.entries(file))
          assert.ok(!Object.values(fields).flatMap(placeholdersOf).includes('name'), `${file} ${key}`);
    }
  });
});

describe('a cause', () => {
  test('has words, and the code for who looks it up', () => {
    const { cause, 'refused.cause': inStep } = contentOf('en').named({
      cause: '28P01',
      'refused.cause': 'ECONNREFUSED',
    });
    assert.equal(cause, 'the password is refused (28P01)');
    assert.equal(inStep, 'connection refused (ECONNREFUSED)');
  });

  test('that nobody knows stands as it came, and a key of every object is none', () => {
    assert.equal(contentOf('en').named({ cause: 'XX000' }).cause, 'XX000');
    assert.equal(contentOf('en').named({ cause: 'constructor' }).cause, 'constructor');
  });
});

test('what says how to run a step again, or to read it, names the step', () => {
  for (const language of LANGUAGES) {
    const content = contentOf(language);
    for (const file of ['findings', 'troubles', 'messages', 'notes'] as const)
      for (const [key, fields] of content.entries(file)) {
        // These are help, for any step; what pglab says first; what may be read beside another process; or what a run of all is begun with.
        if (/^(option|verb|problem|lab|welcome)-|^(no-step.*|run-locked)$/.test(key)) continue;
        for (const text of Object.values(fields)) {
          const open = /pglab (show|hint|skip)(?= *($|[`·,.;:，。；：）)]|和|加|会|prints))/m.exec(text);
          assert.equal(open?.[0], undefined, `${file}.${language} ${key}: ${text}`);
        }
      }
  }
});
