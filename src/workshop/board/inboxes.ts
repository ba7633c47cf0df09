/** What seats hear over their wires, with a beat; and which of them are here. */
import { type Heard, TIMES } from '../protocol.ts';
import type { AnsweringWire } from './answering-wire.ts';
import type { SeatId } from './deciding.ts';
import type { Word } from './ledger.ts';

interface Inbox {
  id: SeatId;
  wire: AnsweringWire;
}

/** Which courier speaks for a seat, and when it was last heard of. */
interface Speaker {
  courier: string;
  at: number;
}

export class Inboxes {
  /** By seat: each has one wire. */
  readonly #open = new Map<string, Inbox>();
  readonly #speakers = new Map<string, Speaker>();
  readonly #now: () => number;
  readonly #beats: NodeJS.Timeout;
  readonly #presence: { sat(id: SeatId): void; gone(id: SeatId): void };

  /** `sat`, `gone`: called when a seat is heard of after it was not, and the other way round. */
  constructor(now: () => number, presence: { sat(id: SeatId): void; gone(id: SeatId): void }) {
    this.#now = now;
    this.#presence = presence;
    this.#beats = setInterval(() => this.#beat(), TIMES.beat);
  }
  /** Whether this courier may speak for the seat: another one does that was heard of just now. Takes note of it. */
  speaks(id: SeatId, courier: string): boolean {
    const now = this.#now();
    const key = keyOf(id);
    const last = this.#speakers.get(key);
    const isLive = last !== undefined && now - last.at < TIMES.silent;
    if (isLive && last.courier !== courier) return false;
    this.#speakers.set(key, { courier, at: now });
    if (!isLive) this.#presence.sat(id);
    return true;
  }

  /** In place of the wire that the seat had. `missed`: words that it has not heard yet. */
  open(id: SeatId, wire: AnsweringWire, missed: readonly Word[]): void {
    const key = keyOf(id);
    this.#open.get(key)?.wire.destroy();
    this.#open.set(key, { id, wire });
    wire.onClose(() => {
      if (this.#open.get(key)?.wire === wire) this.#open.delete(key);
    });
    wire.say(this.#beatNow());
    for (const { heard } of missed) wire.say(heard);
  }

  say(word: Word): void {
    for (const { id, wire } of this.#open.values()) if (isFor(word, id)) wire.say(word.heard);
  }

  /** Ends what a seat that left, or was removed, hears. */
  part({ epoch, seat }: Pick<SeatId, 'epoch' | 'seat'>): void {
    for (const { id, wire } of this.#open.values()) if (id.epoch === epoch && id.seat === seat) wire.end();
    for (const key of this.#speakers.keys()) {
      const id = idOf(key);
      if (id.epoch !== epoch || id.seat !== seat) continue;
      this.#speakers.delete(key);
      this.#presence.gone(id);
    }
  }

  stop(): void {
    clearInterval(this.#beats);
    for (const { wire } of this.#open.values()) wire.destroy();
  }

  #beat(): void {
    const beat = this.#beatNow();
    for (const { wire } of this.#open.values()) wire.say(beat);
    for (const [key, { at }] of this.#speakers) {
      if (this.#now() - at < TIMES.silent) continue;
      this.#speakers.delete(key);
      // The other end may have gone without a word.
      this.#open.get(key)?.wire.destroy();
      this.#presence.gone(idOf(key));
    }
  }

  #beatNow(): Heard {
    return { type: 'beat', time: new Date(this.#now()).toISOString() };
  }
}

export function isFor({ epoch, seats }: Word, id: SeatId): boolean {
  return epoch === id.epoch && (seats === 'all' || seats.includes(id.seat));
}

function keyOf({ epoch, seat, nonce }: SeatId): string {
  return `${epoch} ${seat} ${nonce}`;
}

function idOf(key: string): SeatId {
  const [epoch, seat, nonce = ''] = key.split(' ');
  return { epoch: Number(epoch), seat: Number(seat), nonce };
}
