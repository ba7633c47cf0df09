/**
 * What a seat has for its board, as a file: for a room where no laptop reaches another. It is sealed with the seat's own
 * key, which the board can tell from its secret: nobody brings lines of another's.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  closed,
  either,
  integer,
  isObject,
  list,
  matching,
  nothing,
  oneOf,
  text,
} from '../journal/shapes.ts';
import type { Identity } from './codes.ts';
import type { LeanEvent } from './lean.ts';
import { readJson } from './read-json.ts';

type SeatIdentity = Extract<Identity, { is: 'seat' }>;

/** A line of a journal, with what of it may leave; null: nothing. `mark`: its checksum. */
interface OutboxLine {
  seq: number;
  mark: string;
  lean: LeanEvent | null;
}

export interface Outbox {
  v: 1;
  workshop: string;
  epoch: number;
  seat: number;
  nonce: string;
  /** By journal, all of its lines that can be read. */
  streams: { journal: string; lines: OutboxLine[] }[];
}

/** Bytes of a file that is read; a day of work is a hundredth of it. */
export const MOST_OUTBOX = 32 * 1024 * 1024;

const MOST_STREAMS = 2_000;
const MOST_LINES = 200_000;

const isOutbox = closed({
  v: oneOf(1),
  workshop: matching(/^[a-z0-9][a-z0-9-]{0,39}$/),
  epoch: integer(1, 999_999),
  seat: integer(1, 999_999),
  nonce: matching(/^[0-9a-f]{32}$/),
  streams: list(
    closed({
      journal: matching(/^[0-9a-zA-Z-]{1,64}$/),
      lines: list(
        closed({
          seq: integer(1, Number.MAX_SAFE_INTEGER),
          mark: matching(/^[0-9a-f]{8}$/),
          lean: either(isObject, nothing),
        }),
        MOST_LINES,
      ),
    }),
    MOST_STREAMS,
  ),
});
const isSealed = closed({ outbox: text, seal: matching(/^[0-9a-f]{64}$/) });

/** The file's text. `key`: the seat's, 32 bytes. */
export function sealedOutbox(outbox: Outbox, key: Buffer): string {
  const body = JSON.stringify(outbox);
  return `${JSON.stringify({ outbox: body, seal: sealOf(body, key).toString('hex') })}\n`;
}

/** Null: it is no outbox, or not sealed by the seat that it names. `keyOf` tells that seat's key. */
export function openedOutbox(file: string, keyOf: (identity: SeatIdentity) => Buffer): Outbox | null {
  const told = readJson(file);
  if (!isSealed(told)) return null;
  const { outbox: body, seal } = told as { outbox: string; seal: string };
  const outbox = readJson(body);
  if (!isOutbox(outbox)) return null;
  const key = keyOf(identityIn(outbox as Outbox));
  return timingSafeEqual(sealOf(body, key), Buffer.from(seal, 'hex')) ? (outbox as Outbox) : null;
}

function identityIn({ workshop, epoch, seat, nonce }: Outbox): SeatIdentity {
  return { is: 'seat', workshop, epoch, seat, nonce };
}

/** The same key seals nothing else: it is told what for. */
function sealOf(body: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`pglab outbox\n${body}`).digest();
}
