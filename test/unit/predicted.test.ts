/** A question is prose: how it is broken in its file is for writers, not for who is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predicted } from '../../src/commands/terminal-asker.ts';

test('a question is asked on one line, to be broken where the window ends', async () => {
  const asked: string[] = [];
  for (const question of ['What becomes of a\nrow of {{short}}?', '那一行现在\n在哪里？']) {
    const prediction = { question, options: ['lost', 'kept'], right: 1, because: '' };
    const desk = { content: { step: () => ({ prediction }) }, stem: (id: string) => id };
    const answer = await predicted(
      desk as unknown as Parameters<typeof predicted>[0],
      'a-step',
      async () => ({ short: 'b1eca34c8b8d' }),
      async (text) => {
        asked.push(text);
        return 1;
      },
    );
    assert.deepEqual(answer, { answer: 1, right: true });
  }
  assert.deepEqual(asked, ['What becomes of a row of b1eca34c8b8d?', '那一行现在在哪里？']);
});
