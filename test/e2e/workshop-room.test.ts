/** What an instructor's verbs do to the room while it is open: more seats, another address, empty seats, and its end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets } from '../../src/workshop/ticket.ts';
import { freePort } from '../free-port.ts';
import { lineToJoin, newNonce } from '../seat-of-test.ts';
import { CLI, ended } from './lab.ts';

const home = mkdtempSync(join(tmpdir(), 'pglab-room-'));
after(async () => {
  await workshop('close', '--wait', '0');
  rmSync(home, { recursive: true, force: true });
});

function workshop(...words: string[]) {
  const env = { ...process.env, PGLAB_HOME: home, LANG: 'C.UTF-8' };
  return ended(process.execPath, [CLI, 'workshop', ...words], env);
}

/** How many seats there may be now, at which port, and how many have joined. */
async function openedAnew(...words: string[]): Promise<[number, number, number]> {
  const { stdout } = await workshop('open', ...words, '--format', 'json');
  const { seats, address, all } = JSON.parse(stdout).workshop;
  return [seats, Number(address.split(':')[1]), all];
}

/** Somebody joins, and never comes. Returns the status, and why where it was refused. */
async function taken(): Promise<[number, string | undefined]> {
  const [ticket] = readTickets(home);
  assert.ok(ticket);
  const { id, secret, listen } = ticket;
  const line = await lineToJoin(listen.port, codeOf(Buffer.from(secret, 'hex'), 1, 'spoken'), id);
  const asked = { nonce: newNonce(), pglab: '0.2.0', name: null, seat: null, managed: false };
  const { status, body } = await line.say('POST', '/api/1/seats', asked);
  line.end();
  return [status, body.refused];
}

it('a full room gets seats while its board runs, at another address too, and keeps those it has', async () => {
  const ports = [await freePort(), await freePort()] as const;
  const opened = await workshop('open', 'Room', '--seats', '2', '--listen', `127.0.0.1:${ports[0]}`);
  assert.equal(opened.code, 0, opened.stderr);
  assert.deepEqual([(await taken())[0], (await taken())[0], await taken()], [200, 200, [403, 'full']]);
  assert.match((await workshop()).stdout, /All 2 seats are taken/);
  assert.deepEqual(await openedAnew('--seats', '4'), [4, ports[0], 2]);
  assert.equal((await taken())[0], 200);
  assert.deepEqual(await openedAnew('--listen', `127.0.0.1:${ports[1]}`), [4, ports[1], 3]);
  assert.equal((await taken())[0], 200);
});

it('a seat that was taken a moment ago may still be somebody’s', async () => {
  const refused = await workshop('remove', 'empty');
  assert.equal(refused.code, 64);
  assert.match(refused.stderr, /There is no empty seat/);
});

it('a workshop that is closed is told as that, with the day on which it goes', async () => {
  await workshop('close', '--wait', '0');
  const { code, stdout } = await workshop();
  assert.equal(code, 0);
  const closedAt = Date.parse(readTickets(home)[0]?.closedAt ?? '');
  const goes = new Date(closedAt + 7 * 24 * 3_600_000).toISOString().slice(0, 10);
  assert.match(stdout, new RegExp(`“Room” is closed, .* ${goes}\\.`));
});
