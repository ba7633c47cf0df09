/** What seats hear: a stream of events for each that listens, with a beat; who does not read is dropped. */
import type { ServerResponse } from 'node:http';
import { type Heard, MOST, TIMES } from '../protocol.ts';
import type { SeatId } from './deciding.ts';
import type { Word } from './ledger.ts';

interface Inbox {
  id: SeatId;
  courier: string;
  response: ServerResponse;
}

/** Which courier speaks for a seat, and when it was last heard of. */
interface Speaker {
  courier: string;
  at: number;
}

export class Inboxes {
  readonly #open = new Set<Inbox>();
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

  /** `missed`: words that it has not heard yet. */
  open(id: SeatId, courier: string, response: ServerResponse, missed: readonly Word[]): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for (const other of this.#open) if (keyOf(other.id) === keyOf(id)) other.response.destroy();
    const inbox = { id, courier, response };
    this.#open.add(inbox);
    response.on('close', () => {
      this.#open.delete(inbox);
    });
    this.#send(inbox, this.#beatNow());
    for (const { heard } of missed) this.#send(inbox, heard);
  }

  say(word: Word): void {
    for (const inbox of this.#open) if (isFor(word, inbox.id)) this.#send(inbox, word.heard);
  }

  /** Ends what a seat that left, or was removed, hears. */
  part({ epoch, seat }: Pick<SeatId, 'epoch' | 'seat'>): void {
    for (const { id, response } of this.#open) if (id.epoch === epoch && id.seat === seat) response.end();
    for (const key of this.#speakers.keys()) {
      const id = idOf(key);
      if (id.epoch !== epoch || id.seat !== seat) continue;
      this.#speakers.delete(key);
      this.#presence.gone(id);
    }
  }

  stop(): void {
    clearInterval(this.#beats);
    for (const { response } of this.#open) response.destroy();
  }

  #beat(): void {
    const beat = this.#beatNow();
    for (const inbox of this.#open) this.#send(inbox, beat);
    for (const [key, { at }] of this.#speakers) {
      if (this.#now() - at < TIMES.silent) continue;
      this.#speakers.delete(key);
      this.#presence.gone(idOf(key));
    }
  }

  #beatNow(): Heard {
    return { type: 'beat', time: new Date(this.#now()).toISOString() };
  }

  #send({ response }: Inbox, heard: Heard): void {
    if (response.writableLength > MOST.backlogBytes) {
      response.destroy();
      return;
    }
    const id = heard.type === 'beat' ? '' : `id: ${heard.id}\n`;
    response.write(`${id}data: ${JSON.stringify(heard)}\n\n`);
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
