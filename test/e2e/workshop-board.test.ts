import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { freePort } from '../free-port.ts';
import { Writers, wrongIn } from '../writers.ts';
import { CLI, ended } from './lab.ts';

/** Rounds in CI; `npm run soak` asks for more. */
const KILLS = Number(process.env.PGLAB_SOAK_KILLS ?? 4);
const CUTS = Number(process.env.PGLAB_SOAK_CUTS ?? 2);
const SEATS = 20;

const cleanings: (() => unknown)[] = [];
after(async () => {
  for (const clean of cleanings.reverse()) await clean();
});

interface Opened {
  home: string;
  ticket: Ticket;
  log: string;
  pid: number;
}

function pglab(home: string, ...words: string[]) {
  return ended(process.execPath, [CLI, ...words], { ...process.env, PGLAB_HOME: home, LANG: 'C.UTF-8' });
}

async function opened(home: string, ...words: string[]): Promise<Opened> {
  const { code, stderr } = await pglab(home, 'workshop', 'open', ...words);
  assert.equal(code, 0, stderr);
  const [ticket] = readTickets(home);
  assert.ok(ticket);
  const folder = join(home, 'workshops', ticket.id);
  return { home, ticket, log: join(folder, 'board.jsonl'), pid: pidOf(folder) };
}

/** By the lock of its folder. */
function pidOf(folder: string): number {
  const [held = ''] = readlinkSync(join(folder, 'lock')).split(' ');
  return Number(held);
}

function aHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'pglab-workshop-'));
  cleanings.push(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

async function writersOf({ ticket }: Opened): Promise<Writers> {
  const writers = new Writers();
  const { id, listen, secret } = ticket;
  await writers.join(listen.port, codeOf(Buffer.from(secret, 'hex'), 1, 'spoken'), id, SEATS);
  return writers;
}

const acknowledgedBy = (writers: Writers) => writers.all.map(({ acknowledged }) => acknowledged.seq);

describe('a board that is killed', () => {
  it('comes back as it was, and has each line that it acknowledged once', async () => {
    const home = aHome();
    const listen = `127.0.0.1:${await freePort()}`;
    let board = await opened(home, 'Killed', '--listen', listen);
    cleanings.push(() => pglab(home, 'workshop', 'close', '--wait', '0'));
    const writers = await writersOf(board);
    // Else a test that fails would wait for them for ever.
    cleanings.push(() => writers.stop());
    writers.start();
    for (let kills = 0; kills < KILLS; kills += 1) {
      await delay(100 + Math.random() * 300);
      process.kill(board.pid, 'SIGKILL');
      const back = await opened(home);
      const { secret, listen: at, id } = board.ticket;
      assert.deepEqual(
        { secret: back.ticket.secret, listen: back.ticket.listen, id: back.ticket.id },
        { secret, listen: at, id },
      );
      assert.notEqual(back.pid, board.pid);
      board = back;
    }
    await delay(500);
    await writers.stop();
    const acknowledged = acknowledgedBy(writers);
    assert.ok(Math.min(...acknowledged) > 0, 'each seat got on');
    assert.deepEqual(wrongIn(readFileSync(board.log, 'utf8'), writers.all, acknowledged), []);
    console.log(`# ${KILLS} kills, ${acknowledged.reduce((sum, each) => sum + each)} lines acknowledged`);
  });

  it('is told apart from a second one, which is refused, and from another program at its port', async () => {
    const home = aHome();
    const port = await freePort();
    const { ticket, pid } = await opened(home, 'Twice', '--listen', `127.0.0.1:${port}`);
    const second = await ended(
      process.execPath,
      [join(CLI, '../src/board-process.js'), home, ticket.id],
      process.env,
    );
    assert.equal(second.code, 2);
    process.kill(pid, 'SIGKILL');
    await delay(200);
    const other = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const taken = await pglab(home, 'workshop', 'open');
    assert.equal(taken.code, 2);
    assert.match(taken.stderr, new RegExp(`Port ${port} .* another program`));
    await new Promise((resolve) => other.close(resolve));
    await opened(home);
    const closed = await pglab(home, 'workshop', 'close', '--wait', '0');
    assert.equal(closed.code, 0, closed.stderr);
  });
});

describe('a power cut (made by root, who alone may mount)', () => {
  it('takes no line that the board acknowledged', async () => {
    const lost: string[] = [];
    let lines = 0;
    for (let cut = 0; cut < CUTS; cut += 1) {
      const { acknowledged, writers, log } = await afterCut();
      lost.push(...wrongIn(log, writers.all, acknowledged));
      lines += acknowledged.reduce((sum, each) => sum + each);
    }
    assert.ok(lines > 0);
    assert.deepEqual(lost, []);
    console.log(`# ${CUTS} power cuts, ${lines} lines acknowledged`);
  });
});

/**
 * The disk of a board as a power cut leaves it: its image is copied while the board is stopped, without what the system has
 * not written yet, and mounted anew.
 */
async function afterCut(): Promise<{ acknowledged: number[]; writers: Writers; log: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-cut-'));
  const [image, copy, disk] = [join(folder, 'disk.img'), join(folder, 'cut.img'), join(folder, 'disk')];
  const run = (program: string, ...words: string[]) => execFileSync(program, words, { stdio: 'pipe' });
  mkdirSync(disk);
  run('truncate', '-s', '64M', image);
  run('mkfs.ext4', '-q', '-F', image);
  run('mount', '-o', 'loop', image, disk);
  try {
    const board = await opened(join(disk, 'home'), 'Cut', '--listen', `127.0.0.1:${await freePort()}`);
    const writers = await writersOf(board);
    cleanings.push(() => writers.stop());
    writers.start();
    await delay(400 + Math.random() * 800);
    process.kill(board.pid, 'SIGSTOP');
    const acknowledged = acknowledgedBy(writers);
    run('cp', '--sparse=always', image, copy);
    process.kill(board.pid, 'SIGKILL');
    await writers.stop();
    while (isThere(board.pid)) await delay(20);
    run('umount', disk);
    run('mount', '-o', 'loop', copy, disk);
    return { acknowledged, writers, log: await logAfterReplay(board) };
  } finally {
    execFileSync('umount', [disk], { stdio: 'pipe' });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log as the board has it that comes back on that disk. */
async function logAfterReplay(board: Opened): Promise<string> {
  const back = await opened(board.home);
  assert.equal(back.ticket.id, board.ticket.id);
  const log = readFileSync(back.log, 'utf8');
  const { code } = await pglab(board.home, 'workshop', 'close', '--wait', '0');
  assert.equal(code, 1, 'its seats are not here: nobody knows whether all has arrived');
  while (isThere(back.pid)) await delay(20);
  return log;
}

function isThere(pid: number): boolean {
  try {
    // The first thread of a killed process is a zombie while others of its threads still hold its files.
    if (readdirSync(`/proc/${pid}/task`).length > 1) return true;
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
