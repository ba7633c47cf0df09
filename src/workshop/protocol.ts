/**
 * What goes over a workshop's network, as types, with its bounds: a seat's courier speaks it to a board. All of it comes to
 * one port: in TLS-PSK for seats, in clear text for what holds no secret.
 *
 *     GET  /hello                                   Hello              clear text
 *     POST /api/1/seats                             Joining → Joined   with the join code's key; or the seat's own, once lost
 *     GET  /api/1/seats/S/wire?courier=C&after=ID   101                with the seat's key: from then on it is a wire
 *
 * A wire carries lines of JSON (`wire.ts`): the seat's are `Asked`, and each is answered with one `Answered`, in their order;
 * between those the board says what is `Heard`, first what is newer than ID. A seat has one wire: a new one takes its place.
 * A range is answered with 200 once it is flushed; with 409, and the `Through` to build upon, where it builds upon another.
 * After any refusal but that, and 503 (nothing can be stored now), the board hangs up.
 *
 * Each refusal is a `Refused`. For a seat 404 says that the board lost the seat (its folder was deleted): it joins again with
 * its own key, as `seat`. 403: the room is locked, or full; 429, 503: later. For a seat 410 says that the workshop is closed,
 * or the seat removed; 423 that another courier speaks for it: it was heard of within `TIMES.silent`, and is not this one.
 */
import type { LeanEvent } from './lean.ts';

export const PROTOCOL = 2;

/** Bounds of what a board takes. */
export const MOST = {
  /** Of the body of a request; of a line of a wire, unpacked. */
  bodyBytes: 256 * 1024,
  /** Lines of a journal that one range may cover. */
  rangeLines: 500,
  seats: 1_000,
  nameCharacters: 40,
  handCharacters: 200,
  sayCharacters: 400,
  /** What waits for a reader who does not read. */
  backlogBytes: 256 * 1024,
} as const;

/** Milliseconds. */
export const TIMES = {
  request: 4_000,
  retryFirst: 250,
  retryMost: 10_000,
  beat: 5_000,
  /** Without a beat for so long, a connection counts as dead, at either end. */
  silent: 12_000,
  /** What is shown counts as old after it. */
  stale: 5_000,
  /** Changes after the first are gathered for so long before they are shown. */
  gather: 100,
} as const;

/** `GET /hello`: tells a board of ours from a captive portal, and one board from another. */
export interface Hello {
  pglab: string;
  protocol: number;
  workshop: string;
  lab: string;
  /** This board's own id: two of them may serve one workshop. */
  board: string;
  /** Counts groups, from 1. */
  epoch: number;
  /** RFC 3339, by the board's clock, which is the one that counts. */
  time: string;
}

/** `nonce`: 32 hex digits, the seat's own: a join that is tried again with it is the same seat. */
export interface Joining {
  nonce: string;
  pglab: string;
  /** As the participant offered it; null: the board gives one. */
  name: string | null;
  /** The seat that is wished for, from 1. */
  seat: number | null;
  /** It may be reset without being asked: a machine of the room. */
  managed: boolean;
}

export interface Joined {
  seat: number;
  epoch: number;
  name: string;
  /** 64 hex digits: the key of this seat alone. */
  key: string;
  workshop: { id: string; name: string; lab: string };
}

/**
 * How far a board has a journal: all lines up to `seq` are stored. `mark`: the checksum of that line; null at 0.
 * `fork`: how often the journal was cut back and went on otherwise; each time is a stream of its own.
 */
export interface Through {
  seq: number;
  mark: string | null;
  fork: number;
}

/**
 * All that may leave of lines `after + 1` to `to` of a journal; most lines leave nothing. `after`, `afterMark`, `fork` are
 * the `Through` that the courier builds upon. It is stored where the board's is the same; or begins a new stream where it
 * is the first of the next fork (`after` 0): the line at the board's `seq` is another one now.
 */
export interface Range {
  after: number;
  afterMark: string | null;
  fork: number;
  to: number;
  /** The checksum of line `to`, which is there. */
  mark: string;
  /** Seqs from `after + 1` on that no line has. */
  lost: number[];
  lean: LeanEvent[];
  /** Lines of all the seat's journals that the board does not have once it has these. */
  more: number;
  /** One home on one machine, in hex: a seat that speaks from two is told by it. */
  courier: string;
}

/** What a seat says over its wire. `courier`, which a range is stored with, was said when the wire was opened. */
export type Asked =
  /** How far the board has a journal: a `Through`. */
  | { ask: 'through'; journal: string }
  | ({ ask: 'range'; journal: string } & Omit<Range, 'courier'>)
  /** At each beat heard, and after `closing`. `more`: as of a range; once 0, all has arrived. */
  | { ask: 'beat'; more: number }
  /** `forget`: the seat's events are to go as well. */
  | { ask: 'leave'; forget: boolean };

/** `answered`: as the status of HTTP. */
export interface Answered {
  answered: number;
  body: object;
}

/** Why a board refused, in a word of ours. */
export interface Refused {
  refused:
    | 'bad-request'
    | 'unknown-seat'
    | 'not-yours'
    | 'locked'
    | 'full'
    | 'closed'
    | 'removed'
    | 'other-courier'
    | 'too-large'
    | 'too-many'
    | 'not-stored';
}

/** What a seat hears, as `{ heard: … }`; `id` counts a board's words, so that none is heard twice. */
export type Heard =
  | { type: 'beat'; time: string }
  | { type: 'said'; id: number; text: string }
  | { type: 'pace'; id: number; step: string | null }
  | { type: 'hand'; id: number; state: 'up' | 'taken' | 'done'; by: string | null }
  /** `epoch`: the group that begins; a managed seat resets at once, others are asked at their next verb. */
  | { type: 'reset-wanted'; id: number; epoch: number; seats: number[] | 'all' }
  | { type: 'renamed'; id: number; name: string }
  | { type: 'closing'; id: number }
  | { type: 'removed'; id: number };
