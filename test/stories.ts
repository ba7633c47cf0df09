/** Stories that a journal may tell, likely and unlikely ones, for tests of what is folded from its lines. */
import fc from 'fast-check';
import type { JournalEvent, JournalLine } from '../src/journal/events.ts';
import { defineStep } from '../src/lab/model.ts';

const COMMANDS = [
  { article: null, run: 'x', creates: 'quiet', proves: ['c'] },
  { article: null, run: 'x', createsVolume: 'keeper', exits: [1] },
  { article: null, run: 'x', removes: 'quiet', during: ['d'] },
];
export const STEPS = ['one', 'two', 'three'].map((id) => defineStep({ id, commands: COMMANDS, checks: [] }));
export const IDS = STEPS.map(({ id }) => id);
export const NAMES = ['quiet', 'keeper'];
export const CHECKS = ['c', 'd'];
export const KINDS = ['container', 'volume'] as const;

const step = fc.constantFrom(...IDS);
const name = fc.constantFrom(...NAMES);
const id = fc.constantFrom('f'.repeat(64), 'e'.repeat(64));
const index = fc.nat(3);
const values = fc.dictionary(fc.constantFrom('port', 'quiet.id'), fc.nat(9), { maxKeys: 2 });
const judgedAs = fc.constantFrom('met' as const, 'not-met' as const, 'unknown' as const);
const outcome = fc.constantFrom('met' as const, 'not-met' as const, 'unknown' as const, 'skipped' as const);
const some = (words: string[]) => fc.subarray(words, { minLength: 1 });
const type = <T extends JournalLine['type']>(word: T) => fc.constant(word);
const ended = { step, outcome, reason: fc.constantFrom(null, 'one-major'), durationMs: fc.nat(99), values };
const thing = { kind: fc.constantFrom(...KINDS), name, id, volume: fc.constant(null) };
const check = fc.record({
  id: fc.constantFrom(...CHECKS),
  kind: fc.constant('k'),
  outcome: judgedAs,
  values,
  finding: fc.constant(null),
  note: fc.constant(null),
  evidence: fc.constant(''),
});

/** Any event that says something of how a run stands, and the gap that a reader finds. */
const event: fc.Arbitrary<JournalEvent | { type: 'lines-lost' }> = fc.oneof(
  { arbitrary: fc.record({ type: type('step-started'), step, values }), weight: 3 },
  fc.record({
    type: type('step-started'),
    step,
    values,
    byHand: fc.record({ before: fc.array(id, { maxLength: 1 }) }),
  }),
  fc.record({ type: type('step-resumed'), step, index, values }),
  fc.record({ type: type('begun-anew'), step }),
  fc.record({ type: type('checking'), step, values }),
  fc.record({ type: type('predicted'), step, answer: fc.nat(2), right: fc.boolean() }),
  fc.record({
    type: type('chosen'),
    name: fc.constantFrom('port', 'c.port'),
    value: fc.nat(9),
    wanted: index,
  }),
  {
    arbitrary: fc
      // `y`: of a lab that had another command there.
      .tuple(step, index, fc.constantFrom('x', 'x', 'y'))
      .map(([of, at, ran]) => ({ type: 'command-started' as const, step: of, index: at, ...SHOWN, ran })),
    weight: 3,
  },
  { arbitrary: fc.tuple(step, index).map(([of, at]) => endOf(of, at)), weight: 3 },
  {
    arbitrary: fc.record({ type: type('made'), ...thing }).map((each) => ({ ...each, ...NOT_TOLD })),
    weight: 2,
  },
  fc.record({ type: type('adopted'), ...thing, near: fc.boolean() }),
  fc.record({ type: type('removed'), kind: fc.constantFrom(...KINDS), name, id }),
  fc.record({ type: type('watched'), step, check: fc.constantFrom(...CHECKS), values }),
  { arbitrary: fc.record({ type: type('judged'), step, check }), weight: 4 },
  { arbitrary: fc.record({ type: type('step-ended'), ...ended }), weight: 2 },
  fc.record({ type: type('checked'), ...ended }),
  fc.record({ type: type('hinted'), step, level: index }),
  fc.record({ type: type('skipped'), step, reason: fc.constantFrom(null, 'no room') }),
  fc.record({ type: type('unskipped'), step, reason: fc.constant(null) }),
  fc.record({
    type: type('image-pinned'),
    image: fc.record({ ref: id, id, postgresMajor: fc.constant(17) }),
    how: fc.constantFrom('local', 'pulled', 'built'),
  }),
  fc.record({ type: type('reset-begun'), planned: index }),
  fc.record({ type: type('reset-begun'), planned: index, steps: some(IDS) }),
  fc.record({ type: type('steps-reset'), steps: some(IDS), names: fc.subarray([...NAMES, 'port']) }),
  fc.constant({ type: 'lines-lost' as const }),
);
const NOT_TOLD = { image: null, ports: [], networks: [], mounts: [] };
const STAMP = { v: 3, at: '', participant: 'me', run: 'r', lab: 'l' };
const SHOWN = { ran: 'x', shown: 'x', creates: null };

/** Each command has its one way to end: the second as it should with 1, the last of all not as it should. */
function endOf(of: string, at: number) {
  const told = { ran: 'x', exitCode: [0, 1, 0, 1][at] as number, durationMs: 5, output: '' };
  return { type: 'command-ended' as const, step: of, index: at, key: at < 2 ? `key-${at}` : null, ...told };
}

/** What is told of a command, more or less: so that most runs have something to go on with. */
const command = fc
  .tuple(step, index, check, fc.nat(40))
  .chain(([of, at, seen, lot]) =>
    fc.subarray<JournalEvent>([
      ...(lot < 20 ? [{ type: 'step-started' as const, step: of, values: {} }] : []),
      { type: 'command-started', step: of, index: at, ...SHOWN },
      endOf(of, at),
      { type: 'made', kind: 'container', name: 'quiet', id: 'f', volume: null, ...NOT_TOLD },
      { type: 'removed', kind: 'container', name: 'quiet', id: 'f' },
      { type: 'judged', step: of, check: { ...seen, id: at === 0 ? 'c' : 'd' } },
    ]),
  );

/** A story of any events, and of commands among them. */
export function story(maxLength: number): fc.Arbitrary<JournalLine[]> {
  const part = fc.oneof(
    event.map((each) => [each]),
    command,
  );
  return fc.array(part, { maxLength, size: 'max' }).map((parts) => linesOf(parts.flat()));
}

export function linesOf(events: readonly (JournalEvent | { type: 'lines-lost' })[]): JournalLine[] {
  return events.map((each, at) => ({ ...STAMP, seq: at + 1, ...each }));
}
