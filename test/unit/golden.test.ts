/** Journals of real runs, read back without an engine: the terminal, the watch view and the reports. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JournalLine } from '../../src/journal/events.ts';
import type { Result } from '../../src/report/result.ts';
import { widthOf } from '../../src/wrap.ts';
import { goldenNames, inWindows, type Part, readGolden } from '../golden/capture.ts';
import { changesUnseen, masked, openStage, type Replayed, replayed } from '../replay.ts';

const ROOT = join(import.meta.dirname, '../..');
const fitsSchema = new Ajv2020().compile(
  JSON.parse(readFileSync(join(ROOT, 'src/report/result.schema.json'), 'utf8')),
);
const stages = { en: await openStage('en'), zh: await openStage('zh') };
const names = goldenNames();

test('there is a journal of each kind, and each opens its steps', () => {
  assert.deepEqual(names.sort(), ['by-hand', 'check', 'keys', 'killed', 'run']);
  const types = new Set(
    names.flatMap((name) => readGolden(name).parts.flatMap(({ lines }) => lines.map(({ type }) => type))),
  );
  for (const type of [
    'checking',
    'watching',
    'step-started',
    'step-resumed',
    'seen',
    'made',
    'adopted',
  ] as const)
    assert.ok(types.has(type), type);
  for (const type of ['hinted', 'shown', 'changed', 'predicted'] as const) assert.ok(types.has(type), type);
});

test('a picture of the world stays small', () => {
  const seen = names
    .flatMap((name) => readGolden(name).parts.flatMap(({ lines }) => lines))
    .filter(({ type }) => type === 'seen');
  assert.ok(seen.length > 5);
  for (const line of seen) assert.ok(JSON.stringify(line).length <= 2048, JSON.stringify(line));
});

for (const name of names) {
  describe(`the journal ${name}`, () => {
    const { terminal, parts, screen } = readGolden(name);
    const replay = ({ lines, before }: Part) => replayed(stages.en, lines, terminal, before);

    test('gives what the run left on the screen: after a change of prose, `npm run golden -- --redraw`', () => {
      assert.ok(screen.length > 500);
      assert.equal(masked(parts.map((part) => replay(part).screen).join('')), screen);
    });

    test('gives the same in each window, in both languages', async () => {
      for (const { file, text } of await inWindows(name))
        assert.equal(text, readFileSync(file, 'utf8'), file);
    });

    test('gives reports that fit their schema; in the last, each step has its checks', () => {
      const results = parts.map((part) => JSON.parse(replay(part).json));
      for (const result of results) assert.ok(fitsSchema(result), JSON.stringify(fitsSchema.errors));
      const { steps } = results.at(-1) as Result;
      assert.ok(steps.length > 0);
      for (const step of steps) assert.ok(step.checks.length > 0, step.id);
    });

    test('may be changed in no event unseen', () => {
      for (const part of parts) {
        const real = replay(part);
        const unseen = changesUnseen(part.lines, (lines) => {
          const again = replay({ ...part, lines: [...lines] });
          return masked(again.screen) === masked(real.screen) && again.json === real.json;
        });
        assert.deepEqual(unseen, []);
      }
    });

    test('of format 2, which did not tell that a step was opened: the same verdicts', () => {
      const untold = /^(checking|watching|changed|shown|seen)$/;
      for (const part of parts) {
        const lines = part.lines
          .filter(({ type }) => !untold.test(type))
          .map((line): JournalLine => ({ ...line, v: 2 }));
        const old = replay({ ...part, lines });
        assert.deepEqual(verdicts(old), verdicts(replay(part)));
        if (verdicts(old).length > 0) assert.match(old.screen, /✓|✗|\$ docker/);
      }
    });

    test('fits a narrow terminal, in both languages', () => {
      const narrow = { columns: 60, colour: false };
      for (const stage of Object.values(stages)) {
        const drawn = parts
          .map(({ lines, before }) => replayed(stage, lines, narrow, before).screen)
          .join('');
        for (const line of drawn.split('\n')) {
          const isCommand = /^\$ |^export |docker |\{.*\}|PASSWORD/.test(line);
          if (!isCommand && line.trim().includes(' ')) assert.ok(widthOf(line) <= 60, line);
        }
      }
    });
  });
}

function verdicts({ json }: Replayed) {
  const { steps } = JSON.parse(json) as Result;
  return steps.map(({ id, outcome, checks }) => {
    const told = checks.map((check) => [check.id, check.outcome, check.finding]);
    return { id, outcome, told };
  });
}
