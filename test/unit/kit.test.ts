/** What a lab's own checks are written with: a running container, a published port, and only declared findings. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Container } from '../../src/engine/types.ts';
import {
  defineCheck,
  met,
  NOT_PUBLISHED,
  NOT_RUNNING,
  notMet,
  onPublished,
  onRunning,
  onStarted,
  ownKey,
} from '../../src/kit.ts';
import type { Look } from '../../src/lab/look.ts';
import type { Check, Step } from '../../src/lab/model.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { judgeStanding } from '../../src/runner/judge/judge.ts';
import { Trouble } from '../../src/trouble.ts';
import { containerWith } from '../container-with.ts';

const EVIDENCE = 'docker ps';

/** A world of this one container, on an engine that has nothing to add. */
function lookAt(there: Container | null): Look {
  return {
    container: async () => there,
    formerId: () => null,
    otherEngine: async () => null,
    values: { port: 6700 },
    engine: { logs: async () => '', lastExit: async () => null, container: async () => there },
  } as unknown as Look;
}

async function findingOf(judge: Check['judge'], there: Container | null) {
  const { outcome, finding } = await judge(lookAt(there));
  return finding ?? outcome;
}

describe('onRunning, onStarted and onPublished', () => {
  const yes = () => met({}, EVIDENCE);

  test('judge what is there, and say why it is not', async () => {
    const created = containerWith({ status: 'created' });
    const exited = containerWith({ status: 'exited', exitCode: 3 });
    assert.equal(await findingOf(onRunning('it', yes), containerWith()), 'met');
    assert.equal(await findingOf(onRunning('it', yes), null), 'no-container');
    assert.equal(await findingOf(onRunning('it', yes), created), 'container-created');
    assert.equal(await findingOf(onRunning('it', yes), exited), 'container-exited');
    assert.equal(await findingOf(onStarted('it', yes), exited), 'met');
    assert.equal(await findingOf(onStarted('it', yes), created), 'container-created');
  });

  test('tell of one that was paused, or went, while it was judged that alone', async () => {
    const silent = () => notMet('no-answer', {}, EVIDENCE);
    const broken = () => {
      throw new Trouble('query-slow', { seconds: 20 });
    };
    const nowIs = (now: Container | null): Look => ({
      ...lookAt(containerWith()),
      engine: { ...lookAt(now).engine },
    });
    for (const judge of [silent, broken]) {
      const found = async (now: Container | null) => (await onRunning('it', judge)(nowIs(now))).finding;
      assert.equal(await found(containerWith({ status: 'paused' })), 'container-paused');
      assert.equal(await found(null), 'no-container');
    }
    assert.equal(await findingOf(onRunning('it', silent), containerWith()), 'no-answer');
    await assert.rejects(async () => onRunning('it', broken)(lookAt(containerWith())), {
      code: 'query-slow',
    });
  });

  test('tell the port that leads to the server, and where it leads else', async () => {
    const bound = (containerPort: number, hostIp = '0.0.0.0') =>
      containerWith({ bindings: [{ containerPort, hostIp, hostPort: 6701 }] });
    const judge = onPublished('it', (_look, _container, port) => met({ port }, EVIDENCE));
    assert.equal((await judge(lookAt(bound(5432)))).values.port, 6701);
    assert.equal(await findingOf(judge, containerWith()), 'port-not-published');
    assert.equal(await findingOf(judge, bound(80)), 'other-container-port');
    assert.equal(await findingOf(judge, bound(5432, '::')), 'only-ipv6');
    assert.equal(await findingOf(judge, null), 'no-container');
  });

  test('give no finding that they do not declare', async () => {
    const judge = onPublished('it', yes);
    const states = ['created', 'paused', 'restarting', 'exited', 'dead', 'running'] as const;
    for (const status of states) {
      const found = await findingOf(judge, containerWith({ status }));
      assert.ok((NOT_PUBLISHED as readonly string[]).includes(found), found);
    }
    for (const finding of NOT_RUNNING) assert.ok(NOT_PUBLISHED.includes(finding));
  });
});

describe('a check', () => {
  const check = (finding: string, finds: Check['finds']): Check => ({
    id: 'own',
    kind: ownKey('own-kind'),
    says: [],
    finds,
    judge: async () => notMet(ownKey(finding), { name: 'it' }, EVIDENCE),
  });
  const judged = (each: Check) => {
    const step: Step = { id: 'step', commands: [], checks: [each] };
    return judgeStanding({} as RunContext, step, each, {} as Look);
  };

  test('is judged by the findings that it declares', async () => {
    const { outcome, finding } = await judged(check('too-few', [ownKey('too-few')]));
    assert.deepEqual([outcome, finding], ['not-met', 'too-few']);
  });

  test('cannot be told where it gives another one, or declares none: the lab is broken', async () => {
    const { outcome, finding, values } = await judged(check('too-few', [ownKey('too-many')]));
    assert.deepEqual([outcome, finding], ['unknown', 'lab-broken']);
    assert.match(String(values.why), /own.*too-few/);
    const careless = check('too-few', undefined as unknown as Check['finds']);
    assert.equal((await judged(careless)).finding, 'lab-broken');
  });

  test('cannot be told where its finding lacks a value that its sentences count on', async () => {
    const own = check('too-few', [ownKey('too-few')]);
    const told = await judged({ ...own, tells: { 'too-few': ['name', 'limit'] }, about: { limit: 3 } });
    assert.deepEqual([told.outcome, told.finding], ['not-met', 'too-few']);
    const { outcome, finding, values } = await judged({ ...own, tells: { 'too-few': ['name', 'rows'] } });
    assert.deepEqual([outcome, finding], ['unknown', 'lab-broken']);
    assert.match(String(values.why), /own.*too-few.*"rows"/);
  });

  test('is refused by the compiler where it names a finding of ours that it does not declare', () => {
    const declared = { id: 'own', kind: ownKey('own-kind'), says: [], finds: ['no-address'] } as const;
    // @ts-expect-error: it declares no-address alone.
    const ill = defineCheck({ ...declared, judge: async () => notMet('row-missing', {}, EVIDENCE) });
    // @ts-expect-error: nor does it declare why a container does not run.
    const blind = defineCheck({ ...declared, judge: onRunning('it', () => met({}, EVIDENCE)) });
    const right = defineCheck({ ...declared, judge: async () => notMet('no-address', {}, EVIDENCE) });
    for (const each of [ill, blind, right]) assert.deepEqual(each.finds, ['no-address']);
  });
});
