/** What happens at a seat until it is on a screen, calm and busy. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newsOfBoard } from '../../../src/workshop/board/asking-board.ts';
import type { Ticket } from '../../../src/workshop/ticket.ts';
import { type BenchSeat, benchSeats } from './bench-seat.ts';
import { now, spread, tell } from './figures.ts';
import { ServedBoard, taken } from './served-board.ts';

const EVENTS_A_SECOND = 500;
const BUSY_SECONDS = 12;

/** Milliseconds from the moment that each hand's text names until a viewer has it. Ends when `signal` does. */
export async function latencies(ticket: Ticket, into: number[], signal: AbortSignal): Promise<void> {
  const last = new Map<number, string>();
  for await (const news of newsOfBoard(ticket, signal)) {
    if (news?.type !== 'changed') continue;
    for (const { seat, hand } of news.seats) {
      if (!hand?.text || last.get(seat) === hand.text) continue;
      last.set(seat, hand.text);
      into.push(now() - Number(hand.text));
    }
  }
}

/** A line in the journal of one seat, with a courier, until it is on a screen. */
export async function lineToScreen(times = 200): Promise<void> {
  const board = await ServedBoard.of(1);
  await board.start();
  const { seats, end } = benchSeats(board.ticket, 1, board.port);
  const [seat] = seats as [BenchSeat];
  seat.attend();
  const over = new AbortController();
  const found: number[] = [];
  const watching = latencies(board.ticket, found, over.signal);
  await delay(1_500);
  for (let at = 0; at < times; at += 1) {
    seat.write(String(now()));
    await delay(150 + Math.random() * 250);
  }
  over.abort();
  await watching;
  await end();
  await board.end();
  tell('journal line to screen', spread(found), 'p50 <= 10, p95 <= 30 ms');
}

/** So many events a second by a hundred seats, on the screens of so many viewers, who are a process of their own. */
export async function manyViewers(viewers = 50, count = 100): Promise<void> {
  const board = await ServedBoard.of(count);
  await board.start();
  const { seats, end } = benchSeats(board.ticket, count, board.port);
  const words = [board.home, board.ticket.id, String(viewers)];
  const watching = fork(join(import.meta.dirname, 'viewers.ts'), words, { execArgv: ['--import', 'tsx'] });
  await once(watching, 'message');
  for (const seat of seats) {
    seat.write('0');
    await seat.deliver();
  }
  await delay(1_000);
  watching.send('begin');
  const before = taken(board.pid);
  const begun = performance.now();
  let mostMb = 0;
  const looking = setInterval(() => {
    mostMb = Math.max(mostMb, taken(board.pid).mb);
  }, 500);
  await busy(seats);
  clearInterval(looking);
  const seconds = (performance.now() - begun) / 1_000;
  const { cpuMs } = taken(board.pid);
  await delay(500);
  watching.send('end');
  const [found] = (await once(watching, 'message')) as [number[]];
  await end();
  await board.end();
  const cores = (cpuMs - before.cpuMs) / 1_000 / seconds;
  const rate = Math.round((EVENTS_A_SECOND * BUSY_SECONDS) / seconds);
  const told = `${spread(found)}, ${cores.toFixed(2)} core, ${mostMb} MB`;
  tell(`${rate} events/s to ${viewers} viewers`, told, 'p99 <= 30 ms, <= 0.3 core, <= 120 MB');
}

/** Sends the events at their rate, and does little else: to ask each time what the board takes, would hold up both. */
async function busy(seats: readonly BenchSeat[]): Promise<void> {
  const begun = performance.now();
  const sending: Promise<void>[] = [];
  for (let sent = 0; sent < EVENTS_A_SECOND * BUSY_SECONDS; ) {
    const due = ((performance.now() - begun) / 1_000) * EVENTS_A_SECOND;
    for (; sent < due; sent += 1) {
      const seat = seats[sent % seats.length] as BenchSeat;
      seat.write(String(now()));
      sending.push(seat.deliver());
    }
    await delay(1);
  }
  await Promise.all(sending);
}
