/** Couriers against a board, over real sockets and TLS-PSK: what the journals say is what the board has, once. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { journalFile, openHome } from '../../src/home.ts';
import { openJournal } from '../../src/journal/record.ts';
import { type Board, startBoard } from '../../src/workshop/board/board.ts';
import { codeOf } from '../../src/workshop/codes.ts';
import type { BoardRecord } from '../../src/workshop/records.ts';
import { Room } from '../../src/workshop/room/room.ts';
import { helloOf, join as takeSeat } from '../../src/workshop/seat/joining.ts';
import { runCourier } from '../../src/workshop/seat/run-courier.ts';
import { readSeat, seatFolder } from '../../src/workshop/seat/seat-file.ts';
import { changeSeat, seatStanding, tellSeat } from '../../src/workshop/seat/seat-journal.ts';
import { sentMessages } from '../../src/workshop/seat/sent-log.ts';
import { openLogStore } from '../../src/workshop/store/log-store.ts';
import { newTicket, type Ticket } from '../../src/workshop/ticket.ts';

type RangeRecord = Extract<BoardRecord, { type: 'range' }>;
const LAB = 'postgres-in-docker';
const folders: string[] = [];
const ends: (() => unknown)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pglab-seat-'));
  folders.push(folder);
  return folder;
}

function aTicket(): Ticket {
  return newTicket({
    ...{ name: 'Docker', lab: LAB, steps: [], seats: 30, store: null },
    listen: { host: '127.0.0.1', port: 0 },
  });
}

async function aBoard(ticket = aTicket(), folder = aFolder(), port = 0) {
  const room = new Room(ticket.steps, Date.now());
  const board = await startBoard({ ticket, room, store: await openLogStore(folder), version: '0.2.0', port });
  ends.push(() => board.stop());
  return { board, ticket, folder };
}

/** Joins from a new home, or once more from one, and starts its courier. */
async function aSeat({ board, ticket }: { board: Board; ticket: Ticket }, home = aFolder(), managed = false) {
  openHome(home);
  const address = `127.0.0.1:${board.port}`;
  const code = codeOf(Buffer.from(ticket.secret, 'hex'), board.ledger.epoch, 'spoken');
  const asked = { address, code, name: 'Ada', seat: null, managed };
  const file = await takeSeat(home, asked, await helloOf(address));
  return { home, seat: file.now?.seat ?? 0 };
}

function courierOf(home: string): void {
  const ended = runCourier(home, async () => {});
  ends.push(async () => {
    await changeSeat(home, (file) => ({ ...file, left: true }));
    await ended;
  });
}

function walkSome(home: string, run: string, steps: readonly string[]): void {
  const journal = openJournal(journalFile(home, run), 'ann');
  if (journal.standing.begun === null)
    journal.append({ type: 'run-started', lab: LAB, content: '', pglab: '0.2.0', journal: 'a1b2c3d4e5f6' });
  for (const step of steps) {
    journal.append({ type: 'step-started', step, values: { secret: 'hunter2' } });
    const ended = { outcome: 'met', reason: null, durationMs: 1, values: {} } as const;
    journal.append({ type: 'step-ended', step, ...ended });
  }
  journal.close();
}

async function until(is: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; !is(); await delay(20))
    assert.ok(Date.now() < end, `never came to be: ${what}`);
}

function rangesOf(folder: string): RangeRecord[] {
  const lines = readFileSync(join(folder, 'board.jsonl'), 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as BoardRecord);
  return records.filter((record): record is RangeRecord => record.type === 'range');
}

/** Seqs of a journal's own lines, read raw. */
function seqsIn(file: string): number[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
}

/** Seqs that ranges cover, in the order in which the board has them. */
function coveredBy(ranges: readonly RangeRecord[]): number[] {
  return ranges.flatMap(({ after, to }) => Array.from({ length: to - after }, (_, at) => after + 1 + at));
}

const ofRun = (ranges: readonly RangeRecord[]) => ranges.filter(({ journal }) => journal === 'a1b2c3d4e5f6');

describe('a seat', () => {
  it('that joins twice is the same, and another home is another', async () => {
    const room = await aBoard();
    const first = await aSeat(room);
    assert.deepEqual(await aSeat(room, first.home), first);
    assert.notEqual((await aSeat(room)).seat, first.seat);
  });

  it('brings each line of its journals once, and no value; what is said to have been sent is what the board has', async () => {
    const room = await aBoard();
    const { home } = await aSeat(room);
    walkSome(home, 'one', ['image', 'foreground-run']);
    courierOf(home);
    await until(() => ofRun(rangesOf(room.folder)).length > 0, 'a range');
    walkSome(home, 'one', ['detached-run']);
    const all = seqsIn(journalFile(home, 'one'));
    await until(() => ofRun(rangesOf(room.folder)).at(-1)?.to === all.at(-1), 'the last line');
    const ranges = rangesOf(room.folder);
    assert.deepEqual(coveredBy(ofRun(ranges)), all);
    const sent = sentMessages(home).flatMap(({ body }) => (body as { lean?: unknown[] }).lean ?? []);
    assert.deepEqual(
      sent,
      ranges.flatMap(({ lean }) => lean),
    );
    assert.doesNotMatch(JSON.stringify(sentMessages(home)), /hunter2|ann/);
  });

  it('raises its hand with no board there, and the board hears of it when it is back', async () => {
    const ticket = aTicket();
    const folder = aFolder();
    const { board: first } = await aBoard(ticket, folder);
    const { port } = first;
    const { home } = await aSeat({ board: first, ticket });
    await first.stop();
    await tellSeat(home, LAB, [{ type: 'hand', up: true, text: 'which side?' }]);
    courierOf(home);
    await delay(500);
    await aBoard(ticket, folder, port);
    const told = () => rangesOf(folder).flatMap(({ lean }) => lean.filter(({ type }) => type === 'hand'));
    await until(() => told().length === 1, 'the hand');
  });

  it('whose journal was cut back by a power cut tells it anew, as a fork', async () => {
    const room = await aBoard();
    const { home } = await aSeat(room);
    walkSome(home, 'one', ['image']);
    courierOf(home);
    await until(() => ofRun(rangesOf(room.folder)).at(-1)?.to === 3, 'three lines');
    const file = journalFile(home, 'one');
    const kept = readFileSync(file, 'utf8').trim().split('\n').slice(0, -1);
    writeFileSync(file, `${kept.join('\n')}\n`);
    walkSome(home, 'one', ['foreground-run']);
    await until(() => ofRun(rangesOf(room.folder)).at(-1)?.to === 4, 'the fork');
    const forked = ofRun(rangesOf(room.folder)).filter(({ fork }) => fork === 1);
    assert.deepEqual(coveredBy(forked), seqsIn(file));
  });

  it('hears what is said, once, and is told apart from a copy of its home', async () => {
    const room = await aBoard();
    const { home } = await aSeat(room);
    courierOf(home);
    await room.board.act({ act: 'say', text: 'Five minutes' });
    await until(() => seatStanding(home).said?.text === 'Five minutes', 'what was said');
    const copy = aFolder();
    openHome(copy);
    mkdirSync(seatFolder(copy), { recursive: true, mode: 0o700 });
    writeFileSync(join(seatFolder(copy), 'seat.json'), JSON.stringify(readSeat(home)), { mode: 0o600 });
    courierOf(copy);
    const status = () => readFileSync(join(dirname(seatFolder(copy)), 'workshop/status.json'), 'utf8');
    await until(() => /"trouble":"twice"/.test(tried(status)), 'that it speaks twice');
  });
});

function tried(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
