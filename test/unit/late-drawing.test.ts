import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LateDrawing } from '../../src/commands/late-drawing.ts';
import type { StreamLine } from '../../src/journal/events.ts';

/** `noted image`: of a step; `noted`: of the run. */
function lineOf(told: string): StreamLine {
  const [type, step = null] = told.split(' ');
  return { type, step } as StreamLine;
}

/** What was drawn of the lines that it took, and when what draws was loaded. */
function drawing() {
  const told: string[] = [];
  const late = new LateDrawing(async () => {
    told.push('loaded');
    return [{ take: ({ type }) => void told.push(type) }];
  });
  const take = async (...lines: string[]) => {
    for (const line of lines) await late.take(lineOf(line));
  };
  return { told, late, take };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what stands between two commands is drawn once the second one runs, in its order', async () => {
  const { told, take } = drawing();
  await take('command-ended', 'judged', 'step-ended', 'chosen', 'noted', 'step-started', 'command-started');
  assert.deepEqual(told, ['loaded', 'command-ended', 'judged']);
  await turn();
  assert.deepEqual(told.slice(3), ['step-ended', 'chosen', 'noted', 'step-started', 'command-started']);
});

test('what is said of a step is drawn before its command runs, behind what was held', async () => {
  const { told, take } = drawing();
  await take('step-started', 'noted image');
  assert.deepEqual(told, ['loaded', 'step-started', 'noted']);
  await take('step-ended', 'step-resumed', 'command-started');
  assert.deepEqual(told.slice(3), ['step-ended', 'step-resumed', 'command-started']);
});

test('nothing is loaded before the first command runs, and nothing that came meanwhile is lost', async () => {
  const { told, take } = drawing();
  await take('run-started', 'engine-pinned', 'noted', 'step-started', 'command-started');
  assert.deepEqual(told, []);
  await turn();
  assert.deepEqual(told, [
    ...['loaded', 'run-started', 'engine-pinned', 'noted', 'step-started', 'command-started'],
  ]);
});

test('the last lines are drawn where no command follows, by the clock or by who asks for it', async () => {
  const { told, take, late } = drawing();
  await take('step-started');
  await Promise.all([late.flush(), late.flush()]);
  assert.deepEqual(told, ['loaded', 'step-started']);
  await take('step-ended');
  while (told.at(-1) !== 'step-ended') await turn();
});

test('where somebody is asked, nothing is held', async () => {
  const { told, take, late } = drawing();
  await late.drawAtOnce();
  await take('step-ended', 'step-started', 'command-started');
  assert.deepEqual(told, ['loaded', 'step-ended', 'step-started', 'command-started']);
});
