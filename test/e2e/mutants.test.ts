/**
 * Each wrong world gets its own finding and none but its own; each right world passes, however it was
 * made. Brought about for real, on the oldest and the newest major of the stage.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Result } from '../../src/report/result.ts';
import { openLab, outputOf, type TestLab } from './lab.ts';
import { CLIENTS, SERVER, startServer } from './mutants/clients.ts';
import { Hands } from './mutants/hands.ts';
import { RIGHT } from './mutants/right.ts';
import type { Judgement, RightRow, Row, World } from './mutants/row.ts';
import { isMeantFor, MAJORS, WRONG, worldsOf } from './mutants/wrong.ts';

/** `PGLAB_MUTANTS=compose` tries only the worlds whose names say so; it is a regular expression. */
const SELECTED = new RegExp(process.env.PGLAB_MUTANTS ?? '');

function isTriedOn(major: number) {
  return (row: Row | RightRow) => SELECTED.test(row.world) && isMeantFor(row, major);
}

const scores: string[] = [];

function score(isGood: boolean, { major }: Hands, world: string, found: string): void {
  scores.push(`${isGood ? '✓' : '✗'} ${major}  ${world.padEnd(76)} ${found}`);
}

let runs = 0;

function newRun({ major }: Hands): string {
  runs += 1;
  return `mutant-${major}-${runs}`;
}

/** What pglab is asked with in a row. */
async function labFor(hands: Hands, row: Row | RightRow): Promise<TestLab> {
  if (!row.env) return hands.lab;
  const lab = openLab({ ...hands.lab.env, ...(await row.env(hands)) });
  // It goes on in the home of the others.
  rmSync(lab.home, { recursive: true });
  return lab;
}

/** The findings of all checks with this outcome, each once. */
function findingsOf({ steps }: Result, of: 'not-met' | 'unknown'): string[] {
  const findings = steps.flatMap(({ checks }) =>
    checks.flatMap(({ outcome, finding }) => (outcome === of ? [finding ?? ''] : [])),
  );
  return [...new Set(findings)].sort();
}

/** Makes the worlds of a row one after another, and judges each as it is expected to be. */
async function judgeRow(hands: Hands, row: Row): Promise<void> {
  const run = newRun(hands);
  // What is gone was this run's own: it was made after the run had begun.
  if (row.before) await hands.lab.pglab('show', row.step, '--run', run);
  for (const [at, world] of worldsOf(row).entries()) {
    await world.make(hands);
    if (at === 0) await hands.alone();
    const lab = await labFor(hands, row);
    const isLast = world === row;
    const judging =
      isLast && row.judge ? row.judge(hands, lab, run) : lab.json('check', row.step, '--run', run);
    requireFound(hands, row, world, await judging);
    if (!isLast || !row.andStep) continue;
    requireFound(hands, row, world, await lab.json('check', row.andStep, '--run', newRun(hands)));
  }
}

function requireFound(hands: Hands, row: Row, { finds, untold = [] }: World, judgement: Judgement): void {
  const found = [findingsOf(judgement, 'not-met'), findingsOf(judgement, 'unknown')] as const;
  const wanted = [[...finds].sort(), [...untold].sort()] as const;
  const isGood = JSON.stringify(found) === JSON.stringify(wanted);
  score(isGood, hands, row.world, found.flat().join(', '));
  assert.deepEqual(found, wanted, JSON.stringify(judgement, null, 2));
  const outcome = finds.length > 0 ? 'not-met' : untold.length > 0 ? 'unknown' : 'met';
  const code = { met: 0, 'not-met': 1, unknown: 2 }[outcome];
  assert.deepEqual([judgement.code, judgement.outcome, judgement.trouble], [code, outcome, null]);
  for (const check of judgement.steps.flatMap(({ checks }) => checks)) {
    assert.ok(check.evidence && check.observed, check.id);
    assert.doesNotMatch(check.observed, /\{\{|(^|[\s(])…/, 'every placeholder has its value');
  }
}

function wrong(hands: Hands, row: Row, undo?: () => Promise<unknown>): void {
  const told = worldsOf(row).map(({ finds, untold = [] }) => [...finds, ...untold].join(', '));
  test(`${row.step}: ${row.world} → ${told.join(' → ')}`, async () => {
    await hands.begin();
    try {
      await judgeRow(hands, row);
    } finally {
      await undo?.();
      await hands.clean();
    }
  });
}

function right(hands: Hands, row: RightRow): void {
  test(`right: ${row.step}: ${row.world}`, async () => {
    await hands.begin();
    const run = newRun(hands);
    try {
      // A password of the learner's own goes only to what was made since the run began.
      if (row.env) await hands.lab.pglab('show', row.step, '--run', run);
      await row.make(hands);
      await hands.alone();
      const judgement = await (await labFor(hands, row)).json('check', row.step, '--run', run);
      const unmet = judgement.steps.flatMap(({ checks }) =>
        checks.filter(({ outcome }) => outcome !== 'met'),
      );
      score(unmet.length === 0, hands, row.world, 'right');
      assert.deepEqual(unmet, []);
      assert.equal(judgement.outcome, 'met');
      const notes = judgement.steps.flatMap(({ checks }) => checks.flatMap(({ note }) => note ?? []));
      if (row.note) assert.deepEqual(notes, [row.note]);
      if (row.pastes) {
        for (const { evidence } of judgement.steps.flatMap(({ checks }) => checks))
          await outputOf('bash', ['-c', evidence], hands.lab.env);
      }
      if (row.secret) assert.ok(!JSON.stringify(judgement).includes(JSON.stringify(row.secret).slice(1, -1)));
    } finally {
      await hands.clean();
    }
  });
}

for (const major of MAJORS) {
  describe(`wrong worlds and right ones on Postgres ${major}`, () => {
    const hands = new Hands(major);
    before(() => hands.makeTemplates());
    after(() => hands.end());

    for (const row of WRONG.filter(isTriedOn(major))) wrong(hands, row);

    describe('clients of one server', () => {
      before(async () => {
        await hands.alone();
        hands.staysHere = true;
        await startServer(hands);
        await hands.keepAll();
      });
      after(async () => {
        hands.staysHere = false;
        await hands.docker('rm', '-fv', SERVER);
      });
      for (const { undo, ...row } of CLIENTS.filter(isTriedOn(major)))
        wrong(hands, row, undo && (() => undo(hands)));
    });

    for (const row of RIGHT.filter(isTriedOn(major))) right(hands, row);
  });
}

after(() => {
  console.log(scores.join('\n'));
  const good = scores.filter((each) => each.startsWith('✓')).length;
  console.log(`${good} of ${scores.length} worlds judged rightly`);
});
