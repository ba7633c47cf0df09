/** What the learner's page shows, made from journals of real runs, and from a hostile world. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { JournalLine } from '../../src/journal/events.ts';
import { readJournal } from '../../src/journal/read.ts';
import { Standing } from '../../src/journal/standing.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { actOf, isForAnother } from '../../src/page/page-acts.ts';
import { PageAsker } from '../../src/page/page-asker.ts';
import { pageOf } from '../../src/page/page-of.ts';
import { PageState } from '../../src/page/page-state.ts';
import type { PageView } from '../../src/page/page-view.ts';
import { Cancelled } from '../../src/trouble.ts';
import { openStage } from '../replay.ts';

const GOLDEN = join(import.meta.dirname, '../golden/by-hand');
const HOSTILE = '<img src=x onerror=alert(1)>\u001b[2J';

function journals(): JournalLine[][] {
  const files = readdirSync(GOLDEN, { recursive: true }).map((name) => join(GOLDEN, String(name)));
  return files
    .filter((file) => file.endsWith('.jsonl') && existsSync(file))
    .map((file) => readJournal(file).events);
}

/** The page after each of these lines that ends a step, in every language. */
async function* pagesOf(lines: readonly JournalLine[]): AsyncGenerator<PageView> {
  for (const language of LANGUAGES) {
    const { lab, content, stem } = await openStage(language);
    const standing = new Standing();
    const state = new PageState(lab, () => standing);
    const asker = { question: null, predicting: null, isListening: true, isResting: false };
    const tongue = { content, text: (step: string) => content.step(stem(step)) };
    const about = { lab, run: 'r', standing, state, asker, map: null, trouble: null, seat: null };
    for (const line of lines) {
      standing.take(line);
      state.take(line);
      if (line.type === 'step-ended' || line.type === 'hinted' || line.type === 'watching')
        yield pageOf(tongue, about);
    }
  }
}

describe('the view of a page', () => {
  test('tells each step of a run by hand, with nothing left open', async () => {
    let met = 0;
    for (const lines of journals())
      for await (const { step, checks, told, head, acts, words } of pagesOf(lines)) {
        const shown = JSON.stringify([step, checks, told, head]);
        assert.doesNotMatch(shown, /undefined|\{\{[a-z][\w.-]*\}\}|\bNaN\b/);
        assert.ok(Object.values(words).every((word) => word !== ''));
        assert.ok(acts.includes('hint'));
        if (told === null) continue;
        met += 1;
        assert.ok(checks.every(({ state }) => state === 'met'));
      }
    assert.ok(met > 0, 'no step was met');
  });

  test('draws beside what a step teaches the part of the map that it changed', async () => {
    const { events } = readJournal(join(GOLDEN, '../run/journal.jsonl'));
    const parts: [string, boolean][] = [];
    for await (const { step, told } of pagesOf(events)) {
      if (step === null || told === null) continue;
      parts.push([step.id, told.part !== null]);
      if (told.part === null) continue;
      assert.match(told.part.svg, /aria-labelledby="part-title part-desc"/);
      assert.match(told.part.listed.join('\n'), /docker-proxy ▶ 5432/);
    }
    const each = LANGUAGES.flatMap(() => [
      ['image', false],
      ['port-mapping', true],
    ]);
    assert.deepEqual(parts, each);
  });

  test('shows where a step leads once its question is answered: it might answer it', async () => {
    const { lab, content, stem } = await openStage('en');
    const standing = new Standing();
    const state = new PageState(lab, () => standing);
    state.preview('image');
    const tongue = { content, text: (step: string) => content.step(stem(step)) };
    const goalWhile = (predicting: string | null) => {
      const asker = { question: null, predicting, isListening: predicting === null, isResting: false };
      const about = { lab, run: 'r', standing, state, asker, map: null, trouble: null, seat: null };
      return pageOf(tongue, about).step?.goalHtml ?? null;
    };
    assert.equal(goalWhile('image'), null);
    assert.match(goalWhile(null) ?? '', /<p>/);
  });

  test('shows what a seat of a workshop hears, in whole sentences, and its hand', async () => {
    for (const language of LANGUAGES) {
      const { lab, content, stem } = await openStage(language);
      const standing = new Standing();
      const state = new PageState(lab, () => standing);
      const asker = { question: null, predicting: null, isListening: false, isResting: true };
      const tongue = { content, text: (step: string) => content.step(stem(step)) };
      const about = { lab, run: 'r', standing, state, asker, map: null, trouble: null };
      const heard = (seat: Parameters<typeof pageOf>[1]['seat']) => pageOf(tongue, { ...about, seat });
      const ended = heard(null);
      assert.deepEqual([ended.step, ended.acts], [null, []], 'there is nothing to go on to');
      assert.match(ended.endHtml ?? '', /<code>.*pglab reset --adopted<\/code>/);
      state.preview('image');
      assert.deepEqual([heard(null).workshop, heard(null).acts], [null, ['next']]);
      const { workshop, acts } = heard({ said: HOSTILE, pace: 'port-mapping', hand: 'up' });
      assert.deepEqual([workshop?.hand, acts], ['up', ['next', 'hand']]);
      assert.match(
        workshop?.said ?? '',
        /<img src=x onerror=alert\(1\)>/,
        'a text, which the page sets as one',
      );
      assert.doesNotMatch(workshop?.said ?? '', /\u001b/);
      assert.match(workshop?.pace ?? '', /6/);
      assert.equal(heard({ said: null, pace: 'no-such-step', hand: 'down' }).workshop?.pace, null);
    }
  });

  test('says what is waited for, until it is there, and takes a line of it for text', async () => {
    const { lab, content, stem } = await openStage('en');
    const standing = new Standing();
    const state = new PageState(lab, () => standing);
    const asker = { question: null, predicting: null, isListening: false, isResting: false };
    const tongue = { content, text: (step: string) => content.step(stem(step)) };
    const about = { lab, run: 'r', standing, state, asker, map: null, trouble: null, seat: null };
    const line = { v: 3, seq: 1, at: '', participant: 'p' };
    const after = (event: object) => {
      state.take({ ...line, ...event } as unknown as Parameters<typeof state.take>[0]);
      return pageOf(tongue, about).progress;
    };
    const bytes = { type: 'progress', stage: 'pull-bytes', values: { ref: 'postgres', done: 3, layers: 14 } };
    assert.deepEqual(after({ ...bytes, current: 5_000_000, total: 20_000_000 }), {
      ...{ text: 'pulling postgres', line: '3/14 layers · 5.0 / 20.0 MB', part: 0.25 },
    });
    assert.equal(after({ ...bytes, current: 0, total: 0 })?.part, null);
    after({ type: 'progress', stage: 'building', values: { major: 17 } });
    const built = after({
      type: 'progress',
      stage: 'building-line',
      values: { line: `${HOSTILE}\n${'x'.repeat(9_000)}` },
    });
    assert.match(built?.text ?? '', /Postgres 17/);
    assert.doesNotMatch(built?.line ?? '', /\u001b|\n/);
    assert.ok((built?.line ?? '').length <= 160);
    assert.equal(after({ type: 'noted', step: null, note: 'image-named', values: { name: 'x' } }), null);
  });

  test('takes nothing of the world for markup, and holds no password', async () => {
    let checked = 0;
    for (const lines of journals()) {
      const hostile = lines.map((line) => {
        if (line.type !== 'judged') return line;
        checked += 1;
        const values = Object.fromEntries(Object.keys(line.check.values).map((key) => [key, HOSTILE]));
        return { ...line, check: { ...line.check, values, evidence: HOSTILE } };
      });
      for await (const page of pagesOf(hostile)) {
        const { step, checks, hints, told } = page;
        const html = [step?.introHtml, step?.goalHtml, told?.explanationHtml, told?.thenAndNowHtml];
        const made = [
          ...html,
          ...checks.flatMap((c) => [c.whyHtml, c.goOnHtml]),
          ...hints.given.map((h) => h.html),
        ];
        for (const each of made) assert.doesNotMatch(each ?? '', /<img|\u001b/);
        assert.doesNotMatch(JSON.stringify(page), /\u001b|POSTGRES_PASSWORD:-[0-9a-f]{24}/);
      }
    }
    assert.ok(checked > 0, 'no verdict was hostile');
  });
});

describe('what a browser asks for', () => {
  test('is one of the acts, or nothing', () => {
    assert.deepEqual(actOf({ type: 'hint', choice: 'x' }), { type: 'hint' });
    assert.deepEqual(actOf({ type: 'predict', choice: null }), { type: 'predict', choice: null });
    for (const strange of [
      null,
      1,
      'hint',
      {},
      { type: 'leave' },
      { type: 'predict' },
      { type: 'answer', choice: 1 },
    ])
      assert.equal(actOf(strange), null, JSON.stringify(strange));
  });

  test('is meant for the step that the browser showed', () => {
    assert.equal(isForAnother({ type: 'run', step: 'image' }, 'image'), false);
    assert.equal(isForAnother({ type: 'run', step: 'image' }, 'foreground-run'), true);
    assert.equal(isForAnother({ type: 'next', step: null }, null), false);
    // Who says nothing of it means what is there.
    assert.equal(isForAnother({ type: 'run' }, 'image'), false);
  });

  test('is done only where it can be, and a question is answered once', async () => {
    const abort = new AbortController();
    const asker = new PageAsker(abort.signal, {
      ...{ told: () => {}, know: () => {} },
      rightOf: () => ({ right: 1, of: 3 }),
    });
    assert.equal(asker.act({ type: 'hint' }), false);
    assert.equal(asker.act({ type: 'predict', choice: 1 }), false);
    const answer = asker.predict('image', async () => ({}));
    while (asker.predicting === null) await new Promise(setImmediate);
    assert.equal(asker.act({ type: 'predict', choice: 3 }), false);
    assert.equal(asker.act({ type: 'predict', choice: 1 }), true);
    assert.equal(asker.act({ type: 'predict', choice: 2 }), false);
    assert.deepEqual(await answer, { answer: 1, right: true });
    asker.requests.start();
    assert.equal(asker.act({ type: 'show' }), true);
    assert.equal(await asker.requests.next(), 'show');
    // Pressed twice before it was heard.
    for (const type of ['run', 'hint', 'run', 'hint'] as const) assert.equal(asker.act({ type }), true);
    const heard = [await asker.requests.next(), await asker.requests.next(), await asker.requests.next()];
    assert.deepEqual(heard, ['run', 'hint', 'hint']);
    // A key that is held down.
    for (let pressed = 0; pressed < 50; pressed += 1) asker.act({ type: 'hint' });
    asker.act({ type: 'show' });
    const held: string[] = [];
    while (held.at(-1) !== 'show') held.push(await asker.requests.next());
    assert.equal(held.length, 4);
    const resting = asker.rest();
    abort.abort();
    await assert.rejects(resting, Cancelled);
  });
});
