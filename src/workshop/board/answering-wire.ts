/** The board's end of a seat's wire: lines are answered one after another, and no more is read than is answered. */
import type { Duplex } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { type Answered, type Heard, MOST } from '../protocol.ts';
import { LineTooLong, lineReader, UNPACKING } from '../wire.ts';
import { FAREWELL_MS, refusalOf } from './bodies.ts';
import { Refusal } from './deciding.ts';

/** Who is refused so goes on: a seat builds upon what it is told, or waits for a disk. */
const GOES_ON: readonly number[] = [200, 409, 503];

/** What is made of a line: the body of its answer. Throws a `Refusal`. `bytes`: how long it was, unpacked. */
type Act = (asked: unknown, bytes: number) => Promise<object>;

export class AnsweringWire {
  readonly #socket: Duplex;
  readonly #act: Act;
  readonly #unpacked = createInflateRaw(UNPACKING);
  /** What was said and not answered; null: a line that is too long. */
  readonly #said: (Buffer | null)[] = [];
  #isAtWork = false;
  #isEnding = false;

  /** `head`: what came with the request that opened it. */
  constructor(socket: Duplex, head: Buffer, act: Act) {
    this.#socket = socket;
    this.#act = act;
    const read = lineReader(MOST.bodyBytes, (line) => this.#said.push(line));
    this.#unpacked.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        if (!(error instanceof LineTooLong)) throw error;
        this.#said.push(null);
      }
      if (this.#said.length > 0) void this.#work();
    });
    // What is no deflate is nobody's whom we know.
    this.#unpacked.on('error', () => this.destroy());
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.#unpacked.destroy());
    if (head.length > 0) socket.unshift(head);
    socket.pipe(this.#unpacked);
  }

  say(heard: Heard): void {
    this.#write({ heard });
  }

  onClose(closed: () => void): void {
    this.#socket.on('close', closed);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Hangs up, once what is being answered was. */
  end(): void {
    this.#isEnding = true;
    if (this.#isAtWork) return;
    this.#socket.unpipe(this.#unpacked);
    this.#unpacked.destroy();
    hangUp(this.#socket, '');
  }

  async #work(): Promise<void> {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    this.#unpacked.pause();
    for (let line = this.#said.shift(); line !== undefined; line = this.#said.shift()) {
      const told = await this.#answerTo(line);
      if (this.#socket.destroyed) return;
      this.#write(told);
      this.#isEnding ||= !GOES_ON.includes(told.answered);
      if (this.#isEnding) break;
    }
    this.#isAtWork = false;
    if (this.#isEnding) this.end();
    else this.#unpacked.resume();
  }

  async #answerTo(line: Buffer | null): Promise<Answered> {
    try {
      if (line === null) throw new Refusal(413, 'too-large');
      return { answered: 200, body: await this.#act(parsed(line), line.length) };
    } catch (error) {
      const { status, body } = refusalOf(error);
      return { answered: status, body };
    }
  }

  /** Who does not read is dropped. */
  #write(told: Answered | { heard: Heard }): void {
    if (this.#socket.writableLength > MOST.backlogBytes) this.destroy();
    else this.#socket.write(`${JSON.stringify(told)}\n`);
  }
}

/** With these last words; what still comes is thrown away, for who hung up at once would not be heard. */
export function hangUp(socket: Duplex, words: string): void {
  socket.end(words);
  socket.resume();
  const late = setTimeout(() => socket.destroy(), FAREWELL_MS);
  socket.once('close', () => clearTimeout(late));
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    throw new Refusal(400, 'bad-request');
  }
}
