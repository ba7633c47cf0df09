/** Sessions of processes that look on, as the process counts them that has the run. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Answer, Target } from '../../src/lab/service.ts';
import type { RunContext } from '../../src/runner/ground/context.ts';
import { counted } from '../../src/runner/hand/own-sessions.ts';
import { toldBeside } from '../../src/runner/hand/sessions-beside.ts';

const folder = mkdtempSync(join(tmpdir(), 'pglab-beside-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A run in this folder, each of whose questions comes out as the next of these causes; null: it is answered. */
function runOf(of: string, causes: (string | null)[]): RunContext {
  const query = async (): Promise<Answer> => {
    const cause = causes.shift() ?? null;
    return cause === null ? { ok: true, rows: [] } : { ok: false, cause, message: '' };
  };
  const refusalOf = (cause: string) => ({ '28P01': 'password', '42P01': 'question' })[cause] ?? null;
  const service = { server: { query, queryInside: query, refusalOf } };
  return { folder: of, lab: { settings: { service } } } as unknown as RunContext;
}

async function asks({ lab }: RunContext, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) await lab.settings.service?.server.query({} as Target, 'select 1');
}

test('what they asked is no visit, whether answered or not; who reached nobody was not there', async () => {
  const ours = counted(runOf(folder, [null]));
  await asks(ours.context, 1);
  assert.deepEqual([ours.own(), ours.refused()], [1, 0]);
  await asks(toldBeside(runOf(folder, [null, '42P01', '28P01', 'ECONNREFUSED'])), 4);
  assert.deepEqual([ours.own(), ours.refused()], [3, 1]);
});

test('it is told before the server can count it', async () => {
  const ours = counted(runOf(folder, []));
  const before = ours.own();
  const beside = toldBeside(runOf(folder, []));
  const asked = asks(beside, 1);
  assert.equal(ours.own(), before + 1);
  await asked;
});

test('who looks on goes on where it cannot be told: a folder that is gone, a link in the file’s place', async () => {
  await asks(toldBeside(runOf(join(folder, 'gone'), [null])), 1);
  const odd = mkdtempSync(join(folder, 'odd-'));
  symlinkSync('/dev/null', join(odd, 'looked-on'));
  await asks(toldBeside(runOf(odd, [null])), 1);
});
