/**
 * Each wrong world gets its own finding and none but its own; each right world passes, however it was
 * made. Brought about for real, on the oldest and the newest major of the stage.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Result } from '../../src/report/result.ts';
import { openLab } from './lab.ts';
import { CLIENTS, SERVER, startServer } from './mutants/clients.ts';
import { Hands } from './mutants/hands.ts';
import { PORTS } from './mutants/ports.ts';
import { RIGHT } from './mutants/right.ts';
import type { Row } from './mutants/row.ts';
import { STATES } from './mutants/states.ts';
import { TARGETS, VOLUMES } from './mutants/volumes.ts';

/** `PGLAB_MUTANTS=compose` tries only the worlds whose names say so. */
const isTried = ({ world }: Pick<Row, 'world'>) => world.includes(process.env.PGLAB_MUTANTS ?? '');

const NEWEST = 18;
const scores: string[] = [];
let run = 0;

type Look = Result & { code: number };

/** Makes a world, looks at it as often as the row says, and returns the last look, or one a step. */
async function looked(hands: Hands, row: Omit<Row, 'finds'>): Promise<Look[]> {
  const lab = row.env ? openLab({ ...hands.lab.env, ...row.env }) : hands.lab;
  const check = (step: string, name: string): Promise<Look> => lab.json('check', step, '--run', name);
  run += 1;
  const name = `mutant-${hands.major}-${run}`;
  await row.make(hands);
  await hands.alone();
  for (const [at, change] of (row.afterwards ?? []).entries()) {
    const look = await check(row.step, name);
    if (at === 0 && row.firstFinds) assert.deepEqual(findingsOf(look), row.firstFinds);
    await change(hands);
  }
  const last = [await check(row.step, name)];
  if (row.andStep) last.push(await check(row.andStep, `${name}-also`));
  return last;
}

function findingsOf({ steps }: Result): string[] {
  const findings = steps.flatMap(({ checks }) =>
    checks.flatMap(({ outcome, finding }) => (outcome === 'not-met' ? [finding ?? ''] : [])),
  );
  return [...new Set(findings)].sort();
}

function wrong(hands: Hands, row: Row, undo?: () => Promise<unknown>): void {
  test(`${row.step}: ${row.world} → ${row.finds.join(', ')}`, async () => {
    await hands.begin();
    try {
      for (const look of await looked(hands, row)) {
        const found = findingsOf(look);
        const ok = JSON.stringify(found) === JSON.stringify([...row.finds].sort());
        scores.push(`${ok ? '✓' : '✗'} ${hands.major}  ${row.world.padEnd(76)} ${found.join(', ')}`);
        assert.deepEqual(found, [...row.finds].sort(), JSON.stringify(look, null, 2));
        assert.deepEqual([look.code, look.outcome, look.trouble], [1, 'not-met', null]);
        for (const check of look.steps.flatMap(({ checks }) => checks)) {
          assert.ok(check.evidence && check.observed, check.id);
          assert.doesNotMatch(check.observed, /\{\{|(^|[\s(])…/, 'every placeholder has its value');
        }
      }
    } finally {
      await undo?.();
      await hands.clean();
    }
  });
}

for (const major of [15, NEWEST]) {
  describe(`wrong worlds and right ones on Postgres ${major}`, () => {
    const hands = new Hands(major);
    before(() => hands.makeTemplates());
    after(() => hands.end());

    for (const row of [...STATES, ...PORTS, ...VOLUMES].filter(isTried)) {
      if (!row.newestOnly || major === NEWEST) wrong(hands, row);
    }
    for (const { from = 0, before: until = 99, ...row } of TARGETS) {
      if (major >= from && major < until && isTried(row)) wrong(hands, row);
    }

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
      for (const { undo, ...row } of CLIENTS.filter(isTried)) wrong(hands, row, undo && (() => undo(hands)));
    });

    for (const row of RIGHT.filter(isTried)) {
      if (row.newestOnly && major !== NEWEST) continue;
      test(`right: ${row.step}: ${row.world}`, async () => {
        await hands.begin();
        try {
          const [look] = (await looked(hands, row)) as [Look];
          const unmet = look.steps.flatMap(({ checks }) =>
            checks.filter(({ outcome, id }) => outcome !== 'met' && !row.untold?.includes(id)),
          );
          scores.push(`${unmet.length === 0 ? '✓' : '✗'} ${major}  ${row.world.padEnd(76)} right`);
          assert.deepEqual(unmet, []);
          if (row.secret) assert.ok(!JSON.stringify(look).includes(JSON.stringify(row.secret).slice(1, -1)));
          assert.equal(look.outcome, row.untold ? 'unknown' : 'met');
        } finally {
          await hands.clean();
        }
      });
    }
  });
}

after(() => {
  console.log(scores.join('\n'));
  const good = scores.filter((score) => score.startsWith('✓')).length;
  console.log(`${good} of ${scores.length} worlds judged rightly`);
});
