import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionOf, type Known } from '../../src/commands/candidates.ts';
import { COMMON_OPTIONS } from '../../src/commands/verb.ts';
import { PGLAB } from '../../src/commands/verbs.ts';

const named = (...words: string[]) => words.map((word) => ({ word, about: '' }));
const KNOWN: Known = {
  say: (key) => key,
  steps: () => named('image', 'detached-run', 'disposable'),
  runs: () => named('monday', 'tuesday'),
  labs: () => named('postgres-in-docker'),
  formats: ['text', 'json'],
  languages: ['en', 'zh'],
  shells: ['bash'],
};

/** The words before the cursor in one line; what follows its last space is being typed. */
function words(line: string): string[] {
  const all = line.split(' ');
  const { candidates, files } = completionOf(
    PGLAB,
    COMMON_OPTIONS,
    all.slice(0, -1),
    all.at(-1) ?? '',
    KNOWN,
  );
  return [...candidates.map(({ word }) => word), ...(files ? [':files'] : [])];
}

test('what may stand where the cursor is', () => {
  const lines: [line: string, words: string[]][] = [
    ['d', ['doctor']],
    ['engine s', ['status']],
    ['engine status ', []],
    ['run d', ['detached-run', 'disposable']],
    ['run disposable d', ['detached-run']],
    ['show image ', []],
    ['--lang zh run im', ['image']],
    ['--yes run im', ['image']],
    ['run --run ', ['monday', 'tuesday']],
    ['run --run monday im', ['image']],
    ['run --run=t', ['--run=tuesday']],
    ['run --format = j', ['json']],
    ['run --format =', ['text', 'json']],
    ['next --by', ['--by-hand']],
    ['next --by-hand --by', []],
    ['list --by', []],
    ['list --lab ', ['postgres-in-docker', ':files']],
    ['lab check ', ['postgres-in-docker', ':files']],
    ['lab new ', [':files']],
    ['image load ', [':files']],
    ['image status ', []],
    ['completion ', ['bash']],
    ['completion bash ', []],
    ['reset --home ', []],
  ];
  for (const [line, expected] of lines) assert.deepEqual(words(line), expected, line);
});

test('each verb and each option is told with its line of the help', () => {
  const verbs = completionOf(PGLAB, COMMON_OPTIONS, [], '', KNOWN).candidates;
  assert.deepEqual(
    verbs.map(({ word, about }) => [word, about]),
    PGLAB.verbs?.map(({ name, about }) => [name, about]),
  );
  const [option] = completionOf(PGLAB, COMMON_OPTIONS, ['reset'], '--dry', KNOWN).candidates;
  assert.deepEqual(option, { word: '--dry-run', about: 'option-dry-run' });
});
