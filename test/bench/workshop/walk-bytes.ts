/** What a whole walk sends to the board: a real one, on the engine that is there, each piece of news as it comes. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { TIMES } from '../../../src/workshop/protocol.ts';
import { CLI } from '../../e2e/lab.ts';
import { type BenchSeat, benchSeats } from './bench-seat.ts';
import { tell } from './figures.ts';
import { ServedBoard } from './served-board.ts';

export async function walkBytes(): Promise<void> {
  const board = await ServedBoard.of(1);
  await board.start();
  const { seats, end } = benchSeats(board.ticket, 1, board.port);
  const [seat] = seats as [BenchSeat];
  const env = { ...process.env, PGLAB_HOME: seat.home, LANG: 'C.UTF-8' };
  const ran = (...words: string[]) =>
    new Promise<number | null>((resolve) =>
      spawn(process.execPath, [CLI, ...words, '--yes'], { env, stdio: 'ignore' }).on('exit', resolve),
    );
  let code: number | null | undefined;
  const walking = ran('run', '--all').then((ended) => {
    code = ended;
  });
  while (code === undefined) {
    await delay(TIMES.gather);
    await seat.deliver();
  }
  await walking;
  await seat.deliver();
  const { bytesSent } = seat.link;
  await ran('reset');
  await end();
  await board.end();
  if (code !== 0) throw new Error(`the walk ended with ${code}`);
  tell(
    'a whole walk of twelve steps',
    `${(bytesSent / 1_000).toFixed(1)} KB sent, with HTTP and TLS`,
    '<= 8 KB',
  );
}
