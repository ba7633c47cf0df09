/** What is said of a server that did not answer inside: not there yet, or not there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentInside } from '../../src/checks/silent-inside.ts';
import type { Container } from '../../src/engine/types.ts';
import type { Look } from '../../src/lab/look.ts';
import type { Answer } from '../../src/lab/service.ts';

const READY = 'UTC [1] LOG:  database system is ready to accept connections\n';
const there = { id: 'a'.repeat(64), command: ['postgres'] } as unknown as Container;
const yes: Answer = { ok: true, rows: [['1']] };
const no = (cause: string): Answer => ({ ok: false, cause, message: '' });

async function findingOf(cause: string, log: string, now: Answer): Promise<string | undefined> {
  const look = { engine: { logs: async () => log }, inside: async () => now } as unknown as Look;
  return (await silentInside(look, there, {}, cause)).finding;
}

test('a server that came up after it was asked was only asked too early', async () => {
  const found = `Skipping initialization\n${READY}`;
  assert.equal(await findingOf('ENOENT', found, yes), 'still-initialising');
  assert.equal(await findingOf('ECONNREFUSED', found, no('28P01')), 'still-initialising');
  assert.equal(await findingOf('ENOENT', found, no('ENOENT')), 'no-answer-inside');
  assert.equal(
    await findingOf('failed', found, yes),
    'no-answer-inside',
    'a fault that does not pass by itself',
  );
});

test('a server that recovers is on its way, whatever its log says', async () => {
  assert.equal(await findingOf('57P03', READY, no('57P03')), 'still-initialising');
  const again = `Skipping initialization\n${READY}UTC [1] LOG:  starting PostgreSQL 17.5\n`;
  assert.equal(await findingOf('ENOENT', again, no('ENOENT')), 'still-initialising');
});
