/** Which of a learner's containers is taken for a name: by what their run tells, and how well each fits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../src/engine/types.ts';
import type { JournalEvent } from '../../src/journal/events.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { tooOld, type Wanted } from '../../src/runner/ground/meant.ts';
import { notTaken } from '../../src/runner/ground/not-taken.ts';
import { bestOf, pairsOf } from '../../src/runner/ground/pairs.ts';
import { BEGINS_WITHIN_MS, settledPairs } from '../../src/runner/ground/settled-pairs.ts';
import type { Surroundings } from '../../src/world/fit.ts';
import { containerWith } from '../container-with.ts';
import { linesOf } from '../stories.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const begun = { type: 'run-started', lab: 'l', content: '', pglab: '1', journal: 'j' } as const;
const byHand = (...before: string[]): JournalEvent => ({
  ...{ type: 'step-started', step: 's', values: {}, byHand: { before } },
});
const adopted = (name: string, id: string): JournalEvent => ({
  ...{ type: 'adopted', kind: 'container', name, id, volume: null },
});

function contextOf(...events: JournalEvent[]): RunContext {
  const standing = standingOf(linesOf([begun, byHand(), ...events]));
  const world = { adoptions: () => standing.things.adoptions() };
  const lab = { settings: {} };
  return { journal: { standing }, said: new Set(), world, lab } as unknown as RunContext;
}

/** `at`: the order in which they were made. */
function container(id: string, at: number, more: Partial<Container> = {}): Container {
  return containerWith({ id, name: id, imageId: 'i', created: `2026-01-01T00:00:0${at}Z`, ...more });
}

const around = {
  ...{ image: { id: 'i', major: 18 }, service: undefined, target: '/data', values: { port: 6700 } },
  ...{ foundData: () => 'new', volumeOf: () => null, volumes: new Set<string>() },
} as unknown as Surroundings;

function wanted(name: string, recognition: Wanted['recognition'], more: Partial<Wanted> = {}): Wanted {
  const nothing = { keeps: null, holds: null, isNeededAgain: false, after: null };
  return { name, recognition, before: new Set<string>(), ...nothing, ...more };
}

const PORT = { publishes: { 5432: '{{port}}' } } as const;
const published = {
  bindings: [{ hostIp: '0.0.0.0', hostPort: 6700, containerPort: 5432 }],
} as Partial<Container>;
const takes = (context: RunContext, want: Wanted, containers: Container[]) =>
  bestOf(pairsOf(context, [want], containers, around)).map(({ container: { id } }) => id);

test('what an earlier step was done with stays what it is when it ends, whatever newer tries have ended as well', () => {
  const context = contextOf(adopted('mapped', A), adopted('mapped', B), adopted('mapped', A));
  const ended = { ...published, status: 'exited' as const };
  const both = [container(A, 1, ended), container(B, 2, ended)];
  assert.deepEqual(takes(context, wanted('mapped', PORT, { holds: A, isNeededAgain: true }), both), [A]);
  // In the step itself the newest try counts.
  assert.deepEqual(takes(context, wanted('mapped', PORT), both), [B]);
});

test('one that is newer and runs takes the place of one that ended; none that runs is displaced, and none comes near', () => {
  const context = contextOf(adopted('mapped', A));
  const needed = wanted('mapped', PORT, { holds: A, isNeededAgain: true });
  const ended = container(A, 1, { ...published, status: 'exited' });
  assert.deepEqual(takes(context, needed, [ended, container(B, 2, published)]), [B]);
  assert.deepEqual(takes(context, needed, [container(A, 1, published), container(B, 2, published)]), [A]);
  assert.deepEqual(takes(context, { ...needed, holds: null }, [container(C, 3)]), []);
});

test('what any of the image would be is none that was there when the step was begun; what asks for more may be', () => {
  const before = new Set([A]);
  const first = wanted('doomed', { data: 'new' }, { before });
  const context = contextOf(adopted('quiet', A));
  assert.deepEqual(takes(context, first, [container(A, 1)]), []);
  assert.deepEqual(takes(context, first, [container(A, 1), container(B, 2)]), [B]);
  assert.deepEqual(takes(context, wanted('mapped', PORT, { before }), [container(A, 1, published)]), [A]);
});

test('what was a try before the step was begun, and ended, is none at it until it runs again', () => {
  const context = contextOf(adopted('foreground', A), adopted('foreground', B));
  const quiet = wanted('quiet', { publishes: {} }, { before: new Set([A, B]) });
  assert.deepEqual(takes(context, quiet, [container(A, 1, { status: 'exited' })]), []);
  assert.deepEqual(takes(context, quiet, [container(A, 1)]), [A]);
  const begunAnew = contextOf(adopted('quiet', A), byHand(A), adopted('quiet', B));
  assert.deepEqual(
    takes(begunAnew, { ...quiet, before: new Set([A]) }, [container(A, 1, { status: 'exited' })]),
    [],
  );
  const taken = contextOf(adopted('quiet', A));
  assert.deepEqual(takes(taken, quiet, [container(A, 1, { status: 'exited' })]), [A]);
  // Made after the text was read, and in no earlier step: that is a try, and the screen says what became of it.
  const read = { ...quiet, before: new Set([A, B, C]) };
  assert.deepEqual(takes(context, read, [container(C, 3, { status: 'exited' })]), [C]);
});

test('a new one is none that is older than the one before it, or than the step; that is told', () => {
  const second = wanted('successor', { data: 'new', after: 'doomed' }, { before: new Set([A]) });
  const after = { ...second, after: container(B, 2).created };
  const all = [container(A, 1), container(B, 2), container(C, 3)];
  assert.deepEqual(takes(contextOf(), after, all), [C]);
  assert.deepEqual(takes(contextOf(), second, [container(A, 1)]), []);
  assert.deepEqual(
    tooOld(contextOf(), after, all, around).map(({ id }) => id),
    [A, B],
  );
});

test('of a command that was pasted twice, the one that found its port taken is told as never started', async () => {
  const context = Object.assign(contextOf(), { told: new Set<string>() });
  const port = wanted('mapped', PORT);
  const unstarted = { requested: published.bindings, status: 'created', error: 'port is already allocated' };
  const said = async (second: Partial<Container>) => {
    context.told.clear();
    const pairs = pairsOf(context, [port], [container(A, 1, published), container(B, 2, second)], around);
    const notes: string[] = [];
    for await (const event of notTaken(context, bestOf(pairs), pairs))
      notes.push(event.type === 'noted' ? event.note : event.type);
    return notes;
  };
  assert.deepEqual(await said(unstarted as Partial<Container>), ['newer-never-started']);
  assert.deepEqual(await said({ ...published, status: 'exited' }), ['newer-does-not-run']);
});

test('what was made a moment ago is taken for nothing until it has started, was refused, or has long not started', async () => {
  const names = [wanted('first', { password: 'none', ended: true }), wanted('second', { ended: true })];
  const takesOf = async (made: Partial<Container>, ...events: JournalEvent[]) => {
    const context = contextOf(adopted('first', A), ...events);
    const containers = [container(A, 1, { status: 'exited' }), container(B, 2, made)];
    const pairs = await settledPairs(context, names, containers, pairsOf(context, names, containers, around));
    return bestOf(pairs).map(({ wanted: { name }, container: { id } }) => `${name} ${id[0]}`);
  };
  const since = (ms: number) => new Date(Date.now() - ms).toISOString();
  const made = { status: 'created', error: '', created: since(100) } as const;
  assert.deepEqual(await takesOf(made), ['first a']);
  assert.deepEqual(await takesOf({ ...made, status: 'running' }), ['first b', 'second a']);
  assert.deepEqual(await takesOf({ ...made, error: 'port is already allocated' }), ['first a', 'second b']);
  assert.deepEqual(await takesOf({ ...made, created: since(2 * BEGINS_WITHIN_MS) }), ['first a', 'second b']);
  assert.deepEqual(await takesOf(made, adopted('second', B)), ['first a', 'second b']);
});
