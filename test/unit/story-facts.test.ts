/** What a report tells of a run, whichever format it is written in. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalLine } from '../../src/journal/events.ts';
import { readJournal } from '../../src/journal/read.ts';
import { standingOf } from '../../src/journal/standing.ts';
import { storyOf } from '../../src/report/story.ts';
import { storyMarkdown } from '../../src/report/story-md.ts';
import { StoryWords } from '../../src/report/story-words.ts';
import { openStage } from '../replay.ts';

function linesOf(name: string): JournalLine[] {
  return readJournal(join(import.meta.dirname, '../golden', name, 'journal.jsonl'), name).events;
}

test('what a learner types carries no labels of ours, and none are told of', async () => {
  const story = storyOf(
    await openStage(),
    { run: 'by-hand', pass: { number: 1, of: 1 } },
    standingOf(linesOf('by-hand')),
  );
  const typed = story.steps.filter(({ byHand }) => byHand).flatMap(({ commands }) => commands);
  assert.ok(typed.length > 0);
  for (const { ran, added } of typed) {
    assert.equal(ran, null);
    assert.ok(added.every(({ fragment }) => fragment !== null));
  }
});

test('what pglab ran in a step by hand is told as run, with the labels that it carried', async () => {
  const stage = await openStage();
  const lines = linesOf('run').map((line) =>
    line.type === 'step-started' && line.step === 'port-mapping' ? { ...line, byHand: { before: [] } } : line,
  );
  const story = storyOf(stage, { run: 'run', pass: { number: 1, of: 1 } }, standingOf(lines));
  const [step] = story.steps.filter(({ byHand }) => byHand);
  assert.ok(step);
  assert.ok(step.commands.every(({ ran }) => ran !== null));
  assert.ok(step.commands.some(({ added }) => added.some(({ fragment }) => fragment === null)));
  const words = new StoryWords(stage.content, stage.lab);
  const markdown = storyMarkdown({ ...story, steps: [step] }, { title: 'x', source: '', readOn: '' }, words);
  assert.doesNotMatch(markdown, /\*\*suggested\*\*/);
  assert.match(markdown, /\*\*here\*\*/);
});

test('what is asked is told with what was answered, and counted', async () => {
  const stage = await openStage();
  const lines = linesOf('run');
  const at = lines.findIndex((line) => line.type === 'step-started' && line.step === 'port-mapping');
  const line = lines[at] as JournalLine;
  const answered: JournalLine[] = [0, 1].map((answer) => ({
    ...{ v: 3, seq: line.seq, at: line.at, participant: '', run: 'run', lab: line.lab },
    ...{ type: 'predicted', step: 'port-mapping', answer, right: answer === 1 },
  }));
  for (const [answer, predicted] of answered.entries()) {
    const story = storyOf(
      stage,
      { run: 'run', pass: { number: 1, of: 1 } },
      standingOf([...lines.slice(0, at + 1), predicted, ...lines.slice(at + 1)]),
    );
    const question = story.steps[5]?.question;
    assert.equal(question?.said, answer);
    assert.deepEqual(story.tally.questions, { asked: 1, right: answer });
    const text = storyMarkdown(
      story,
      { title: 'x', source: '', readOn: '' },
      new StoryWords(stage.content, stage.lab),
    );
    assert.match(text, /← your answer/);
    assert.match(text, answer === 1 ? /← your answer · so it is/ : /← so it is/);
  }
});

test('a part of the map says whose each container is', async () => {
  const stage = await openStage();
  const made = linesOf('run');
  const adopted = made.map((line): JournalLine => {
    if (line.type !== 'made') return line;
    const { ports: _, ...thing } = line;
    return { ...thing, type: 'adopted' } as JournalLine;
  });
  const owners = (lines: readonly JournalLine[]) => {
    const { steps } = storyOf(stage, { run: 'run', pass: { number: 1, of: 1 } }, standingOf(lines));
    const nodes = steps.flatMap(({ map }) => map?.nodes ?? []);
    return new Set(nodes.flatMap((node) => (node.kind === 'container' ? [node.owned] : [])));
  };
  assert.deepEqual([...owners(made)], ['run']);
  assert.deepEqual([...owners(adopted)], ['learner']);
});
