/** Records of a board, as its seats would make it store them. */

import assert from 'node:assert/strict';
import type { LeanEvent } from '../../src/workshop/lean.ts';
import type { BoardRecord } from '../../src/workshop/records.ts';
import { Room, type RoomStep } from '../../src/workshop/room/room.ts';

export const START = Date.parse('2026-11-27T09:00:00.000Z');

/** What an event says, without its line. */
type Bare<E> = E extends unknown ? Omit<E, 'seq' | 'at'> : never;
export type Told = Bare<LeanEvent>;

type BareRecord<R> = R extends unknown ? Omit<R, 'at' | 'epoch'> : never;

export const STEPS: RoomStep[] = ['image', 'ports', 'volumes'].map((id) => ({
  id,
  title: { en: `Of ${id}`, zh: `关于 ${id}` },
}));

export const begun = (step: string): Told => ({ type: 'step', step, byHand: true });
export const unmet = (step: string, finding: string, check = 'running'): Told => ({
  type: 'judged',
  ...{ step, check, outcome: 'not-met' as const, finding },
});
export const ended = (step: string, outcome: 'met' | 'not-met' = 'met'): Told => ({
  type: 'ended',
  step,
  outcome,
});
export const hand = (up: boolean, text: string | null = null): Told => ({ type: 'hand', up, text });

/** `seconds`: after the start, by the board's clock. */
export function record(seconds: number, what: BareRecord<BoardRecord>, epoch = 1): BoardRecord {
  return { at: new Date(START + seconds * 1000).toISOString(), epoch, ...what } as BoardRecord;
}

export function joined(seat: number, name = `seat-${seat}`): BareRecord<BoardRecord> {
  return { type: 'joined', seat, name, nonce: `${seat}`.padStart(32, '0'), managed: false, pglab: '0.2.0' };
}

/** One journal of a seat, of which each call tells what comes next, as a range. */
export function journalOf(seat: number, { journal = `j${seat}`, fork = 0, from = 0 } = {}) {
  let seq = from;
  return (...told: Told[]): BareRecord<BoardRecord> => {
    const after = seq;
    const lean = told.map((each) => {
      seq += 1;
      // A clock of the seat that is an hour off is nobody's matter.
      return { seq, at: '2026-11-27T10:00:00.000Z', ...each } as LeanEvent;
    });
    const through = { after, afterMark: null, to: seq, mark: `m${seq}`, lost: [] };
    return { type: 'range', seat, journal, fork, courier: 'c', ...through, lean, more: 0 };
  };
}

const SEATS = [1, 2, 3, 4, 5];

/** A room with five seats, all here. `tell`: what a seat's journal tells at a second. */
export function opened() {
  const room = new Room(STEPS, START);
  room.take(record(0, { type: 'opened', workshop: 'w', name: 'Postgres', lab: 'lab' }));
  for (const seat of SEATS) {
    room.take(record(0, joined(seat)));
    room.present(seat, START);
  }
  const journals = new Map(SEATS.map((seat) => [seat, journalOf(seat)]));
  const tell = (seconds: number, seat: number, ...told: Told[]) => {
    const next = journals.get(seat);
    assert(next);
    room.take(record(seconds, next(...told)));
  };
  const at = (seconds: number) => room.view(START + seconds * 1000);
  const seatAt = (seconds: number, number: number) => {
    const found = at(seconds).seats.find(({ seat }) => seat === number);
    assert(found);
    return found;
  };
  return { room, tell, at, seatAt };
}
