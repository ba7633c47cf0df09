/** What a whole walk sends to the board: a real one, on the engine that is there, by the courier that its verbs begin. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { standingOfBoard } from '../../../src/workshop/board/asking-board.ts';
import { CLI } from '../../e2e/lab.ts';
import { type BenchSeat, benchSeats } from './bench-seat.ts';
import { tell } from './figures.ts';
import { ServedBoard } from './served-board.ts';

/** Passes on what comes, and counts it: all that TCP carries. */
async function counting(
  port: number,
): Promise<{ server: Server; port: number; bytes: { up: number; down: number } }> {
  const bytes = { up: 0, down: 0 };
  const server = createServer((socket) => {
    const board = connect(port, '127.0.0.1');
    socket.on('data', ({ length }) => {
      bytes.up += length;
    });
    board.on('data', ({ length }) => {
      bytes.down += length;
    });
    socket.pipe(board).pipe(socket);
    for (const each of [socket, board]) each.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port, bytes };
}

export async function walkBytes(): Promise<void> {
  const board = await ServedBoard.of(1);
  await board.start();
  const relay = await counting(board.port);
  const { seats, end } = benchSeats(board.ticket, 1, relay.port);
  const [seat] = seats as [BenchSeat];
  // Its courier is begun by the verbs, as for anybody who has joined.
  seat.sit();
  const env = { ...process.env, PGLAB_HOME: seat.home, LANG: 'C.UTF-8' };
  const ran = async (...words: string[]) => {
    const [code] = await once(
      spawn(process.execPath, [CLI, ...words, '--yes'], { env, stdio: 'ignore' }),
      'exit',
    );
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  };
  const begun = performance.now();
  await ran('run', '--all');
  const seconds = Math.round((performance.now() - begun) / 1_000);
  while ((await standingOfBoard(board.ticket))?.behind[0]?.more !== 0) await delay(100);
  const [up, down] = [relay.bytes.up, relay.bytes.down].map((each) => (each / 1_000).toFixed(1));
  await ran('reset');
  await end();
  relay.server.close();
  await board.end();
  tell(
    `a whole walk of twelve steps in ${seconds} s`,
    `${up} KB sent, ${down} KB heard, with TLS and beats`,
    '<= 8 KB',
  );
}
