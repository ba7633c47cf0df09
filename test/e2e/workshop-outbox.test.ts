/** A seat whose laptop reaches nobody: what it has is carried to the board in a file. Real verbs, a real board, no network between. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { freePort } from '../free-port.ts';
import { CLI, type Ended, ended, readResult } from './lab.ts';

const root = mkdtempSync(join(tmpdir(), 'pglab-outbox-'));
const [teacher, seat, leaver] = [join(root, 'teacher'), join(root, 'seat'), join(root, 'leaver')];

function pglab(home: string, ...words: string[]): Promise<Ended> {
  const env = {
    ...process.env,
    PGLAB_HOME: home,
    LANG: 'C.UTF-8',
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  };
  return ended(process.execPath, [CLI, ...words], env);
}

async function done(home: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await pglab(home, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** The process that is the courier of this home: it is started by the join, and takes a moment. */
async function courierOf(home: string): Promise<number> {
  const lock = join(home, 'workshop/courier/lock');
  while (!lstatSync(lock, { throwIfNoEntry: false })) await delay(20);
  return Number(readlinkSync(lock).split(' ')[0]);
}

/** The seat's courier ends, and each later one looks for the board where nobody is. */
async function cutOff(): Promise<void> {
  process.kill(await courierOf(seat), 'SIGKILL');
  leadTo(seat, ['127.0.0.1:1']);
}

/** Where a home's verbs look for the board from now on; a courier that is under way begins anew. */
function leadTo(home: string, addresses: string[]): void {
  const file = join(home, 'workshop/seat.json');
  const told = JSON.parse(readFileSync(file, 'utf8'));
  told.now.addresses = addresses;
  writeFileSync(file, JSON.stringify(told), { mode: 0o600 });
}

async function seatOnBoard() {
  const { workshop } = readResult(await pglab(teacher, 'workshop', 'board', '--once', '--format', 'json'));
  const [told] = (workshop as { seats: { seat: number; state: string; hand: { text: string } | null }[] })
    .seats;
  return told;
}

describe('a seat that no network reaches', () => {
  let ticket: Ticket;
  let file = '';
  let address = '';

  before(async () => {
    await done(teacher, 'workshop', 'open', 'Apart', '--listen', `127.0.0.1:${await freePort()}`);
    [ticket] = readTickets(teacher) as [Ticket];
    address = `127.0.0.1:${ticket.listen.port}`;
    const code = codeOf(Buffer.from(ticket.secret, 'hex'), 1, 'spoken');
    await done(seat, 'workshop', 'join', address, code, '--name', 'Ada');
    await done(leaver, 'workshop', 'join', address, code, '--name', 'Bo');
    await cutOff();
    await done(seat, 'workshop', 'hand', 'which side?');
    await done(seat, 'workshop', 'export', join(root, 'stick'));
    [file = ''] = readdirSync(join(root, 'stick')).map((name) => join(root, 'stick', name));
  });
  after(async () => {
    await pglab(seat, 'workshop', 'leave', '--forget');
    await pglab(teacher, 'workshop', 'close', '--wait', '0');
    rmSync(root, { recursive: true, force: true });
  });

  test('has its lines on the board once they are brought, and is not here for that', async () => {
    assert.equal((await seatOnBoard())?.hand, null);
    await done(teacher, 'workshop', 'import', file);
    const told = await seatOnBoard();
    assert.equal(told?.hand?.text, 'which side?');
    const again = readResult(await pglab(teacher, 'workshop', 'import', file, '--format', 'json'));
    assert.equal((again.workshop as { lines: number }).lines, 0, 'brought again, they are there once');
  });

  test('brings nothing of another’s, and nothing that was changed', async () => {
    const wrong: Record<string, string> = {
      changed: readFileSync(file, 'utf8').replace('which side?', 'all is well'),
      empty: '',
      'another file': '{"outbox":"{}","seal":"00"}',
      'a seal of nobody': readFileSync(file, 'utf8').replace(/"seal":"[0-9a-f]{4}/, '"seal":"0000'),
      'another seat': readFileSync(file, 'utf8').replace(/\\"seat\\":1\b/, '\\"seat\\":2'),
    };
    for (const [what, text] of Object.entries(wrong)) {
      assert.notEqual(text, readFileSync(file, 'utf8'), what);
      const bad = join(root, 'bad.json');
      writeFileSync(bad, text);
      const { code, stderr } = await pglab(teacher, 'workshop', 'import', bad);
      assert.deepEqual([code, /was not written by a seat/.test(stderr)], [2, true], `${what}: ${stderr}`);
    }
    const { code, stderr } = await pglab(teacher, 'workshop', 'import', root);
    assert.equal(code, 2, stderr);
    assert.equal((await pglab(teacher, 'workshop', 'import')).code, 64);
    assert.equal((await seatOnBoard())?.hand?.text, 'which side?');
  });

  test('and who leaves sends nothing from then on: what carried it has ended, and what is to be forgotten is gone', async () => {
    await courierOf(leaver);
    const couriers: string[][] = [];
    const watch = createServer((socket) => {
      couriers.push(readdirSync(join(leaver, 'workshop/courier')));
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(watch, 'listening');
    leadTo(leaver, [`127.0.0.1:${(watch.address() as AddressInfo).port}`, address]);
    await done(leaver, 'workshop', 'leave');
    watch.close();
    assert.deepEqual(couriers, [[]], 'it has the wire for itself: none that would take it back is under way');
    assert.deepEqual(readdirSync(join(leaver, 'workshop/courier')), [], 'it holds no lock any more');
    await done(leaver, 'workshop', 'leave', '--forget');
    await delay(2_000);
    assert.equal(existsSync(join(leaver, 'workshop')), false);
  });
});
