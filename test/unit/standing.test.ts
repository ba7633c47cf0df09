/** The standing of a run, folded line by line, is what scans over all lines come to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { damageOf } from '../../src/journal/damage.ts';
import type { JournalLine } from '../../src/journal/events.ts';
import { progressOf, type Standing, standingOf } from '../../src/journal/standing.ts';
import { isRecorded, resumePoint } from '../../src/runner/walk/resume.ts';
import * as scans from '../scans.ts';
import { CHECKS, IDS, KINDS, linesOf, NAMES, STEPS, story } from '../stories.ts';

/** All that is asked of a standing, and the same asked by scans. */
function folded(standing: Standing) {
  const { values: found, told, imageHow } = standing;
  return {
    ...{ found, told, imageHow },
    reset: standing.resetUnderWay?.seq ?? null,
    adoptions: [...standing.things.adoptions()].sort(),
    doubted: damageOf(IDS, { standing, unreadable: 0 }).map((damage) => damage.values.steps),
    last: EACH_LAST.map(([of, how, kind]) => {
      const narrow = { ...(how && { type: how }), ...(kind && { kind }) };
      return standing.things.last(of, narrow)?.id ?? null;
    }),
    steps: STEPS.map((each) => {
      const { attempt, ...told } = standing.step(each.id);
      const point = resumePoint(standing, each);
      const isByHand = attempt?.started.byHand && !attempt.ended;
      return {
        progress: progressOf([each.id], standing)[0],
        resume: point && { index: point.index, predicted: point.predicted !== null },
        recorded: point?.unrecorded == null ? null : isRecorded(standing, each, point.unrecorded),
        byHand: isByHand
          ? { before: attempt.started.byHand?.before, predicted: attempt.predicted !== null }
          : null,
        ran: ['key-0', 'key-1'].map((key) => told.ran.get(key)?.seq ?? null),
        checks: CHECKS.map((of) => ({
          last: told.verdicts.get(of) ?? null,
          witnessed: told.witnessed.get(of) ?? null,
          atEnd: told.atEnd.get(of) ?? null,
          everMet: told.everMet.has(of),
        })),
      };
    }),
  };
}

const EACH_LAST = NAMES.flatMap((of) =>
  ([null, 'made', 'adopted'] as const).flatMap((how) =>
    ([null, ...KINDS] as const).map((kind) => [of, how, kind] as const),
  ),
);

function scanned(all: readonly JournalLine[]): ReturnType<typeof folded> {
  const lines = scans.sinceResets(all);
  const doubted = IDS.filter((of) => scans.isInDoubt(lines, of));
  const adopted = NAMES.map((of) => [of, scans.last(lines, of, 'adopted', 'container')] as const);
  return {
    ...{ found: scans.values(lines), told: scans.told(lines), imageHow: scans.imageHow(lines) },
    reset: scans.resetUnderWay(lines),
    adoptions: adopted.flatMap(([of, at]) => (at === null ? [] : [[of, at] as [string, string]])).sort(),
    doubted: doubted.length > 0 ? [doubted.join(', ')] : [],
    last: EACH_LAST.map(([of, how, kind]) => scans.last(lines, of, how, kind)),
    steps: STEPS.map((each) => {
      const resume = scans.resumeAt(lines, each);
      const ended =
        resume && lines.findLast((line) => line.type === 'command-started' && line.step === each.id);
      const unrecorded =
        ended?.type === 'command-started' && ended.index < (resume?.index ?? 0) ? ended.index : null;
      return {
        progress: scans.progress(lines, each.id),
        resume,
        recorded: unrecorded === null ? null : scans.isRecorded(lines, each, unrecorded),
        byHand: scans.byHand(lines, each.id),
        ran: ['key-0', 'key-1'].map((key) => scans.ran(lines, each.id, key)),
        checks: CHECKS.map((of) => scans.verdicts(lines, each.id, of)),
      };
    }),
  };
}

describe('the standing of a run', () => {
  it('is what scans over all lines come to, whatever the lines are', () => {
    fc.assert(
      fc.property(story(30), (lines) => {
        assert.deepEqual(folded(standingOf(lines)), scanned(lines));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same after each line as if all had been folded at once', () => {
    fc.assert(
      fc.property(story(15), (lines) => {
        const growing = standingOf([]);
        for (const [at, line] of lines.entries()) {
          growing.take(line);
          assert.deepEqual(growing, standingOf(lines.slice(0, at + 1)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('knows what was asked, run and given, for whoever reports it', () => {
    const command = { step: 'one', index: 0, ran: 'docker ps', shown: 'docker ps', creates: null };
    const lines = linesOf([
      { type: 'run-started', lab: 'l', content: '1', pglab: '1.0.0', journal: 'j' },
      { type: 'run-started', lab: 'l', content: '1', pglab: '2.0.0', journal: 'j' },
      { type: 'step-started', step: 'one', values: {} },
      { type: 'predicted', step: 'one', answer: 1, right: false },
      { type: 'command-started', ...command },
      { type: 'command-ended', ...command, key: 'ps', exitCode: 1, durationMs: 640, output: 'no' },
      { type: 'watched', step: 'one', check: 'c', values: { gaps: 2 } },
      { type: 'hinted', step: 'one', level: 1 },
      { type: 'hinted', step: 'one', level: 2 },
      {
        type: 'step-ended',
        step: 'one',
        outcome: 'skipped',
        reason: 'one-major',
        durationMs: 812,
        values: {},
      },
      { type: 'step-started', step: 'one', values: {} },
      { type: 'predicted', step: 'one', answer: 0, right: true },
      { type: 'command-started', ...command },
      { type: 'chosen', name: 'port', value: 6701, wanted: 6700 },
      { type: 'noted', step: null, note: 'lab-outside', values: { lab: 'l', folder: '/labs/l' } },
      { type: 'noted', step: null, note: 'tag-moved', values: { folder: '/other' } },
    ]);
    const atEnd = standingOf(lines.slice(0, 10)).step('one');
    assert.deepEqual([atEnd.outcome, atEnd.reason, atEnd.durationMs], ['skipped', 'one-major', 812]);
    assert.deepEqual(
      atEnd.attempt?.commands.map(({ started, ended }) => [
        started.shown,
        ended?.exitCode,
        ended?.durationMs,
      ]),
      [['docker ps', 1, 640]],
    );
    const standing = standingOf(lines);
    const now = standing.step('one');
    assert.deepEqual([now.outcome, now.interrupted, now.hints], [null, true, 2]);
    assert.deepEqual(now.predictions, [
      { answer: 1, right: false },
      { answer: 0, right: true },
    ]);
    assert.deepEqual(
      now.attempt?.commands.map(({ ended }) => ended),
      [null],
      'of this attempt alone',
    );
    assert.deepEqual(now.watched.get('c'), { gaps: 2 });
    assert.deepEqual([standing.begun?.pglab, standing.seq], ['1.0.0', 16]);
    assert.deepEqual([standing.ports.get('port')?.value, standing.ports.get('port')?.wanted], [6701, 6700]);
    assert.deepEqual([...standing.saidFolders], ['/labs/l']);
    assert.equal(standing.step('two').outcome, null, 'of a step that no line tells of');
  });
});
