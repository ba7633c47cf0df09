/** Checks of a lab from elsewhere whose code is careless: each is told as that check's fault, and nothing waits for ever. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Look } from '../../src/lab/look.ts';
import type { Check, Step } from '../../src/lab/model.ts';
import { heldToVerdicts } from '../../src/lab/outside-check.ts';
import { met } from '../../src/lab/verdict.ts';
import { Cancelled, Trouble } from '../../src/trouble.ts';

const LOOK = {} as Look;

/** The check of a step whose judge is this. */
function checkThat(judge: unknown, more: Partial<Check> = {}): Check {
  const check = { id: 'said', kind: 'lab:said', says: [], finds: [], judge, ...more } as unknown as Check;
  const step = { id: 'hello', commands: [], checks: [check] } as unknown as Step;
  return heldToVerdicts(step, '01-hello.js', 50).checks[0] as Check;
}

async function whyOf(asked: Promise<unknown> | undefined): Promise<string> {
  const error = await asked?.then(
    () => null,
    (thrown) => thrown,
  );
  assert.ok(error instanceof Trouble, String(error));
  assert.deepEqual([error.code, error.values.file], ['lab-broken', '01-hello.js']);
  return String(error.values.why);
}

describe('a check of a lab from elsewhere', () => {
  test('that answers a verdict is left as it is', async () => {
    const verdict = met({ words: 'hello', times: 2 }, 'echo hello');
    assert.equal(await checkThat(async () => verdict).judge(LOOK), verdict);
  });

  test('is called as the method that it is', async () => {
    const check = checkThat(async function (this: Check) {
      return met({ id: this.id }, '');
    });
    assert.deepEqual((await check.judge(LOOK)).values, { id: 'said' });
  });

  for (const [what, judge, why] of [
    ['throws', () => assert.fail('no such thing'), /throws: no such thing$/],
    ['throws nothing at all', () => Promise.reject(), /throws: undefined$/],
    ['throws at length', () => Promise.reject(new Error('x'.repeat(9_000))), /^.{400,500}$/],
    ['never answers', () => new Promise(() => {}), /does not answer within 0\.05 seconds$/],
    ['answers nothing', async () => {}, /answers no verdict: it must be Verdict$/],
    ['answers with a word', async () => 'met', /answers no verdict: it must be Verdict$/],
    [
      'answers without waiting',
      () => ({ outcome: 'fine' }),
      /outcome must be 'met' \| 'not-met' \| 'unknown'$/,
    ],
    [
      'answers with a value of no kind',
      async () => ({ outcome: 'met', values: { at: new Date() }, evidence: '' }),
      /values\.at must be string \| number$/,
    ],
    ['answers without evidence', async () => ({ outcome: 'met', values: {} }), /evidence must be string$/],
  ] as const) {
    test(`that ${what} is told`, async () => {
      const told = await whyOf(checkThat(judge).judge(LOOK));
      assert.match(told, /^the check said /);
      assert.match(told, why);
    });
  }

  test('that meets trouble, or is cancelled, tells just that', async () => {
    for (const error of [new Trouble('lab-missing'), new Cancelled()])
      await assert.rejects(checkThat(() => Promise.reject(error)).judge(LOOK), error);
  });

  test('that watches is held to the same', async () => {
    const watching = (watch: unknown) => checkThat(null, { watch } as Partial<Check>).watch?.(LOOK);
    assert.equal(await watching(async () => null), null);
    assert.match(await whyOf(watching(() => Promise.reject(new Error('blind')))), /throws: blind$/);
    const end = await watching(async () => () => Promise.reject(new Error('lost')));
    assert.match(await whyOf(end?.()), /throws: lost$/);
  });
});
