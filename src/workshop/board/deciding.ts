/** What a board makes of what is asked: the records that tell of it, and the answer once they are stored. */
import { type Joined, type Joining, MOST, type Range, type Refused, type Through } from '../protocol.ts';
import type { BoardRecord } from '../records.ts';
import { animalOf } from './animals.ts';
import { type Bringing, cleanText } from './asked.ts';
import { isBuiltUpon, type Ledger, type SeatRow } from './ledger.ts';

/** A refusal, with its HTTP status; `also` is told beside the word. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Refused & object;

  constructor(status: number, refused: Refused['refused'], also: object = {}) {
    super(refused);
    this.status = status;
    this.body = { refused, ...also };
  }
}

export interface Decision<Answer> {
  records: readonly BoardRecord[];
  answer: Answer;
}

/** Who asks, by the key of the connection. */
export type SeatId = { epoch: number; seat: number; nonce: string };

/** The seat of who asks, which must still be theirs. */
export function ownSeat(ledger: Ledger, { epoch, seat, nonce }: SeatId): SeatRow {
  const row = ledger.seat(epoch, seat);
  if (row === undefined) throw new Refusal(404, 'unknown-seat');
  if (row.nonce !== nonce || row.state === 'removed') throw new Refusal(410, 'removed');
  return row;
}

/** `known`: who has a key of a seat of this workshop, and needs no code. */
export function joining(
  ledger: Ledger,
  { nonce, name, seat: wish, managed, pglab }: Joining,
  { at, most, known }: { at: string; most: number; known: SeatId | null },
): Decision<Omit<Joined, 'key'>> {
  const { epoch } = known && known.epoch !== ledger.epoch && !managed ? known : ledger;
  const answer = (row: Pick<SeatRow, 'seat' | 'name'>) => ({
    ...{ seat: row.seat, epoch, name: row.name },
    workshop: { id: ledger.workshop, name: ledger.name, lab: ledger.lab },
  });
  if (ledger.isClosed) throw new Refusal(410, 'closed');
  const before = ledger.seatOfNonce(epoch, nonce);
  if (before?.state === 'removed') throw new Refusal(410, 'removed');
  if (before?.state === 'joined') return { records: [], answer: answer(before) };
  if (ledger.isLocked && known === null && before === undefined) throw new Refusal(403, 'locked');
  const seat =
    before?.seat ?? freeSeat(ledger.seats(epoch), known?.epoch === epoch ? known.seat : wish, most);
  if (seat === null) throw new Refusal(403, 'full');
  const shown = cleanText(name ?? '', MOST.nameCharacters) ?? animalOf(seat);
  const record: BoardRecord = { at, epoch, type: 'joined', seat, name: shown, nonce, managed, pglab };
  return { records: [record], answer: answer({ seat, name: shown }) };
}

/** The one that is wished for where it is free; else the first that is. Null: all are taken. */
function freeSeat(rows: ReadonlyMap<number, SeatRow>, wish: number | null, most: number): number | null {
  const isFree = (seat: number) => {
    const state = rows.get(seat)?.state;
    return state === undefined || state === 'removed';
  };
  if (wish !== null && wish <= most && isFree(wish)) return wish;
  for (let seat = 1; seat <= most; seat += 1) if (isFree(seat)) return seat;
  return null;
}

export function ranging(
  ledger: Ledger,
  id: SeatId,
  journal: string,
  range: Range,
  at: string,
): Decision<Through> {
  ownSeat(ledger, id);
  const { epoch, seat } = id;
  const through = ledger.through(epoch, seat, journal);
  const next = { seq: range.to, mark: range.mark, fork: range.fork };
  if (isBuiltUpon(through, range))
    return { records: [{ at, epoch, type: 'range', seat, journal, ...range }], answer: next };
  // One that was answered, and the answer got lost.
  const isAgain = range.fork === through.fork && range.to === through.seq && range.mark === through.mark;
  if (!isAgain) throw new Refusal(409, 'bad-request', through);
  return { records: [], answer: through };
}

/** Lines that came by a file; without any it only asks how far the board has that journal. */
export function bringing(
  ledger: Ledger,
  { journal, range, ...own }: Bringing,
  at: string,
): Decision<Through> {
  if (range !== null) return ranging(ledger, own, journal, range, at);
  ownSeat(ledger, own);
  return { records: [], answer: ledger.through(own.epoch, own.seat, journal) };
}

export function leaving(
  ledger: Ledger,
  id: SeatId,
  { forget }: { forget: boolean },
  at: string,
): Decision<object> {
  const { state } = ownSeat(ledger, id);
  const { epoch, seat } = id;
  if (state !== 'joined' && !forget) return { records: [], answer: {} };
  return { records: [{ at, epoch, type: 'left', seat, forgotten: forget }], answer: {} };
}
