/**
 * What a machine knows of the workshop that it takes part in, in `workshop/` of the home: the seat file, which holds the
 * seat's key, and beside it the seat's journal, what was sent and how the courier is getting on. All is this user's alone.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  closed,
  either,
  flag,
  integer,
  list,
  matching,
  nothing,
  oneOf,
  record,
  text,
} from '../../journal/shapes.ts';
import { isHost, isPort } from '../../names.ts';
import { makeOwnFolder, nameBeside, readOwn } from '../../own-files.ts';
import { homeTrouble, Trouble } from '../../trouble.ts';
import { readJson } from '../read-json.ts';

/** A seat in one group of one workshop. */
export interface Seat {
  workshop: { id: string; name: string; lab: string };
  epoch: number;
  /** From 1. */
  seat: number;
  name: string;
  /** 64 hex digits, and no other's. */
  key: string;
  /** 32 hex digits: whoever has it is this seat. */
  nonce: string;
  /** A machine of the room: it is reset without being asked. */
  managed: boolean;
  /** Where its board was, the last good one first: `192.168.1.20:8750`. */
  addresses: string[];
  /** Ids of journals that are not this group's: they were there, and put away, before it was joined. */
  before: string[];
}

/** An earlier seat of this machine, with the journals that are its own, each up to the seq that it had by its end. */
export type EarlierSeat = Seat & { journals: Record<string, number> };

export interface SeatFile {
  v: 1;
  /** What a join began with, before anybody was asked: tried again, it is the same seat. */
  joining: { workshop: string; epoch: number; nonce: string } | null;
  now: Seat | null;
  /** The learner left: nothing is sent. */
  left: boolean;
  /** When the workshop was closed, or the seat removed (RFC 3339); null: neither. */
  ended: string | null;
  /** Seats whose last lines their boards may not have yet, oldest first. */
  earlier: EarlierSeat[];
}

export const NO_SEAT: SeatFile = { v: 1, joining: null, now: null, left: false, ended: null, earlier: [] };

export function seatFolder(home: string): string {
  return join(home, 'workshop');
}

/** The seat's own journal: a stream as any run's. */
export function seatJournalFile(home: string): string {
  return join(seatFolder(home), 'journal.jsonl');
}

function seatFile(home: string): string {
  return join(seatFolder(home), 'seat.json');
}

/** What the seat file says; `NO_SEAT` where there is none. Trouble `workshop-seat-file` where it says nothing sensible. */
export function readSeat(home: string): SeatFile {
  const file = seatFile(home);
  let said: string;
  try {
    said = readOwn(file).toString();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return NO_SEAT;
    throw homeTrouble(file, cause);
  }
  const told = readJson(said);
  if (!isSeatFile(told)) throw new Trouble('workshop-seat-file', { file });
  return told;
}

/** Puts it in the place of the one that is there, whole or not at all. Trouble `home-full`, `home-unwritable`. */
export function writeSeat(home: string, seat: SeatFile): void {
  makeOwnFolder(seatFolder(home));
  writeWhole(seatFile(home), `${JSON.stringify(seat, null, 2)}\n`);
}

/** Writes a file of the seat's folder in one step, readable by this user alone; the folder is there. */
export function writeWhole(file: string, content: string): void {
  const aside = nameBeside(file);
  try {
    writeFileSync(aside, content, { flag: 'wx', mode: 0o600 });
    renameSync(aside, file);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw homeTrouble(file, cause);
  }
}

/** `192.168.1.20:8750`, `board.local:8750`, `[fe80::1]:8750`: host and port; null: it is none. */
export function readAddress(address: string): { host: string; port: number } | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:\s]+)):(\d{1,5})$/.exec(address.trim()) ?? [];
  const host = bracketed ?? plain ?? '';
  const port = Number(digits);
  return isHost(host) && isPort(port) && port > 0 ? { host, port } : null;
}

const SLUG = matching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const NONCE = matching(/^[0-9a-f]{32}$/);
const COUNT = integer(1, Number.MAX_SAFE_INTEGER);
const IDS = matching(/^[0-9a-f]{8,64}$/);
const SEAT = {
  workshop: closed({ id: SLUG, name: text, lab: SLUG }),
  ...{ epoch: COUNT, seat: COUNT, name: text, key: matching(/^[0-9a-f]{64}$/), nonce: NONCE },
  ...{ managed: flag, addresses: list((each) => typeof each === 'string' && readAddress(each) !== null) },
  before: list(IDS),
};
const SEAT_FILE = closed({
  ...{ v: oneOf(1), left: flag, ended: either(text, nothing), now: either(closed(SEAT), nothing) },
  joining: either(closed({ workshop: SLUG, epoch: COUNT, nonce: NONCE }), nothing),
  earlier: list(closed({ ...SEAT, journals: record(/^[0-9a-f]{8,64}$/, COUNT) })),
});

function isSeatFile(value: unknown): value is SeatFile {
  return SEAT_FILE(value);
}
