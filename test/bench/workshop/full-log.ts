/** The log of a workshop that a thousand seats have walked through, as their couriers bring it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LeanEvent } from '../../../src/workshop/lean.ts';
import type { BoardRecord } from '../../../src/workshop/records.ts';
import { lineOfRecord } from '../../../src/workshop/store/record-line.ts';
import { boardFolder, newTicket, type Ticket, writeTicket } from '../../../src/workshop/ticket.ts';
import { STEPS } from '../../e2e/board-of-test.ts';

const BEGUN_MS = Date.parse('2026-11-27T09:00:00.000Z');

type Told = LeanEvent extends infer Each ? (Each extends unknown ? Omit<Each, 'seq' | 'at'> : never) : never;

/** What a walk tells, gathered as a courier gathers it: about three lines each time. */
function* gatheredWalk(): Generator<Told[]> {
  yield [{ type: 'begun', lab: 'postgres-in-docker', pglab: '0.2.0' }];
  for (;;)
    for (const { id: step } of STEPS) {
      yield [{ type: 'step', step, byHand: true }];
      const judged = (check: string, finding: string | null): Told => ({
        ...{ type: 'judged', step, check, finding },
        outcome: finding === null ? 'met' : 'not-met',
      });
      yield [
        judged('running', null),
        judged('published', 'port-not-published'),
        judged('answers', 'refused'),
      ];
      yield [{ type: 'hinted', step, level: 1 }];
      yield [
        ...['running', 'published', 'listener', 'answers'].map((check) => judged(check, null)),
        { type: 'ended', step, outcome: 'met' },
      ];
    }
}

export const nonceOf = (seat: number) => seat.toString(16).padStart(32, '0');

/** One range each time that a courier sent something of its `lines`, all seats in turn. */
export function* recordsOf(ticket: Ticket, seats: number, lines: number): Generator<BoardRecord> {
  const { id: workshop, name, lab } = ticket;
  let now = BEGUN_MS;
  const stamp = () => {
    now += 20;
    return { at: new Date(now).toISOString(), epoch: 1 };
  };
  yield { ...stamp(), type: 'opened', workshop, name, lab };
  const walks = Array.from({ length: seats }, () => gatheredWalk());
  const through = walks.map(() => ({ seq: 0, mark: null as string | null }));
  for (let seat = 1; seat <= seats; seat += 1) {
    const nonce = nonceOf(seat);
    yield { ...stamp(), type: 'joined', seat, name: `seat ${seat}`, nonce, managed: false, pglab: '0.2.0' };
  }
  for (let left = lines > 0 ? seats : 0; left > 0; )
    for (const [at, walk] of walks.entries()) {
      const from = through[at] as { seq: number; mark: string | null };
      const told = (walk.next().value as Told[]).slice(0, lines - from.seq);
      if (told.length === 0) continue;
      const to = from.seq + told.length;
      if (to === lines) left -= 1;
      const mark = (at * 1_000 + to).toString(16).padStart(8, '0');
      through[at] = { seq: to, mark };
      const stamped = stamp();
      const lean = told.map(
        (each, line) => ({ seq: from.seq + line + 1, at: stamped.at, ...each }) as LeanEvent,
      );
      yield {
        ...{ ...stamped, type: 'range', seat: at + 1, journal: at.toString(16).padStart(32, '0') },
        ...{ after: from.seq, afterMark: from.mark, fork: 0, to, mark, lost: [], lean },
        ...{ more: 0, courier: at.toString(16).padStart(32, '0') },
      };
    }
}

/** Makes a workshop in a home, whose board does not run. */
export function homeWithLog(home: string, port: number, seats: number, lines: number): Ticket {
  const listen = { host: '127.0.0.1', port };
  const asked = { name: 'Full', lab: 'postgres-in-docker', steps: STEPS, seats, listen, store: null };
  const ticket = newTicket(asked);
  const folder = boardFolder(home, ticket.id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeTicket(home, ticket);
  const text = [...recordsOf(ticket, seats, lines)].map((record) => `${lineOfRecord(record)}\n`).join('');
  writeFileSync(join(folder, 'board.jsonl'), text, { mode: 0o600 });
  return ticket;
}
