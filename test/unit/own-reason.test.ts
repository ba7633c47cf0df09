/** The reason that a learner gives for leaving a step out, as the report tells it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import MarkdownIt from 'markdown-it';
import { standingOf } from '../../src/journal/standing.ts';
import { storyOf } from '../../src/report/story.ts';
import { storyMarkdown } from '../../src/report/story-md.ts';
import { StoryWords } from '../../src/report/story-words.ts';
import { openStage } from '../replay.ts';

const OWN = ['# a', '- a', '1. a', '> a', '***', 'a\n\n# b\n\n- c', '```\na', '=', 'adopted', 'resumed'];
const ABOUT = { title: 't', source: '', readOn: '' };

test('why a step was left out is the learner’s own line, whatever it looks like', async () => {
  const stage = await openStage('en');
  const words = new StoryWords(stage.content, stage.lab);
  const told = (reason: string) => {
    const { id: step } = stage.lab.steps[0] ?? assert.fail();
    const at = '2026-11-28T00:00:00.000Z';
    const stamp = { v: 3, seq: 1, at, participant: 'me', run: 'run', lab: stage.lab.id };
    const standing = standingOf([{ ...stamp, type: 'skipped', step, reason }]);
    const story = storyOf(stage, { run: 'run', pass: { number: 1, of: 1 } }, standing);
    const tokens = new MarkdownIt().parse(storyMarkdown(story, ABOUT, words), {});
    return { reason: story.steps[0]?.reason, blocks: tokens.map(({ type }) => type) };
  };
  const { blocks } = told('plain');
  for (const reason of OWN) assert.deepEqual(told(reason), { reason: reason.replace(/\s+/g, ' '), blocks });
});
