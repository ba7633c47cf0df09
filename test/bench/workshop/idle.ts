/** What a workshop costs where nothing happens: an idle board, an idle courier, and a verb of who has joined. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { standingOfBoard } from '../../../src/workshop/board/asking-board.ts';
import { CLI } from '../../e2e/lab.ts';
import { type BenchSeat, benchSeats } from './bench-seat.ts';
import { median, tell } from './figures.ts';
import { ServedBoard, taken } from './served-board.ts';

const SEATS = 30;
const SETTLED_MS = 20_000;
const IDLE_MS = 30_000;
const PAIRS = 30;

/** Seats whose couriers are processes of their own, as `join` leaves them. */
async function room(count: number) {
  const board = await ServedBoard.of(SEATS);
  await board.start();
  const { seats, end } = benchSeats(board.ticket, count, board.port);
  const couriers = seats.map((seat) => {
    seat.write('here');
    seat.sit();
    return spawn(process.execPath, [join(CLI, '../src/courier.js'), seat.home], { stdio: 'ignore' });
  });
  while (((await standingOfBoard(board.ticket))?.stored ?? 0) < count) await delay(100);
  const close = async () => {
    for (const courier of couriers) courier.kill('SIGKILL');
    await end();
    await board.end();
  };
  return { board, seats, couriers, close };
}

export async function idle(): Promise<void> {
  const { board, couriers, close } = await room(5);
  await delay(SETTLED_MS);
  const pids = [board.pid, ...couriers.map(({ pid }: ChildProcess) => pid ?? 0)];
  const before = pids.map((pid) => taken(pid));
  await delay(IDLE_MS);
  const cost = pids.map((pid, at) => {
    const { cpuMs, mb } = taken(pid);
    return { mb, percent: ((cpuMs - (before[at]?.cpuMs ?? 0)) / IDLE_MS) * 100 };
  });
  await close();
  const [ofBoard, ...others] = cost as [(typeof cost)[0], ...typeof cost];
  const percent = median(others.map((each) => each.percent));
  const mb = median(others.map((each) => each.mb));
  tell(
    'idle board, 5 seats here',
    `${ofBoard.mb} MB, ${ofBoard.percent.toFixed(2)} % CPU`,
    '<= 80 MB, <= 1 %',
  );
  tell('idle courier, median of 5', `${mb} MB, ${percent.toFixed(2)} % CPU`, '<= 55 MB, <= 1 %');
}

/** `list` in a home that has joined and in one that has not, one after the other. */
export async function joinedList(): Promise<void> {
  const { seats, close } = await room(1);
  const [seat] = seats as [BenchSeat];
  // The same journals, without a seat.
  const apart = mkdtempSync(join(tmpdir(), 'pglab-bench-apart-'));
  cpSync(seat.home, apart, { recursive: true });
  rmSync(join(apart, 'workshop'), { recursive: true });
  const list = (home: string) => {
    const begun = performance.now();
    const env = { ...process.env, PGLAB_HOME: home, LANG: 'C.UTF-8' };
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'list'], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - begun;
  };
  for (const home of [seat.home, apart]) list(home);
  const more: number[] = [];
  const without: number[] = [];
  for (let at = 0; at < PAIRS; at += 1) {
    const [one, other] =
      at % 2 === 0 ? [list(seat.home), list(apart)] : [list(apart), list(seat.home)].reverse();
    more.push((one as number) - (other as number));
    without.push(other as number);
  }
  await close();
  rmSync(apart, { recursive: true, force: true });
  const found = `median ${median(more).toFixed(1)} ms more, where it takes ${Math.round(median(without))} (${PAIRS} pairs)`;
  tell('`list` of who has joined, board alive', found, '<= 5 ms');
}
