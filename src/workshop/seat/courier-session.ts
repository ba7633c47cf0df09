/** A courier at work for one seat: it sends, it listens, and it says how it gets on. */
import { Trouble } from '../../trouble.ts';
import { TIMES } from '../protocol.ts';
import { heardIn, refusedIn } from './board-answers.ts';
import { NoAnswer } from './board-link.ts';
import { StatusWriter } from './courier-status.ts';
import { HomeJournals } from './home-journals.ts';
import { HomeWatch } from './home-watch.ts';
import { joinAgain } from './joining.ts';
import { ManagedSeat, type ResetSeat } from './managed-seat.ts';
import { pause, pauseBefore } from './retry.ts';
import type { Seat } from './seat-file.ts';
import { endSeat, hear } from './seat-inbox.ts';
import { BoardRefuses, SeatSender } from './seat-sender.ts';
import { SentLog } from './sent-log.ts';
import { WaysToBoard } from './ways-to-board.ts';
import type { WireToBoard } from './wire-to-board.ts';

/** Lines of which nothing leaves are told once nothing more came for so long. */
const QUIET_MS = 3_000;
const LOOK_EVERY_MS = 1_000;
/** How long it goes on trying once the board has said that it closes. */
const CLOSING_MS = 60_000;

export class CourierSession {
  readonly #home: string;
  readonly #seat: Seat;
  readonly #managed: ManagedSeat | null;
  readonly #journals: HomeJournals;
  readonly #sender: SeatSender;
  readonly #status: StatusWriter;
  readonly #ways: WaysToBoard;
  readonly #ending = new AbortController();
  readonly #watch: HomeWatch;
  #wake = () => {};
  #changedAt = 0;
  #sentAt = 0;
  #isConnected = false;
  #trouble: string | null = null;
  #closingAt: number | null = null;
  #isOver = false;
  /** How often in a row no wire could be opened. */
  #unheard = 0;
  /** Words are taken one after another. */
  #words = Promise.resolve();

  constructor(home: string, seat: Seat, reset: ResetSeat) {
    this.#home = home;
    this.#seat = seat;
    this.#managed = seat.managed ? new ManagedSeat(home, seat, reset, this.signal) : null;
    this.#journals = new HomeJournals(home);
    const streams = () => this.#journals.streams();
    this.#sender = new SeatSender({ seat, sent: new SentLog(home), streams });
    this.#status = new StatusWriter(home);
    this.#ways = new WaysToBoard(home, seat, (word) => this.#heard(word));
    this.#watch = new HomeWatch(() => this.#look());
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  end(): void {
    this.#ending.abort();
    this.#ways.close();
    this.#wake();
  }

  /** Works until it is ended. Returns whether the workshop is over for this seat. */
  async run(): Promise<boolean> {
    this.#look();
    const looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
    try {
      await Promise.all([this.#send(), this.#listen()]);
    } finally {
      clearInterval(looking);
      this.#watch.close();
      this.#ways.close();
      this.#isConnected = false;
      this.#tell();
    }
    return this.#isOver;
  }

  #look(): void {
    if (this.#journals.refresh()) this.#changedAt = performance.now();
    this.#watch.follow(this.#journals.folders);
    this.#tell();
    if (this.#isNeeded() || this.#isDone()) this.#wake();
    const hasAll = this.#sender.more === 0 && !this.#sender.isUrgent;
    void this.#managed?.look(hasAll ? this.#ways.address : null);
  }

  #isNeeded(): boolean {
    if (this.#sender.isUrgent) return true;
    const isQuiet = performance.now() - this.#changedAt > QUIET_MS || this.#closingAt !== null;
    return isQuiet && this.#sender.more > 0;
  }

  /** The first change at once, later ones gathered; what failed is tried again, over another connection. */
  async #send(): Promise<void> {
    for (let failed = 0; !this.signal.aborted; ) {
      if (this.#isDone()) this.#finish();
      else await this.#untilNeeded();
      if (this.signal.aborted) return;
      if (!this.#isNeeded()) continue;
      this.#sentAt = performance.now();
      const { wire } = this.#ways;
      try {
        await this.#deliver(wire);
        failed = 0;
      } catch (error) {
        failed += 1;
        await this.#failed(error, wire);
        await pause(waitAfter(error, failed), this.signal);
      }
    }
  }

  async #deliver(wire: WireToBoard): Promise<void> {
    await this.#sender.deliver(wire, this.#ways.address);
    this.#sender.drop();
    this.#trouble = null;
    this.#ways.isGood();
    if (this.#closingAt !== null) await this.#beat(wire);
    this.#tell();
  }

  async #untilNeeded(): Promise<void> {
    const rest = this.#sentAt + TIMES.gather - performance.now();
    if (this.#sentAt > 0 && rest > 0) await pause(rest, this.signal);
    while (!this.#isNeeded() && !this.#isDone() && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Nothing is left to tell to a board that closes; or it is gone for good. */
  #isDone(): boolean {
    if (this.#closingAt === null) return false;
    return this.#sender.more === 0 || performance.now() - this.#closingAt > CLOSING_MS;
  }

  #finish(): void {
    this.#isOver = true;
    this.end();
  }

  async #listen(): Promise<void> {
    while (!this.signal.aborted) {
      const { wire } = this.#ways;
      try {
        throw new BoardRefuses(await wire.listen());
      } catch (error) {
        if (this.signal.aborted) return;
        this.#unheard += 1;
        await this.#words;
        await this.#failed(error, wire);
        await pause(waitAfter(error, this.#unheard), this.signal);
      }
    }
  }

  #heard(word: unknown): void {
    this.#unheard = 0;
    const { wire } = this.#ways;
    this.#words = this.#words.then(() => this.#take(wire, word)).catch((error) => this.#failed(error, wire));
  }

  async #take(wire: WireToBoard, word: unknown): Promise<void> {
    const heard = heardIn(word);
    // What only a later board says, this one does not understand.
    if (heard === null) return;
    this.#isConnected = true;
    this.#ways.isGood();
    if (heard.type === 'beat') await this.#beat(wire);
    else {
      await hear(this.#home, this.#seat, heard);
      // That nothing is left to tell is told as well.
      if (heard.type === 'closing') await this.#beat(wire);
      if (heard.type === 'closing') this.#closingAt ??= performance.now();
      if (heard.type === 'removed') this.#finish();
      this.#look();
    }
    this.#tell();
  }

  async #beat(wire: WireToBoard): Promise<void> {
    const answer = await wire.ask({ ask: 'beat', more: this.#sender.more });
    if (answer.status !== 200) throw new BoardRefuses(answer);
  }

  async #failed(error: unknown, wire: WireToBoard): Promise<void> {
    if (this.signal.aborted) return;
    if (error instanceof NoAnswer) {
      this.#isConnected = false;
      this.#sender.forget();
      this.#ways.next(wire);
    } else if (error instanceof BoardRefuses) await this.#refused(error);
    // On a full disk, or in a home that is gone, it goes on later.
    else if (error instanceof Trouble) this.#trouble = error.code;
    else throw error;
    this.#tell();
  }

  async #refused({ status, refused }: BoardRefuses): Promise<void> {
    if (status === 410) {
      await endSeat(this.#home);
      this.#finish();
    } else if (status === 404 && refused === 'unknown-seat') {
      // Its disk is gone, and the journals fill it again.
      this.#sender.forget();
      const answer = await joinAgain(this.#home, this.#ways.address, this.#seat).catch(() => null);
      this.#trouble = answer === null || answer.status === 200 ? null : refusedIn(answer.body) || 'refused';
    } else if (status === 423) this.#trouble = 'twice';
    else if (status !== 429 && status !== 503) this.#trouble = refused || 'refused';
  }

  #tell(): void {
    const { address } = this.#ways;
    const { more } = this.#sender;
    this.#status.write({ connected: this.#isConnected, address, more, trouble: this.#trouble });
  }
}

function waitAfter(error: unknown, failed: number): number {
  // Its own minute has passed when another machine is known to be silent.
  if (error instanceof BoardRefuses && error.status === 423)
    return TIMES.retryFirst + pauseBefore(failed + 3);
  return pauseBefore(failed);
}
