/**
 * Carries what the journals of a home tell to the board of one seat. It keeps nothing that it cannot ask for: how far the
 * board has come, it asks the board.
 */
import type { Asked, Through } from '../protocol.ts';
import { refusedIn, throughIn } from './board-answers.ts';
import { type Answer, NoAnswer } from './board-link.ts';
import type { JournalTail } from './journal-tail.ts';
import { builtUpon, NOTHING, nextRange, type Told } from './next-range.ts';
import type { EarlierSeat, Seat } from './seat-file.ts';
import type { SentLog } from './sent-log.ts';
import { pathOf } from './ways-to-board.ts';
import type { WireToBoard } from './wire-to-board.ts';

/** How often a board may contradict itself about one journal before we wait. */
const PATIENCE = 5;

/** The board answered, and does not take it. `refused`: its word for why. */
export class BoardRefuses extends Error {
  readonly status: number;
  readonly refused: string;

  constructor({ status, body }: Answer) {
    super(`refused: ${status} ${refusedIn(body)}`);
    this.status = status;
    this.refused = refusedIn(body);
  }
}

export interface SenderOptions {
  seat: Seat | EarlierSeat;
  sent: SentLog;
  /** All journals of the home, as they are now. */
  streams: () => ReadonlyMap<string, JournalTail>;
}

export class SeatSender {
  readonly #options: SenderOptions;
  #through = new Map<string, Through>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** What was learnt of the board counts no more: it may be another one, or have lost its disk. */
  forget(): void {
    this.#through.clear();
  }

  /** Lines that the board does not have, as far as we know. */
  get more(): number {
    return this.#own().reduce((sum, [id, tail]) => sum + this.#behind(id, tail), 0);
  }

  /** Whether something waits that the instructor is to see, or nobody knows what the board has of a journal. */
  get isUrgent(): boolean {
    return this.#own().some(([id, tail]) => {
      const through = this.#through.get(id);
      if (through === undefined) return true;
      const upTo = this.#upTo(id);
      return tail.lines.some(({ seq, lean }) => seq > through.seq && seq <= upTo && lean !== null);
    });
  }

  /** Tells the board all that it does not have. Throws `NoAnswer`, `BoardRefuses`. */
  async deliver(wire: WireToBoard, to: string): Promise<void> {
    const own = this.#own();
    for (const [id] of own) {
      const known = this.#through.get(id) ?? expectThrough(await wire.ask({ ask: 'through', journal: id }));
      this.#through.set(id, known);
    }
    for (const [id, tail] of own) await this.#deliverOne(wire, to, id, tail);
  }

  /** Lets go of what the board has. */
  drop(): void {
    for (const [id, tail] of this.#own()) tail.drop(this.#through.get(id)?.seq ?? 0);
  }

  async #deliverOne(wire: WireToBoard, to: string, id: string, tail: JournalTail): Promise<void> {
    let through = this.#through.get(id) ?? NOTHING;
    for (let tries = 0; ; ) {
      if (!tail.isWhole && (tail.lines[0]?.seq ?? 0) > through.seq) tail.reread();
      const upon = this.#isPast(id, through) ? through : builtUpon(tail.lines, through);
      const told = nextRange(tail.lines, upon, this.#upTo(id));
      if (told === null) break;
      const answer = await this.#tell(wire, to, told, id);
      tries = answer.status === 409 ? tries + 1 : 0;
      if (tries > PATIENCE) throw new BoardRefuses(answer);
      through = expectThrough(answer);
      this.#through.set(id, through);
    }
    this.#through.set(id, through);
  }

  async #tell(wire: WireToBoard, to: string, told: Told, journal: string): Promise<Answer> {
    const { sent, seat } = this.#options;
    const others = this.#own().filter(([other]) => other !== journal);
    const rest = others.reduce((sum, [other, tail]) => sum + this.#behind(other, tail), 0);
    const own = Math.max(0, this.#end(journal) - told.to);
    const asked: Asked = { ask: 'range', journal, ...told, more: rest + own };
    sent.add(to, pathOf(seat), asked);
    return wire.ask(asked);
  }

  /** The journals of this seat's group. */
  #own(): [string, JournalTail][] {
    const { seat, streams } = this.#options;
    const isOwn = (id: string) =>
      !seat.before.includes(id) && ('journals' in seat ? id in seat.journals : true);
    return [...streams()].filter(([id]) => isOwn(id));
  }

  /** An earlier seat has its journals as far as they had come by its end. */
  #upTo(id: string): number {
    const { seat } = this.#options;
    return 'journals' in seat ? (seat.journals[id] ?? 0) : Number.POSITIVE_INFINITY;
  }

  #end(id: string): number {
    return Math.min(this.#upTo(id), this.#options.streams().get(id)?.last ?? 0);
  }

  #isPast(id: string, through: Through): boolean {
    return through.seq >= this.#upTo(id);
  }

  #behind(id: string, tail: JournalTail): number {
    return Math.max(0, Math.min(this.#upTo(id), tail.last) - (this.#through.get(id)?.seq ?? 0));
  }
}

function expectThrough(answer: Answer): Through {
  const through = throughIn(answer.body);
  if (answer.status === 200 || (answer.status === 409 && through !== null)) {
    if (through === null) throw new NoAnswer(new Error('no answer of a board'));
    return through;
  }
  throw new BoardRefuses(answer);
}
