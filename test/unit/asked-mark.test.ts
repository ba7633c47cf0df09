import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../src/engine/types.ts';
import type { Target } from '../../src/lab/service.ts';
import { LABEL } from '../../src/names.ts';
import { postgres } from '../../src/postgres/postgres.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { askMark } from '../../src/runner/judge/asking.ts';

const owner = { run: 'ann', home: 'a1b2', lab: 'postgres-in-docker' };
const OURS = { [LABEL.run]: owner.run, [LABEL.home]: owner.home };

/** A container beside us, with these labels; what its server was asked, and by which way. */
async function asked(labels: Record<string, string>, { answers = true } = {}) {
  const ways: string[] = [];
  const query = async (target: Target) => {
    ways.push(`${target.host}:${target.port}`);
    return answers
      ? { ok: true as const, rows: [['7', '1.5', '*']] }
      : { ok: false as const, cause: '28P01', message: '' };
  };
  const context = {
    ...{ owner, local: true, serverMarks: new Map(), volumePasswords: new Map() },
    ...{ silentAddresses: new Set(), place: { addressOf: () => '172.17.0.2' } },
    lab: { settings: { service: { ...postgres, server: { ...postgres.server, query } } } },
    journal: { standing: { isMadeInRun: () => false, tries: new Map() } },
    engine: {
      async exec() {
        ways.push('inside');
        return { exitCode: 0, stdout: '7\u001f1.5\u001f*\n', stderr: '' };
      },
    },
  } as unknown as RunContext;
  const container = {
    ...{ id: 'c1', startedAt: 'now', labels, mounts: [], addresses: ['172.17.0.2'] },
    env: { PG_MAJOR: '17', POSTGRES_PASSWORD: 'x' },
  } as unknown as Container;
  const marks = [await askMark(context, container), await askMark(context, container)];
  return { ways, marks };
}

const MARK = { ok: true, rows: [['7', '1.5']] };

test('what our own command made tells its mark at its address, once a start', async () => {
  const { ways, marks } = await asked(OURS);
  assert.deepEqual(ways, ['172.17.0.2:5432']);
  assert.deepEqual(marks, [MARK, MARK]);
});

test('any other tells its mark inside alone, where nothing else can answer', async () => {
  for (const labels of [{}, { ...OURS, [LABEL.home]: 'another' }, { ...OURS, [LABEL.run]: 'bob' }])
    assert.deepEqual((await asked(labels)).ways, ['inside']);
});

test('where its address lets us in with no password that we know, it is asked inside', async () => {
  const { ways, marks } = await asked(OURS, { answers: false });
  assert.deepEqual(ways, ['172.17.0.2:5432', 'inside']);
  assert.deepEqual(marks, [MARK, MARK]);
});
