/** Each finding that a check can give is expected of a wrong world, which the end-to-end tests make for real. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FindingKey } from '../../src/content-keys.ts';
import { Content } from '../../src/lab/content.ts';
import { labFolders } from '../../src/lab/find.ts';
import { LANGUAGES } from '../../src/lab/languages.ts';
import { loadLab } from '../../src/lab/load.ts';
import { commandsIn } from '../../src/labcheck/pasted.ts';
import { CLIENTS } from '../e2e/mutants/clients.ts';
import { ROOTLESS } from '../e2e/mutants/rootless.ts';
import { UNTRIED, WAYS } from '../e2e/mutants/ways.ts';
import { isMeantFor, MAJORS, WRONG, worldsOf } from '../e2e/mutants/wrong.ts';

const folders = labFolders(null);
const rows = [...WRONG, ...CLIENTS].filter((row) => MAJORS.some((major) => isMeantFor(row, major)));
const expectations = rows
  .flatMap((row) =>
    worldsOf(row).flatMap(({ finds, untold = [] }) =>
      [...finds, ...untold].flatMap((finding) =>
        [row.step, ...(row.andStep ? [row.andStep] : [])].map((step) => ({
          step,
          finding,
          world: row.world,
        })),
      ),
    ),
  )
  .concat(ROOTLESS.flatMap(({ finds, ...row }) => finds.map((finding) => ({ ...row, finding }))));

describe('findings and wrong worlds', () => {
  test('each finding is expected of a wrong world', () => {
    const keys = [...new Content('en', folders.content).entries('findings').keys()];
    const expected = new Set<string>(expectations.map(({ finding }) => finding));
    const unproved = keys.filter((key) => !expected.has(key));
    assert.deepEqual(unproved, [], 'a row in test/e2e/mutants/ must bring each of these about');
  });

  test('the way on of each finding is tried, or there is a reason why not', () => {
    const keys = [...new Content('en', folders.content).entries('findings').keys()];
    const tried = new Set(Object.keys(WAYS));
    const untried = new Set(Object.keys(UNTRIED));
    const silent = keys.filter((key) => !tried.has(key) && !untried.has(key));
    assert.deepEqual(silent, [], 'test/e2e/mutants/ways.ts tries it, or says why not');
    assert.deepEqual(
      [...untried].filter((key) => tried.has(key)),
      [],
    );
    const onNewest = new Set(
      [...WRONG, ...CLIENTS]
        .filter((row) => isMeantFor(row, MAJORS[1]))
        .flatMap(worldsOf)
        .flatMap(({ finds, untold = [] }) => [...finds, ...untold]),
    );
    assert.deepEqual(
      [...tried].filter((key) => !onNewest.has(key as FindingKey)),
      [],
      'no world of the newest major shows it',
    );
  });

  test('each finding that a wrong world expects is one that a check of its step may give', async () => {
    const { steps } = await loadLab(folders);
    const given = new Map(
      steps.map(({ id, checks }) => [id, checks.flatMap(({ finds }): string[] => [...finds])]),
    );
    const impossible = expectations.filter(({ step, finding }) => !given.get(step)?.includes(finding));
    assert.deepEqual(impossible, []);
  });
});

/** Words that stand for what a reader would have to find out: a finding knows it, or gives one that will do. */
const OPEN = /\b(?:NAME|FILE|FOLDER|HOST|PORT|CONTAINER|VOLUME|USER|STEP|ID)\b|[\u4e00-\u9fff]/;

for (const language of LANGUAGES) {
  test(`the way on from a finding gives commands with nothing left open (${language})`, () => {
    const entries = [...new Content(language, folders.content).entries('findings')];
    const commands = entries.flatMap(([key, { go = '' }]) =>
      commandsIn(go.replace(/\{\{machine\?[^{}]*\}\}/g, '')).map(({ command }) => `${key}: ${command}`),
    );
    assert.ok(commands.length > 90, `${commands.length}`);
    assert.deepEqual(
      commands.filter((command) => OPEN.test(command)),
      [],
    );
  });
}

/** Nothing that is done in the learner's terminal mends these: the step has to begin anew. */
const ONLY_ANEW: readonly FindingKey[] = [
  ...(['port-not-closed', 'queries-lost', 'client-saw-nothing', 'never-watched'] as const),
  ...(['never-seen', 'gone-unseen', 'volume-went-along'] as const),
];

/** The key of who watches, and beside it the command of who does not. */
const ANEW = {
  en: /\bn in `pglab next --by-hand`, else `pglab run \{\{step\}\}`/,
  zh: /在 `pglab next --by-hand` 里按 n，否则 `pglab run \{\{step\}\}`/,
} as const;
/** Or the step's own command, which a learner can type. */
const TYPED = /`pglab show \{\{step\}\}`[^`]+`pglab run \{\{step\}\}`/;

for (const language of LANGUAGES) {
  test(`what only a step begun anew can mend names the key for that (${language})`, () => {
    const entries = [...new Content(language, folders.content).entries('findings')];
    const naming = entries.flatMap(([key, { go = '' }]) => (ANEW[language].test(go) ? [key] : []));
    assert.deepEqual(naming.sort(), [...ONLY_ANEW].sort());
    const running = entries.flatMap(([key, { go = '' }]) =>
      go.includes('`pglab run {{step}}`') && !TYPED.test(go) ? [key] : [],
    );
    assert.deepEqual(running.sort(), [...ONLY_ANEW].sort(), 'pglab runs nothing while it watches');
  });
}
