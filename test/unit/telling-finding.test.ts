/** What a hint is about: the finding that says most, and none that would have the last thing done first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judged } from '../../src/journal/events.ts';
import type { Step } from '../../src/lab/model.ts';
import { tellingFinding } from '../../src/report/hint-text.ts';

const CHECKS = ['first', 'second', 'third'];
const step = { id: 'step', commands: [], checks: CHECKS.map((id) => ({ id })) } as unknown as Step;

/** The finding that is told of these, in the order of the checks; all of one look, or each of its own. */
function told(
  findings: readonly (Judged['finding'] | null)[],
  lines: readonly number[] = [1, 2, 3],
  values: Judged['values'] = {},
) {
  const verdicts = new Map<string, Judged>();
  const toldAt = new Map<string, { seq: number; at: string }>();
  for (const [at, finding] of findings.entries()) {
    const id = CHECKS[at] as string;
    const outcome = finding === null ? 'met' : 'not-met';
    verdicts.set(id, { id, kind: id, outcome, values, finding, note: null, evidence: '' });
    toldAt.set(id, { seq: lines[at] as number, at: '' });
  }
  return tellingFinding(step, { verdicts, toldAt })?.finding ?? null;
}

test('what is wrong comes before what is only not done yet', () => {
  assert.equal(told(['row-missing', 'another-server', null]), 'another-server');
  assert.equal(told(['row-missing', null, null]), 'row-missing');
});

test('a volume that is wrong comes before what its password shows, whenever that was told', () => {
  assert.equal(told(['another-volume', 'password-taken', null]), 'another-volume');
  assert.equal(told(['another-volume', 'password-taken', null], [1, 7, 3]), 'another-volume');
  assert.equal(told([null, 'password-taken', null]), 'password-taken');
});

test('of what was told at one time the first counts, else the newest', () => {
  assert.equal(told(['another-image', 'another-server', null]), 'another-image');
  assert.equal(told(['another-image', 'another-server', null], [9, 3, 1]), 'another-image');
  assert.equal(told(['another-image', 'another-server', null], [1, 7, 3]), 'another-server');
});

test('what only is to be ended or removed is for the hints of the step: something may go before it', () => {
  for (const finding of ['still-running', 'not-removed'] as const) {
    assert.equal(told([finding, 'never-seen', null]), null);
    assert.equal(told([finding, null, null]), finding, 'nothing is left that may go before it');
    assert.equal(told([finding, 'another-server', null]), 'another-server');
  }
  assert.equal(told(['no-container', 'never-seen', null]), null);
});

test('what happened while nobody watched is told, and is not only waited for', () => {
  assert.equal(told(['never-watched', null, null]), null);
  assert.equal(told(['never-watched', null, null], [1, 2, 3], { past: 'yes' }), 'never-watched');
});

test('a row is to be written before the server that holds it is killed', () => {
  assert.equal(told(['no-recovery', 'row-missing', null]), 'row-missing');
  assert.equal(told(['no-recovery', null, null]), 'no-recovery');
});
