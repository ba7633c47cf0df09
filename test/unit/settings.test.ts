import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedStep, misspelt } from '../../src/commands/desk.ts';
import { type Options, settingsFrom } from '../../src/commands/settings.ts';
import { newRunId } from '../../src/home.ts';
import { Usage } from '../../src/trouble.ts';

test('wrong values are refused, each by its own code', () => {
  const wrong: [Options, string][] = [
    [{ port: '0' }, 'bad-port'],
    [{ port: '70000' }, 'bad-port'],
    [{ port: 'abc' }, 'bad-port'],
    [{ port: '6e3' }, 'bad-port'],
    [{ lang: 'fr' }, 'bad-language'],
    [{ format: 'xml' }, 'bad-format'],
    [{ image: '' }, 'bad-image'],
    [{ run: 'UP' }, 'bad-run'],
    [{ run: '../x' }, 'bad-run'],
    [{ run: 'a'.repeat(41) }, 'bad-run'],
    [{ mirror: 'a b' }, 'bad-image'],
  ];
  for (const [options, code] of wrong) {
    assert.throws(
      () => settingsFrom(options, {}),
      (error) => error instanceof Usage && error.code === code,
      code,
    );
  }
});

test('an option goes before the environment, and each has a variable', () => {
  const env = { PGLAB_PORT: '7000', PGLAB_LANG: 'zh', PGLAB_YES: '1', PGLAB_FORMAT: 'tap', PGLAB_RUN: 'b' };
  const settings = settingsFrom({ port: '7001', run: 'a' }, env);
  assert.deepEqual(
    [settings.port, settings.language, settings.yes, settings.format, settings.run],
    [7001, 'zh', true, 'tap', 'a'],
  );
});

test('the language is the system’s where none is asked for', () => {
  assert.equal(settingsFrom({}, { LANG: 'zh_CN.UTF-8' }).language, 'zh');
  assert.equal(settingsFrom({}, { LANG: 'de_DE.UTF-8' }).language, 'en');
  assert.equal(settingsFrom({}, { LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }).language, 'en');
});

test('a new run has a name that it may have', () => {
  for (let tries = 0; tries < 50; tries += 1) {
    const run = newRunId(new Date());
    assert.equal(settingsFrom({ run }, {}).run, run);
  }
});

test('a misspelt word is answered with the nearest, where one is near', () => {
  assert.deepEqual(
    misspelt('unknown-step', 'port-maping', ['image', 'port-mapping']).values.nearest,
    'port-mapping',
  );
  assert.equal(misspelt('unknown-step', 'nope', ['image', 'port-mapping']).code, 'unknown-step');
});

test('a step is named by its id, its number or the beginning of one id alone', () => {
  const steps = ['image', 'isolated-port', 'port', 'port-mapping', 'exec-psql'];
  const named = (word: string) => checkedStep({ steps }, word);
  const refused = (word: string, code: string) =>
    assert.throws(
      () => named(word),
      (error: unknown) => error instanceof Usage && error.code === code,
    );
  for (const [at, step] of steps.entries()) {
    assert.equal(named(step), step);
    assert.equal(named(String(at + 1)), step);
  }
  assert.equal(named('02'), 'isolated-port');
  assert.equal(named('e'), 'exec-psql');
  assert.equal(named('port-'), 'port-mapping');
  assert.equal(named('port'), 'port');
  refused('i', 'ambiguous-step');
  for (const none of ['0', '6', '-1', '1.0', '1e0', '', 'psql', '００', 'port-mappings'])
    refused(none, 'port-mappings' === none ? 'unknown-step-near' : 'unknown-step');
});
