/** Labs that do not come with pglab, and several labs in one home. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { containerOf, labelled, openLab, type TestLab } from './lab.ts';

const TINY = join(import.meta.dirname, '../labs/tiny');

const currentRunOf = ({ home }: TestLab, lab: string) =>
  readFileSync(join(home, `current-run.${lab}`), 'utf8').trim();

test('a lab from elsewhere is listed, run, judged and reset', async () => {
  const lab = openLab({ PGLAB_LAB: TINY });
  const listed = await lab.json('list');
  assert.deepEqual([listed.lab, (listed.list as unknown[]).length], ['tiny', 2]);
  const before = await lab.json('check', 'hello');
  assert.deepEqual([before.code, before.steps[0]?.outcome], [1, 'not-met']);
  const { code, steps } = await lab.json('run', 'hello', '--yes');
  assert.deepEqual([code, steps[0]?.outcome, steps[0]?.checks[0]?.observed], [0, 'met', 'hello']);
  const next = await lab.pglab('next', '--yes');
  assert.equal(next.code, 0, next.stdout);
  assert.match(next.stdout, /sleep 900/);
  const done = await lab.pglab('next');
  assert.deepEqual([done.code, /All steps are done/.test(done.stdout)], [0, true]);
  await lab.end();
});

test('a step that is not met ends a run, or is gone past where that is said; what is not met stays so', async () => {
  const folder = mkdtempSync(join(import.meta.dirname, '../labs/.unmet-'));
  const path = join(folder, 'unmet');
  cpSync(TINY, path, { recursive: true });
  const first = join(path, '01-hello.js');
  writeFileSync(first, readFileSync(first, 'utf8').replace('heard === null', 'heard !== null'));
  const lab = openLab({ PGLAB_LAB: path });
  try {
    const told = async (...more: string[]) => {
      const { code, outcome, steps } = await lab.json('run', '--all', '--yes', ...more);
      return [code, outcome, ...steps.map((step) => `${step.id} ${step.outcome}`)];
    };
    assert.deepEqual(await told(), [1, 'not-met', 'hello not-met']);
    assert.deepEqual(await told('--keep-going'), [1, 'not-met', 'hello not-met', 'sleeper met']);
    const list = (await lab.json('list')).list as { outcome: string }[];
    assert.deepEqual(
      list.map((step) => step.outcome),
      ['not-met', 'met'],
    );
  } finally {
    await lab.end();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a lab that names no image and no service looks for neither', async () => {
  const folder = mkdtempSync(join(import.meta.dirname, '../labs/.bare-'));
  const lab = openLab({ PGLAB_LAB: join(folder, 'bare') });
  try {
    const isKept = (file: string) => !/lab\.js$|02-sleeper/.test(file);
    cpSync(TINY, join(folder, 'bare'), { recursive: true, filter: isKept });
    const { doctor } = await lab.json('doctor');
    const examined = (doctor as { what: string }[]).map(({ what }) => what);
    assert.ok(examined.includes('engine') && !examined.includes('image') && !examined.includes('psql'));
    const run = await lab.json('run', '--all', '--yes');
    assert.deepEqual([run.code, run.outcome, run.image, run.steps.length], [0, 'met', null, 1]);
    const hint = await lab.pglab('hint', 'hello');
    assert.equal(hint.code, 0, hint.stderr);
    await lab.end();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('two labs in one home', () => {
  const lab = openLab();
  after(() => rmSync(lab.home, { recursive: true, force: true }));
  const tiny = (...words: string[]) => lab.json(...words, '--yes', '--lab', TINY);
  const article = (...words: string[]) => lab.json(...words, '--yes');
  let runs: { tiny: string; article: string };

  test('walked in turns, each has a run and things of its own', async () => {
    const steps = [
      await article('run', 'image'),
      await tiny('run', 'hello'),
      await article('run', 'detached-run'),
      await tiny('run', 'sleeper'),
      await article('run', 'isolated-port'),
    ];
    for (const { code, outcome } of steps) assert.deepEqual([code, outcome], [0, 'met']);
    runs = { tiny: currentRunOf(lab, 'tiny'), article: currentRunOf(lab, 'postgres-in-docker') };
    assert.notEqual(runs.tiny, runs.article);
    assert.deepEqual(
      steps.map((each) => [each.lab, each.run]),
      [0, 1, 0, 1, 0].map((at) => (at === 0 ? ['postgres-in-docker', runs.article] : ['tiny', runs.tiny])),
    );
    assert.equal(await labelOf(await containerOf(lab, runs.tiny, 'sleeper')), 'tiny');
    assert.equal(await labelOf(await containerOf(lab, runs.article, 'quiet')), 'postgres-in-docker');
  });

  test('list tells the lab of each run, with its own steps', async () => {
    const { list } = await lab.json('list', '--all-runs');
    const told = (list as { run: string; lab: string; finished: number; of: number }[]).map((row) => [
      row.run,
      row.lab,
      row.finished,
      row.of,
    ]);
    assert.deepEqual(
      told.sort(),
      [
        [runs.article, 'postgres-in-docker', 3, 12],
        [runs.tiny, 'tiny', 2, null],
      ].sort(),
    );
    const { stdout } = await lab.pglab('list', '--all-runs', '--lang', 'en');
    assert.match(stdout, new RegExp(`${runs.tiny} +steps finished: 2; its lab tiny is not here`));
  });

  test('a run that is named belongs to its lab: lab-differs', async () => {
    for (const words of [
      ['list'],
      ['show', 'hello'],
      ['next', '--yes'],
      ['check', '--all'],
      ['run', '--all'],
    ]) {
      const { code, trouble } = await lab.json(...words, '--lab', TINY, '--run', runs.article);
      assert.deepEqual([code, trouble?.code], [2, 'lab-differs'], words.join(' '));
    }
    const { code, trouble } = await tiny('reset', '--run', runs.article);
    assert.deepEqual([code, trouble?.code], [2, 'lab-differs']);
  });

  test('what a lab made is not taken by a reset of another, also without its journal', async () => {
    const journal = join(lab.home, 'runs', runs.tiny, 'journal.jsonl');
    renameSync(journal, `${journal}.aside`);
    const { code, trouble } = await article('reset', '--run', runs.tiny);
    renameSync(`${journal}.aside`, journal);
    assert.deepEqual([code, trouble?.code], [2, 'lab-differs']);
    assert.notDeepEqual(await labelled(lab, runs.tiny), []);
  });

  test('the reset of one leaves the other', async () => {
    const before = await labelled(lab, runs.article);
    assert.equal((await tiny('reset')).code, 0);
    assert.deepEqual(await labelled(lab, runs.tiny), []);
    assert.deepEqual(await labelled(lab, runs.article), before);
    assert.equal((await article('check', 'detached-run')).outcome, 'met');
    assert.equal((await article('reset')).code, 0);
    assert.deepEqual(await labelled(lab), []);
  });

  const labelOf = (id: string) =>
    lab.docker('inspect', '--format', '{{index .Config.Labels "pglab.lab"}}', id);
});

test('a lab that changes under its run is said, and so is where its code lies, once', async () => {
  const folder = mkdtempSync(join(import.meta.dirname, '../labs/.moved-'));
  const lab = openLab({ PGLAB_LAB: join(folder, 'tiny') });
  try {
    cpSync(TINY, join(folder, 'tiny'), { recursive: true });
    const notes = async () => {
      assert.equal((await lab.json('run', 'hello', '--yes')).code, 0);
      const journal = readFileSync(
        join(lab.home, 'runs', currentRunOf(lab, 'tiny'), 'journal.jsonl'),
        'utf8',
      );
      return [...journal.matchAll(/"note":"(lab-[a-z]+)"/g)].map((match) => match[1]);
    };
    assert.deepEqual(await notes(), ['lab-outside']);
    assert.deepEqual(await notes(), ['lab-outside']);
    const step = join(folder, 'tiny', '01-hello.js');
    writeFileSync(step, `${readFileSync(step, 'utf8')}\n// changed\n`);
    assert.deepEqual(await notes(), ['lab-outside', 'lab-changed']);
    const { where } = await lab.json();
    assert.deepEqual(
      (where as { changed: { note: string }[] }).changed.map(({ note }) => note),
      ['lab-changed'],
    );
    // Another lab of the same id, from another place.
    const elsewhere = join(folder, 'elsewhere/tiny');
    cpSync(TINY, elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'content/02-sleeper.en.md'), '# Another\n');
    lab.env.PGLAB_LAB = elsewhere;
    assert.deepEqual((await notes()).slice(2), ['lab-outside', 'lab-changed']);
    await lab.end();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('which lab: an id has no slash, a path has one, and the article’s is the one by default', async () => {
  const lab = openLab();
  const told = async (...words: string[]) => {
    const { code, lab: id, trouble } = await lab.json('list', ...words);
    return [code, trouble === null ? id : trouble.code];
  };
  assert.deepEqual(await told(), [0, 'postgres-in-docker']);
  assert.deepEqual(await told('--lab', 'postgres-in-docker'), [0, 'postgres-in-docker']);
  assert.deepEqual(await told('--lab', `${TINY}/`), [0, 'tiny']);
  assert.deepEqual(await told('--lab', 'tiny'), [64, 'usage']);
  assert.deepEqual(await told('--lab', './nowhere'), [2, 'lab-missing']);
  const misnamed = mkdtempSync(join(lab.home, 'No Lab '));
  cpSync(TINY, misnamed, { recursive: true });
  assert.deepEqual(await told('--lab', misnamed), [2, 'lab-id']);
  rmSync(lab.home, { recursive: true, force: true });
});

test('a step in TypeScript is read where Node reads it; elsewhere one sentence says so', async () => {
  const lab = openLab();
  const typed = join(lab.home, 'typed');
  cpSync(TINY, typed, { recursive: true });
  renameSync(join(typed, '01-hello.js'), join(typed, '01-hello.ts'));
  const readsTypes = 'typescript' in process.features && process.features.typescript !== false;
  const shown = await lab.json('show', 'hello', '--lab', typed);
  assert.deepEqual(
    [shown.code, shown.trouble?.code],
    readsTypes ? [0, undefined] : [2, 'lab-needs-javascript'],
  );
  const checked = await lab.json('lab', 'check', typed);
  const keys = (checked.problems as { key: string }[]).map(({ key }) => key);
  assert.equal(checked.code, readsTypes ? 0 : 1);
  assert.equal(keys.includes('problem-typescript'), !readsTypes);
  // Of a step in both, the JavaScript runs everywhere.
  cpSync(join(TINY, '01-hello.js'), join(typed, '01-hello.js'));
  assert.equal((await lab.json('lab', 'check', typed)).code, 0);
  rmSync(lab.home, { recursive: true, force: true });
});

test('the one current run of 0.2.0 is gone on with, by the lab it belongs to', async () => {
  const lab = openLab();
  const tiny = (...words: string[]) => lab.json(...words, '--yes', '--lab', TINY);
  const first = await tiny('run', 'hello');
  renameSync(join(lab.home, 'current-run.tiny'), join(lab.home, 'current-run'));
  assert.equal((await tiny('list')).run, first.run);
  assert.equal((await lab.json('list')).run, null);
  await tiny('reset');
  rmSync(lab.home, { recursive: true, force: true });
});
