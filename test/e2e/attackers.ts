/** What attackers of a board do, over sockets of their own; and how the seats that work are seen to get on. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Joined } from '../../src/workshop/protocol.ts';
import { lineOfSeat, newNonce } from '../seat-of-test.ts';
import type { RoomOfTest } from './room-of-test.ts';

export const NOTHING = { seq: 0, mark: null, fork: 0 };
export const COURIER = '0123456789abcdef';
/** An idle board has 80 MB; what ten seats and an attack need for a while comes on top. */
const MOST_MEGABYTES = 250;

/** Each seat that works has more lines on the board than before, the board is the same process, and not swollen. */
export async function unharmed(room: RoomOfTest): Promise<void> {
  const before = room.writers.all.map(({ acknowledged }) => acknowledged.seq);
  for (const [at, writer] of room.writers.all.entries())
    while (writer.acknowledged.seq <= (before[at] as number)) await delay(20);
  assert.equal(room.pid(), room.firstPid, 'the board is the one that it was');
  const [, kilobytes] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${room.firstPid}/status`, 'utf8')) ?? [];
  assert.ok(Number(kilobytes) / 1024 < MOST_MEGABYTES, `${kilobytes} KB resident`);
}

export const asking = (more: object = {}) => ({
  ...{ nonce: newNonce(), pglab: '0.2.0', name: 'Eve', seat: null, managed: false },
  ...more,
});

export async function joined(room: RoomOfTest) {
  const door = await room.door('scanned');
  const asked = asking();
  const { status, body } = await door.say('POST', '/api/1/seats', asked);
  door.end();
  assert.equal(status, 200, JSON.stringify(body));
  const seat: Joined = body;
  return { seat, nonce: asked.nonce, line: lineOfSeat(room.port, seat, asked.nonce) };
}

/** So many at once, until all are through. */
export async function times<T>(count: number, atOnce: number, one: (at: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < count; at = next++) results.push(await one(at));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** A connection that says this, and no more; it resolves when the board hangs up. */
export function silentAfter(port: number, said: Buffer | string, open: Socket[] = []): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(said));
    open.push(socket);
    socket.on('error', () => {});
    socket.resume();
    socket.on('close', () => resolve());
  });
}

/** An answer in clear text. `port`: of the board, or of what it has for this machine alone. */
export function plainly(
  port: number,
  path: string,
  { method = 'GET', headers = {} as OutgoingHttpHeaders, body = '' } = {},
): Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
