/** A workshop of the tests: the process of a real board, opened by the verb, and seats that write to it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../src/workshop/codes.ts';
import { readTickets, type Ticket } from '../../src/workshop/ticket.ts';
import { freePort } from '../free-port.ts';
import { type Line, lineToJoin } from '../seat-of-test.ts';
import { Writers } from '../writers.ts';
import { CLI, type Ended, ended, NOT_HERE } from './lab.ts';

export interface RoomOfTest {
  home: string;
  ticket: Ticket;
  port: number;
  writers: Writers;
  firstPid: number;
  /** Of the board that there is now, by the lock of its folder. */
  pid(): number;
  code(kind: 'spoken' | 'scanned'): string;
  /** A line for who has the code. */
  door(kind: 'spoken' | 'scanned'): Promise<Line>;
  /** A verb on the machine of the instructor. */
  pglab(...words: string[]): Promise<Ended>;
  standing(): Promise<{ locked: boolean; all: number; page: string }>;
  end(): Promise<void>;
}

export async function openedRoom(
  name: string,
  { seats, writers: count }: { seats: number; writers: number },
): Promise<RoomOfTest> {
  const home = mkdtempSync(join(tmpdir(), 'pglab-room-'));
  const env = { ...process.env, PGLAB_HOME: home, LANG: 'C.UTF-8', DOCKER_HOST: NOT_HERE };
  const pglab = (...words: string[]) => ended(process.execPath, [CLI, ...words], env);
  const port = await freePort();
  const listen = ['--listen', `127.0.0.1:${port}`, '--seats', String(seats)];
  const { code, stderr } = await pglab('workshop', 'open', name, ...listen);
  assert.equal(code, 0, stderr);
  const [ticket] = readTickets(home) as [Ticket];
  const lock = join(home, 'workshops', ticket.id, 'lock');
  const pid = () => Number(readlinkSync(lock).split(' ')[0]);
  const codeFor = (kind: 'spoken' | 'scanned') => codeOf(Buffer.from(ticket.secret, 'hex'), 1, kind);
  const writers = new Writers();
  await writers.join(port, codeFor('spoken'), ticket.id, count);
  writers.start();
  return {
    ...{ home, ticket, port, writers, firstPid: pid(), pid, pglab, code: codeFor },
    door: (kind) => lineToJoin(port, codeFor(kind), ticket.id),
    async standing() {
      const { stdout } = await pglab('workshop', '--format', 'json');
      return JSON.parse(stdout).workshop;
    },
    async end() {
      await writers.stop();
      await pglab('workshop', 'close', '--wait', '0');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
