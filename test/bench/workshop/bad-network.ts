/** A network that loses what it carries, or all of it for a while: by iptables, in a network namespace of the bench alone. */
import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { benchSeats } from './bench-seat.ts';
import { now, spread, tell } from './figures.ts';
import { latencies } from './live.ts';
import { ServedBoard } from './served-board.ts';

const HOLE_MS = 60_000;
const LOSS = '0.3';
const LINES = 30;

/** What goes to a port and what comes from it is dropped, all or by chance. Returns how to end that. */
function dropping(port: number, ...chance: string[]): () => void {
  const rules = ['--dport', '--sport'].map((end) => [
    '-p',
    'tcp',
    end,
    String(port),
    ...chance,
    '-j',
    'DROP',
  ]);
  for (const rule of rules) execFileSync('iptables', ['-A', 'INPUT', ...rule]);
  return () => {
    for (const rule of rules) execFileSync('iptables', ['-D', 'INPUT', ...rule]);
  };
}

/** A board with seats whose couriers work, and what a viewer sees of them: milliseconds from each line to the screen. */
async function room(count: number) {
  const names = Object.keys(networkInterfaces());
  if (names.some((name) => name !== 'lo')) throw new Error('run it in a namespace: unshare --net');
  const board = await ServedBoard.of(count);
  await board.start();
  const { seats, end } = benchSeats(board.ticket, count, board.port);
  const over = new AbortController();
  const found: number[] = [];
  const watching = latencies(board.ticket, found, over.signal);
  for (const seat of seats) seat.attend();
  await delay(3_000);
  const close = async () => {
    over.abort();
    await watching;
    await end();
    await board.end();
  };
  return { port: board.port, seats, found, close };
}

/** How soon a line is on the screen that is written when a minute without any packet ends. */
export async function blackHole(count = 20): Promise<void> {
  const { port, seats, found, close } = await room(count);
  const end = dropping(port);
  await delay(HOLE_MS);
  end();
  found.length = 0;
  for (const seat of seats) seat.write(String(now()));
  for (let waited = 0; found.length < count && waited < 60_000; waited += 100) await delay(100);
  await close();
  tell(`after a hole of 60 s, ${found.length} of ${count} seats`, spread(found), 'fresh <= 5 s');
}

/** A line that a newer one of its seat has overtaken is on no screen, and not counted. */
export async function lossy(count = 50): Promise<void> {
  const { port, seats, found, close } = await room(count);
  const end = dropping(port, '-m', 'statistic', '--mode', 'random', '--probability', LOSS);
  for (let line = 0; line < LINES; line += 1) {
    for (const seat of seats) seat.write(String(now()));
    await delay(2_000);
  }
  await delay(15_000);
  end();
  await close();
  tell(`30 % loss each way, ${count} seats`, spread(found), 'p99 <= 12 s');
}
