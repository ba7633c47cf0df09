/** How far a run is, and how often it came out as the learner said: in heads, at the end and when asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallyOf } from '../../src/journal/predictions.ts';
import { progressOf, type StepProgress, standingOf } from '../../src/journal/standing.ts';
import { Content } from '../../src/lab/content.ts';
import { labFolders } from '../../src/lab/find.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { allDone } from '../../src/report/all-done.ts';
import { dotsOf } from '../../src/terminal/dots.ts';
import { drawHead } from '../../src/terminal/drawing.ts';
import type { Screen } from '../../src/terminal/screen.ts';
import { widthOf } from '../../src/wrap.ts';
import { linesOf } from '../stories.ts';

const STEPS = Array.from({ length: 12 }, (_, at) => `step-${at + 1}`);
const ended = (step: string) => ({
  ...{ type: 'step-ended' as const, step, outcome: 'met' as const, reason: null, durationMs: 1, values: {} },
});
const started = (step: string) => ({ type: 'step-started' as const, step, values: {} });
const said = (step: string, right: boolean) => ({ type: 'predicted' as const, step, answer: 0, right });

test('a dot a step: done, left out, at hand, open', () => {
  const standing = standingOf(
    linesOf([
      ...['step-1', 'step-2'].flatMap((step) => [started(step), ended(step)]),
      { type: 'skipped', step: 'step-3', reason: null },
    ]),
  );
  const progress = progressOf(STEPS, standing);
  assert.equal(dotsOf(progress, 'step-4'), '●●–◐○○○○○○○○');
  assert.equal(dotsOf(progress), '●●–○○○○○○○○○');
  const many = Array.from({ length: 21 }, (_, at) => ({ ...(progress[0] as StepProgress), id: `${at}` }));
  assert.equal(dotsOf(many), '', 'of very many they would be no picture');
});

test('the head of a step fits every width, and its dots stay in one piece', () => {
  const standing = standingOf(linesOf([started('step-1'), ended('step-1')]));
  for (const language of LANGUAGES) {
    const content = new Content(language, labFolders(null).content);
    const title = content.title('02-foreground-run');
    for (const columns of [100, 60, 40]) {
      const lines: string[] = [];
      const line = (text = '') => lines.push(text);
      const screen = { columns, line, paint: (_: string, text: string) => text } as unknown as Screen;
      drawHead({ content, screen, steps: STEPS, standing, run: '26-nov-abcd' }, 'step-2', title);
      for (const each of lines) assert.ok(widthOf(each) <= columns, each);
      assert.ok(
        lines.some((each) => each.includes('●◐○○○○○○○○○○')),
        lines.join('\n'),
      );
      assert.match(lines.join('\n'), /26-nov-abcd/);
      assert.equal(lines.at(-1), '─'.repeat(columns));
    }
  }
});

test('the tally counts the last answer of each step that is done', () => {
  const standing = standingOf(
    linesOf([
      ...[started('step-1'), said('step-1', true), ended('step-1')],
      ...[started('step-2'), said('step-2', false), ended('step-2')],
      ...[started('step-2'), said('step-2', true), ended('step-2')],
      ...[started('step-3'), said('step-3', false), ended('step-3')],
      ...[started('step-4'), ended('step-4')],
      ...[started('step-5'), said('step-5', true)],
    ]),
  );
  assert.deepEqual(tallyOf(STEPS, standing), { right: 2, of: 3 });
  const content = new Content('en', labFolders(null).content);
  assert.match(allDone(content, STEPS, standing)[0] ?? '', /2 of 3 as you said/);
  assert.doesNotMatch(allDone(content, STEPS, standingOf([])).join('\n'), /as you said/);
});
