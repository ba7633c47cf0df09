/** What an instructor and a seat say by their verbs: a real board, one real seat, no engine. */
import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { BoardView } from '../../src/workshop/board-schema.ts';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { freePort } from '../free-port.ts';
import { CLI, ended, NOT_HERE } from './lab.ts';

const root = mkdtempSync(join(tmpdir(), 'pglab-verbs-'));
const [teacher, seat] = [join(root, 'teacher'), join(root, 'seat')];
after(async () => {
  await workshop(teacher, 'close', '--wait', '0');
  rmSync(root, { recursive: true, force: true });
});

async function workshop(home: string, ...words: string[]): Promise<string> {
  const env = { ...process.env, PGLAB_HOME: home, LANG: 'C.UTF-8', DOCKER_HOST: NOT_HERE };
  const { code, stdout, stderr } = await ended(process.execPath, [CLI, 'workshop', ...words], env);
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
  return stdout;
}

/** The board, once it shows that. */
async function board(shows: (board: BoardView) => unknown): Promise<BoardView> {
  for (let tries = 0; ; tries += 1) {
    const told: BoardView = JSON.parse(
      await workshop(teacher, 'board', '--once', '--format', 'json'),
    ).workshop;
    if (shows(told)) return told;
    assert.ok(tries < 60, JSON.stringify(told));
    await delay(300);
  }
}

/** What the seat is told, once it has that. */
async function heard(words: RegExp): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const told = await workshop(seat);
    if (words.test(told)) return;
    assert.ok(tries < 60, told);
    await delay(300);
  }
}

it('a hand goes up, is taken, and down again by either; what left the machine can be read there', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await workshop(teacher, 'open', 'Verbs', '--listen', address);
  const [{ secret }] = readTickets(teacher) as [Ticket];
  const code = codeOf(Buffer.from(secret, 'hex'), 1, 'spoken');
  await workshop(seat, 'join', address, code, '--name', 'Ada');
  await workshop(seat, 'hand', 'which side is which?');
  const asked = await board(({ seats: [one] }) => one?.hand);
  assert.deepEqual([asked.needsYou, asked.seats[0]?.hand?.text], [[1], 'which side is which?']);
  await workshop(teacher, 'take', '1');
  assert.notEqual((await board(({ seats: [one] }) => one?.hand?.takenBy !== null)).seats[0]?.hand, null);
  await workshop(teacher, 'done', '1');
  assert.deepEqual((await board(({ seats: [one] }) => one?.hand === null)).needsYou, []);
  await workshop(seat, 'hand');
  await board(({ seats: [one] }) => one?.hand);
  await workshop(seat, 'hand', '--down');
  await board(({ seats: [one] }) => one?.hand === null);
  const sent = await workshop(seat, 'sent');
  assert.match(sent, /which side is which\?/);
  assert.doesNotMatch(sent, new RegExp(root));
});

it('what the instructor says, where the group is, a new name: the seat is told, and the board shows it', async () => {
  await workshop(teacher, 'say', 'Five minutes');
  await heard(/Five minutes/);
  await workshop(teacher, 'rename', '1', 'Grace');
  assert.equal((await board(({ seats: [one] }) => one?.name === 'Grace')).seats.length, 1);
  await workshop(teacher, 'pace', 'image');
  await workshop(teacher, 'lock');
  assert.equal(JSON.parse(await workshop(teacher, '--format', 'json')).workshop.locked, true);
  await workshop(teacher, 'unlock');
  assert.equal(JSON.parse(await workshop(teacher, '--format', 'json')).workshop.locked, false);
  await workshop(teacher, 'pace', 'open');
});

it('a seat that is removed is on no board any more, and its courier ends', async () => {
  await workshop(teacher, 'remove', '1');
  await board(({ seats }) => seats.length === 0);
  const lock = join(seat, 'workshop/courier/lock');
  for (let tries = 0; lstatSync(lock, { throwIfNoEntry: false }); tries += 1) {
    assert.ok(tries < 100, 'it goes on');
    await delay(100);
  }
});
