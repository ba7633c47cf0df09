/** A seat of the bench: a home with a journal that grows, and the courier's own code that carries it by TLS-PSK. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFolder } from '../../../src/home.ts';
import { FORMAT, lineOf, type Written } from '../../../src/journal/line.ts';
import { seatKey } from '../../../src/workshop/codes.ts';
import { CourierSession } from '../../../src/workshop/seat/courier-session.ts';
import { HomeJournals } from '../../../src/workshop/seat/home-journals.ts';
import { NO_SEAT, type Seat, seatFolder, writeSeat } from '../../../src/workshop/seat/seat-file.ts';
import { SeatSender } from '../../../src/workshop/seat/seat-sender.ts';
import { SentLog } from '../../../src/workshop/seat/sent-log.ts';
import { wireOf } from '../../../src/workshop/seat/ways-to-board.ts';
import type { Ticket } from '../../../src/workshop/ticket.ts';
import { nonceOf } from './full-log.ts';

export class BenchSeat {
  readonly number: number;
  readonly home: string;
  readonly #wire: ReturnType<typeof wireOf>;
  readonly #seat: Seat;
  readonly #journal: string;
  readonly #journals: HomeJournals;
  readonly #sender: SeatSender;
  #session: CourierSession | null = null;
  #working: Promise<unknown> = Promise.resolve();
  #delivering: Promise<void> = Promise.resolve();
  lines = 0;

  /** `root`: a folder of the bench. `port`: of the board, or of what stands in its place. */
  constructor(root: string, ticket: Ticket, number: number, port: number) {
    this.number = number;
    this.home = join(root, String(number));
    mkdirSync(runFolder(this.home, 'bench'), { recursive: true, mode: 0o700 });
    this.#journal = join(runFolder(this.home, 'bench'), 'journal.jsonl');
    this.#seat = seatOf(ticket, number, `127.0.0.1:${port}`);
    mkdirSync(seatFolder(this.home), { recursive: true, mode: 0o700 });
    this.#wire = wireOf(this.home, this.#seat, `127.0.0.1:${port}`);
    this.#journals = new HomeJournals(this.home);
    const streams = () => this.#journals.streams();
    const sent = new SentLog(this.home);
    this.#sender = new SeatSender({ seat: this.#seat, sent, streams });
  }

  /** Raises the hand with such a text, as a line of the journal. */
  write(...texts: string[]): void {
    const lines = texts.map((text) => {
      this.lines += 1;
      const told = { v: FORMAT, seq: this.lines, at: new Date().toISOString(), participant: '' };
      return `${lineOf({ ...told, type: 'hand', up: true, text } as unknown as Written)}\n`;
    });
    appendFileSync(this.#journal, lines.join(''), { mode: 0o600 });
  }

  /** Carries what is new to the board, once; one delivery at a time, as a courier does. */
  deliver(): Promise<void> {
    const before = this.#delivering.catch(() => {});
    this.#delivering = before.then(async () => {
      this.#journals.refresh();
      await this.#sender.deliver(this.#wire, '127.0.0.1');
      this.#sender.drop();
    });
    return this.#delivering;
  }

  /** It has joined, as its own home tells. */
  sit(): void {
    writeSeat(this.home, { ...NO_SEAT, now: this.#seat });
  }

  /** A whole courier works for it from now on. */
  attend(): void {
    this.sit();
    this.#session = new CourierSession(this.home, this.#seat, async () => {});
    this.#working = this.#session.run();
  }

  async end(): Promise<void> {
    this.#session?.end();
    await this.#working;
    this.#wire.close();
  }
}

function seatOf(ticket: Ticket, seat: number, address: string): Seat {
  const { id, name, lab } = ticket;
  const nonce = nonceOf(seat);
  const identity = { is: 'seat', workshop: id, epoch: 1, seat, nonce } as const;
  const key = seatKey(Buffer.from(ticket.secret, 'hex'), identity).toString('hex');
  return {
    ...{ workshop: { id, name, lab }, epoch: 1, seat, name: `seat ${seat}`, key, nonce, managed: false },
    ...{ addresses: [address], before: [] },
  };
}

/** Seats 1 to `count`, in a folder of their own. Returns how to end them and remove it. */
export function benchSeats(ticket: Ticket, count: number, port: number) {
  const root = mkdtempSync(join(tmpdir(), 'pglab-bench-seats-'));
  const seats = Array.from({ length: count }, (_, at) => new BenchSeat(root, ticket, at + 1, port));
  const end = async () => {
    await Promise.all(seats.map((seat) => seat.end()));
    rmSync(root, { recursive: true, force: true });
  };
  return { seats, end };
}
