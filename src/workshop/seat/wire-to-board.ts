/** A seat's end of its wire: opened when it is first needed, and anew after it has ended. */
import type { Asked } from '../protocol.ts';
import type { Answer } from './board-link.ts';
import { OpenWire, openWire, type WireOptions } from './open-wire.ts';

export class WireToBoard {
  readonly #options: () => WireOptions;
  #open: Promise<OpenWire | Answer> | null = null;
  readonly #ending = new AbortController();

  /** `options`: asked each time that it is opened. */
  constructor(options: () => WireOptions) {
    this.#options = options;
  }

  /** Asks, and waits 4 s at most. Throws `NoAnswer`; any status is an answer, also that of a board which opens no wire. */
  async ask(asked: Asked): Promise<Answer> {
    const open = await this.#opened();
    return open instanceof OpenWire ? open.ask(asked) : open;
  }

  /** Resolves with the answer of a board that opens no wire; throws `NoAnswer` once the wire has ended. */
  async listen(): Promise<Answer> {
    const open = await this.#opened();
    return open instanceof OpenWire ? open.ended : open;
  }

  /** For good. */
  close(): void {
    this.#ending.abort();
  }

  #opened(): Promise<OpenWire | Answer> {
    if (this.#open !== null) return this.#open;
    const opening = openWire(this.#options(), this.#ending.signal);
    this.#open = opening;
    const over = () => {
      if (this.#open === opening) this.#open = null;
    };
    opening.then((open) => (open instanceof OpenWire ? open.ended.catch(over) : over()), over);
    return opening;
  }
}
