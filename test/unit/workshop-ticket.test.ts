import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  codeOf,
  type Identity,
  identityOf,
  readCode,
  readIdentity,
  shownCode,
} from '../../src/workshop/codes.ts';
import {
  boardFolder,
  forgetOld,
  newTicket,
  openTicket,
  readTickets,
  writeTicket,
} from '../../src/workshop/ticket.ts';

const home = mkdtempSync(join(tmpdir(), 'pglab-ticket-'));
after(() => rmSync(home, { recursive: true }));
const DAY_MS = 86_400_000;

function aTicket(name: string) {
  return newTicket({
    name,
    lab: 'a-lab',
    steps: [],
    seats: 3,
    store: null,
    listen: { host: '', port: 8_750 },
  });
}

describe('a ticket', () => {
  it('is for us alone, and is the open one until it is closed', () => {
    const ticket = aTicket('Docker & more');
    writeTicket(home, ticket);
    assert.equal(statSync(join(home, 'workshops', `${ticket.id}.json`)).mode & 0o777, 0o600);
    assert.deepEqual(openTicket(home), ticket);
    writeTicket(home, { ...ticket, closedAt: new Date().toISOString() });
    assert.equal(openTicket(home), null);
  });

  it('goes seven days after it was closed, with what its board kept; an open one stays', () => {
    const [old, open] = [aTicket('old'), aTicket('open')];
    writeTicket(home, { ...old, closedAt: new Date(Date.now() - 7 * DAY_MS).toISOString() });
    writeTicket(home, open);
    for (const { id } of [old, open]) mkdirSync(boardFolder(home, id));
    forgetOld(home, Date.now() - DAY_MS);
    assert.ok(existsSync(boardFolder(home, old.id)), 'six days are not seven');
    forgetOld(home, Date.now());
    assert.ok(!existsSync(boardFolder(home, old.id)));
    assert.ok(existsSync(boardFolder(home, open.id)));
    assert.ok(!readTickets(home).some(({ id }) => id === old.id));
  });
});

describe('a code', () => {
  const secret = Buffer.alloc(32, 7);

  it('is read as people type it, and as nothing else', () => {
    const code = codeOf(secret, 1, 'spoken');
    assert.equal(readCode(shownCode(code).toLowerCase()), code);
    assert.equal(readCode(' k7qm 2pdo '), 'K7QM2PD0');
    for (const wrong of ['', 'K7QM', 'K7QM-2PDU', 'K7QM-2PDX-1', '../../etc/passwd', 'x'.repeat(1e6)])
      assert.equal(readCode(wrong), null);
  });

  it('is another one for the next group, and for who scans it', () => {
    const codes = [codeOf(secret, 1, 'spoken'), codeOf(secret, 2, 'spoken'), codeOf(secret, 1, 'scanned')];
    assert.equal(new Set(codes.map((code) => code.slice(0, 8))).size, 3);
    assert.deepEqual(
      codes.map(({ length }) => length),
      [8, 8, 26],
    );
  });

  it('has an identity that only its grammar reads', () => {
    const nonce = '0'.repeat(32);
    const wrong = ['join.a.1.other', 'seat.a.1.0.00', 'seat.a.1.1', 'join.A.1.spoken', 'x'.repeat(1e5)];
    const mixed = ['join.a.1', 'seat.a.1', 'assistant.a.1.spoken', `assistant.a.1.1.${nonce}`, 'assistant.a'];
    for (const text of [...wrong, ...mixed, `join.a.1.1.${nonce}`, 'seat.a.1.spoken'])
      assert.equal(readIdentity(text), null, text.slice(0, 30));
    for (const text of ['join.a.1.spoken', `seat.a.1.12.${nonce}`, 'assistant.a.2'])
      assert.equal(identityOf(readIdentity(text) as Identity), text);
  });
});
