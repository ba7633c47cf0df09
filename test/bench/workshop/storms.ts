/** A whole room at once: a morning that arrives together, a board that comes back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { standingOfBoard } from '../../../src/workshop/board/asking-board.ts';
import type { Ticket } from '../../../src/workshop/ticket.ts';
import { freePort } from '../../free-port.ts';
import { benchSeats } from './bench-seat.ts';
import { median, tell } from './figures.ts';
import { ServedBoard, taken } from './served-board.ts';

const LINES = 150;
const LINES_AT_ONCE = 10;
/** A board keeps anew what it made of its log each time that this much has come. */
const UNKEPT_BYTES = 4e6;

/** Seconds until all seats have had all their lines acknowledged, ten by ten, each by the courier's code. */
async function stormed(ticket: Ticket, count: number, port: number): Promise<number> {
  const { seats, end } = benchSeats(ticket, count, port);
  const begun = performance.now();
  await Promise.all(
    seats.map(async (seat) => {
      for (let at = 0; at < LINES; at += LINES_AT_ONCE) {
        seat.write(...Array.from({ length: LINES_AT_ONCE }, (_, line) => `line ${at + line}`));
        for (let tries = 1; ; tries += 1)
          try {
            await seat.deliver();
            break;
          } catch (error) {
            if (tries === 20) throw error;
            await delay(250 * Math.random() * tries);
          }
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  await end();
  return seconds;
}

async function againstBare(ticket: Ticket, count: number, folder: string): Promise<number> {
  const port = await freePort();
  const program = join(import.meta.dirname, 'bare-server.ts');
  const words = ['--import', 'tsx', program, String(port), ticket.secret, join(folder, 'bare.jsonl')];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  const seconds = await stormed(ticket, count, port);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return seconds;
}

/** Lines in the log, by the raw text: how many there are, and how many of them only once. */
function linesIn(log: string): number {
  const seen = new Set<string>();
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (!line.includes('"type":"range"')) continue;
    const { seat, lean } = JSON.parse(line);
    for (const { seq } of lean) seen.add(`${seat} ${seq}`);
  }
  return seen.size;
}

export async function allAtOnce(count = 1_000, pairs = 3): Promise<void> {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let at = 0; at < pairs; at += 1) {
    const board = await ServedBoard.of(count);
    const bare = await againstBare(board.ticket, count, board.home);
    await board.start();
    const ours = await stormed(board.ticket, count, board.port);
    const stored = linesIn(board.log);
    if (stored !== count * LINES) throw new Error(`${stored} of ${count * LINES} lines are stored`);
    ratios.push(bare / ours);
    rates.push((count * LINES) / ours);
    console.log(`  ${ours.toFixed(1)} s, bare ${bare.toFixed(1)} s, at most ${taken(board.pid).mostMb} MB`);
    await board.end();
  }
  const found = `${median(ratios).toFixed(2)} of the bare server's rate, ${Math.round(median(rates))} lines/s, all stored`;
  tell(`${count} seats x ${LINES} lines at once`, found, '>= 0.8');
}

/** By its log alone; and by what it keeps beside it, when that is as old as it may be. */
export async function back(times = 5): Promise<void> {
  const board = await ServedBoard.of(1_000, 197);
  const whole = readFileSync(board.log);
  const alone = await startedAgain(board, times, () => rmSync(board.state, { force: true }));
  truncateSync(board.log, whole.lastIndexOf(0x0a, whole.length - UNKEPT_BYTES) + 1);
  await board.start();
  while (!existsSync(board.state)) await delay(20);
  await board.kill();
  writeFileSync(board.log, whole);
  const kept = await startedAgain(board, times);
  await board.end();
  const mb = (whole.length / 1e6).toFixed(0);
  const found = `${kept}; by its log of ${mb} MB alone ${alone}`;
  tell('board back after SIGKILL with 197,000 lines', found, '<= 1,000 ms');
}

async function startedAgain(board: ServedBoard, times: number, prepare = () => {}): Promise<string> {
  const ms: number[] = [];
  const cpu: number[] = [];
  for (let at = 0; at < times; at += 1) {
    prepare();
    ms.push(await board.start());
    cpu.push(taken(board.pid).cpuMs);
    await board.kill();
  }
  const [least, most] = [Math.min(...ms), Math.max(...ms)].map(Math.round);
  return `median ${Math.round(median(ms))} ms (${least} to ${most}), CPU ${median(cpu)} ms`;
}

/** Whole couriers, whose board is killed and comes back four seconds later, while each has something new. */
export async function reconnecting(count = 1_000): Promise<void> {
  const board = await ServedBoard.of(count);
  await board.start();
  const { seats, end } = benchSeats(board.ticket, count, board.port);
  for (const seat of seats) {
    seat.write('here');
    seat.attend();
  }
  await allStored(board, count);
  await board.kill();
  for (const seat of seats) seat.write('while it was away');
  await delay(4_000);
  const begun = performance.now();
  await board.start();
  const served = performance.now();
  for (const seat of seats) seat.write('and after');
  await allStored(board, 3 * count);
  const seconds = (performance.now() - served) / 1_000;
  await end();
  const stored = linesIn(board.log);
  await board.end();
  if (stored !== 3 * count) throw new Error(`${stored} of ${3 * count} lines are stored`);
  const found = `all caught up ${seconds.toFixed(1)} s after it served again, which took ${Math.round(served - begun)} ms`;
  tell(`${count} couriers whose board was away`, found, '<= 12 s');
}

async function allStored(board: ServedBoard, lines: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const stored = (await standingOfBoard(board.ticket))?.stored ?? 0;
    if (stored >= lines) return;
    if (tries > 600) throw new Error(`${stored} of ${lines} lines are stored`);
    await delay(200);
  }
}
