/**
 * Each wrong world gets its own finding and none but its own; each right world passes, however it was
 * made. Brought about for real, on one major; a file of tests each for the oldest and the newest of the stage.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { FindingKey } from '../../../src/content-keys.ts';
import type { Result } from '../../../src/report/result.ts';
import { drawn } from '../../drawn.ts';
import { openLab, outputOf, type TestLab } from '../lab.ts';
import { CLIENTS, SERVER, startServer } from './clients.ts';
import { Hands } from './hands.ts';
import { RIGHT } from './right.ts';
import type { Judgement, RightRow, Row, World } from './row.ts';
import { toldOf } from './told.ts';
import type { Way } from './way.ts';
import { WAYS } from './ways.ts';
import { isMeantFor, MAJORS, WRONG, worldsOf } from './wrong.ts';

/** `PGLAB_MUTANTS=compose` tries only the worlds whose names say so; it is a regular expression. */
const SELECTED = new RegExp(process.env.PGLAB_MUTANTS ?? '');

function isTriedOn(major: number) {
  return (row: Row | RightRow) => SELECTED.test(row.world) && isMeantFor(row, major);
}

/** The words are the same on each major: tried on the newest, or with `PGLAB_WAYS=all` on all. */
const { PGLAB_WAYS } = process.env;
const MAJORS_OF_WAYS: readonly number[] = PGLAB_WAYS === 'all' ? MAJORS : MAJORS.slice(-1);

const nameOf = ({ step, world }: Row | RightRow) => `${step} ${world}`;

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

/** Makes the worlds of a row one after another, and judges each as it is expected to be; then tries the way on. */
async function judgeRow(hands: Hands, row: Row): Promise<void> {
  const run = newRun(hands);
  const ons = waysOnOf(hands.major);
  const isOfRun = worldsOf(row).some((world) => ons.get(world)?.some(({ way }) => way.ofRun));
  // What is gone was this run's own: it was made after the run had begun.
  if (row.before || isOfRun) await hands.lab.pglab('show', row.step, '--run', run);
  for (const [at, world] of worldsOf(row).entries()) {
    await world.make(hands);
    if (at === 0) await hands.alone();
    const lab = await labFor(hands, row);
    const isLast = world === row;
    const judging =
      isLast && row.judge ? row.judge(hands, lab, run) : lab.json('check', row.step, '--run', run);
    const judgement = await judging;
    requireFound(hands, row, world, judgement);
    const on = ons.get(world) ?? [];
    let seen = judgement;
    for (const each of on)
      seen = await goOn(hands, lab, ['check', row.step, '--run', run], { first: judgement, seen }, each);
    if (!isLast || !row.andStep || on.length > 0) continue;
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

interface On {
  /** Several, where one way on is theirs. */
  findings: FindingKey[];
  way: Way;
}

/**
 * The worlds after which ways on are tried: of each finding the first that finds it, where nothing else is wrong if
 * there is one, and rather one that no other is made from.
 */
function waysOnOf(major: number): Map<World, On[]> {
  // Whatever is selected: the same way on belongs to the same world.
  const rows = [...WRONG, ...CLIENTS].filter((row) => isMeantFor(row, major));
  const worlds: readonly World[] = [...rows, ...rows.flatMap(({ before = [] }) => before)];
  const found = new Map<World, On[]>();
  if (!MAJORS_OF_WAYS.includes(major)) return found;
  for (const [finding, way] of Object.entries(WAYS) as [FindingKey, Way][]) {
    const all = worlds.filter((world) => toldIn(world).includes(finding));
    const isGone = (world: World) => found.get(world)?.some((on) => on.way === way) === true;
    const free = all.filter((each) => way.shares || !found.has(each));
    const world = free.find(isGone) ?? free.find((each) => toldIn(each).length === 1) ?? free[0];
    if (!world) continue;
    const on = found.get(world) ?? [];
    const same = on.find((each) => each.way === way);
    if (same) same.findings.push(finding);
    else found.set(world, [...on, { findings: [finding], way }]);
  }
  return found;
}

function toldIn({ finds, untold = [] }: World): FindingKey[] {
  return [...finds, ...untold];
}

/** Does what the way on says; after that no check finds it any more, and one that did is met. */
async function goOn(
  hands: Hands,
  lab: TestLab,
  asked: string[],
  { first, seen }: { first: Judgement; seen: Judgement },
  { findings, way }: On,
): Promise<Judgement> {
  const told = await toldOf(lab, asked, findings[0] as FindingKey, seen);
  const again = (await way.go(hands, told)) ?? {};
  const { words = [], env } = again;
  const learner = env ? openLab({ ...lab.env, ...env }) : lab;
  if (env) rmSync(learner.home, { recursive: true });
  const after = await learner.json(...asked, ...words);
  const checks = (of: Judgement) => of.steps.flatMap((step) => step.checks);
  for (const finding of findings) {
    // Others may find what comes next in the step.
    const found = checks(first).flatMap((check) => (check.finding === finding ? [check.id] : []));
    const left = checks(after).filter((check) => check.finding === finding);
    const isMet =
      left.length === 0 && checks(after).some(({ id, outcome }) => found.includes(id) && outcome === 'met');
    score(isMet, hands, `the way on from ${finding}`, isMet ? 'met' : 'not met');
    assert.ok(isMet, `${finding} after its way on: ${JSON.stringify(after, null, 2)}`);
  }
  return after;
}

function wrong(hands: Hands, row: Row, undo?: () => Promise<unknown> | undefined): void {
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

/** The tests of one major. With `PGLAB_WAYS=only` nothing is tried but what has a way on there. */
export function judgeWorlds(major: number): void {
  describe(`wrong worlds and right ones on Postgres ${major}`, () => {
    const hands = new Hands(major);
    before(() => hands.makeTemplates());
    after(() => hands.end());

    const ways = waysOnOf(major);
    const hasWay = (row: Row) => worldsOf(row).some((world) => ways.has(world));
    const isMeant = (row: Row) => isTriedOn(major)(row) && (PGLAB_WAYS !== 'only' || hasWay(row));
    for (const row of drawn(WRONG.filter(isMeant), nameOf)) wrong(hands, row);

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
      for (const row of drawn(CLIENTS.filter(isMeant), nameOf)) wrong(hands, row, () => row.undo?.(hands));
    });

    if (PGLAB_WAYS !== 'only')
      for (const row of drawn(RIGHT.filter(isTriedOn(major)), nameOf)) right(hands, row);
  });

  after(() => {
    console.log(scores.join('\n'));
    const good = scores.filter((each) => each.startsWith('✓')).length;
    console.log(`${good} of ${scores.length} worlds judged rightly`);
  });
}
