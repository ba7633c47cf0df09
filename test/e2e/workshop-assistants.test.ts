/** Who assists watches a board from another machine: by the instructor's word alone, and without changing anything. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assistantKey, codeOf } from '../../src/workshop/codes.ts';
import { BoardLink, NoAnswer } from '../../src/workshop/seat/board-link.ts';
import { unharmed } from './attackers.ts';
import { CLI, ended, NOT_HERE } from './lab.ts';
import { openedRoom, type RoomOfTest } from './room-of-test.ts';

describe('who assists', () => {
  let room: RoomOfTest;
  const elsewhere = mkdtempSync(join(tmpdir(), 'pglab-assistant-'));
  const pglab = (...words: string[]) =>
    ended(process.execPath, [CLI, ...words], {
      ...process.env,
      ...{ PGLAB_HOME: elsewhere, LANG: 'C.UTF-8', DOCKER_HOST: NOT_HERE },
    });
  const address = () => `127.0.0.1:${room.port}`;
  const code = (epoch = 1) => codeOf(Buffer.from(room.ticket.secret, 'hex'), epoch, 'assistant');
  const watch = (...words: string[]) => pglab('workshop', 'board', ...words, '--once', '--format', 'json');

  before(async () => {
    room = await openedRoom('Assisted', { seats: 9, writers: 3 });
  });
  after(async () => {
    await room.end();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('is not let in before the instructor has said so', async () => {
    const { code: exit, stderr } = await watch(address(), code());
    assert.equal(exit, 2, stderr);
    assert.match(stderr, /does not take this code/);
  });

  it('sees what the instructor sees, from the word on and without a restart', async () => {
    const pid = room.pid();
    const opened = await room.pglab('workshop', 'open', '--assistants', '--format', 'json');
    assert.equal(opened.code, 0, opened.stderr);
    assert.equal(room.pid(), pid);
    const line: string = JSON.parse(opened.stdout).workshop.assist;
    assert.equal(line, `pglab workshop board ${address()} ${code()}`);
    const own = JSON.parse((await room.pglab('workshop', 'board', '--once', '--format', 'json')).stdout);
    const theirs = await watch(...line.split(' ').slice(3));
    assert.equal(theirs.code, 0, theirs.stderr);
    const { workshop } = JSON.parse(theirs.stdout);
    const names = (board: { seats: { seat: number; name: string }[] }) =>
      board.seats.map(({ seat, name }) => [seat, name]);
    assert.equal(names(workshop).length, 3);
    assert.deepEqual(names(workshop), names(own.workshop));
    const text = await pglab('workshop', 'board', address(), code(), '--once');
    assert.equal(text.code, 0, text.stderr);
    for (const [, name] of names(workshop)) assert.ok(text.stdout.includes(String(name)), text.stdout);
  });

  it('changes nothing, and is told no secret', async () => {
    const identity = { is: 'assistant', workshop: room.ticket.id, epoch: 1 } as const;
    const key = assistantKey(code(), room.ticket.id, 1);
    const link = new BoardLink({ host: '127.0.0.1', port: room.port, credentials: { identity, key } });
    const asked = [
      ['POST', '/api/1/acts', { act: 'lock' }],
      ['POST', '/api/1/seats', {}],
      ['GET', '/api/1/seats/1/wire?courier=0123456789abcdef', undefined],
      ['POST', '/api/1/end', {}],
      ['GET', '/api/1/board?x', undefined],
    ] as const;
    for (const [method, path, body] of asked)
      assert.equal((await link.ask(method, path, body)).status, 403, path);
    const { body } = await link.ask('GET', '/api/1/board');
    assert.equal(JSON.stringify(body).includes(room.ticket.secret), false);
    link.close();
    assert.equal((await room.standing()).locked, false);
    await unharmed(room);
  });

  it('needs the code of this workshop and group', async () => {
    const last = code().endsWith('0') ? '1' : '0';
    assert.equal((await watch(address(), code().slice(0, -1) + last)).code, 2);
    for (const wrong of [room.code('spoken'), 'K7QM-2PDX', 'x'])
      assert.equal((await watch(address(), wrong)).code, 64, wrong);
    const scanned = await watch(address(), room.code('scanned'));
    assert.equal(scanned.code, 2, scanned.stderr);
    const identity = { is: 'assistant', workshop: room.ticket.id, epoch: 2 } as const;
    const key = assistantKey(code(2), room.ticket.id, 2);
    const next = new BoardLink({ host: '127.0.0.1', port: room.port, credentials: { identity, key } });
    await assert.rejects(next.ask('GET', '/api/1/board'), NoAnswer);
    next.close();
  });
});
