/**
 * One connection of a seat's wire, from its opening to its end. All that the other end says is hostile until it is checked:
 * it is cut at a bound here.
 */
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { createDeflateRaw } from 'node:zlib';
import { urlPart } from '../../grammar.ts';
import { isObject } from '../../journal/shapes.ts';
import { type Asked, TIMES } from '../protocol.ts';
import { readJson } from '../read-json.ts';
import { lineReader, PACKING, UPGRADE } from '../wire.ts';
import { type Answer, LONGEST_ANSWER, NoAnswer, readAll } from './board-link.ts';
import { type Credentials, pskConnection } from './psk-connection.ts';

export interface WireOptions {
  host: string;
  port: number;
  credentials: Credentials;
  /** `/api/1/seats/12/wire?courier=4f…&after=3` */
  path: string;
  /** Called with each word of the board. */
  hear: (word: unknown) => void;
}

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (cause: NoAnswer) => void;
  timer: NodeJS.Timeout;
}

/** Resolves with the answer of a board that opens no wire. Throws `NoAnswer`, after 4 s at the latest. */
export function openWire(options: WireOptions, signal: AbortSignal): Promise<OpenWire | Answer> {
  const { host, port, credentials, path, hear } = options;
  const headers = { Host: `${urlPart(host)}:${port}`, Connection: 'Upgrade', Upgrade: UPGRADE };
  const createConnection = () => pskConnection(host, port, credentials);
  const asked = request({ path, headers, signal, createConnection });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => asked.destroy(new Error('no answer in time')), TIMES.request);
    const fail = (cause: unknown) => {
      clearTimeout(late);
      reject(new NoAnswer(cause));
    };
    asked.on('error', fail);
    asked.on('upgrade', (_, socket, head) => {
      clearTimeout(late);
      resolve(new OpenWire(socket, head, hear, signal));
    });
    asked.on('response', (response) => {
      readAll(response, LONGEST_ANSWER).then((body) => {
        clearTimeout(late);
        resolve({ status: response.statusCode ?? 0, body });
      }, fail);
    });
    asked.end();
  });
}

export class OpenWire {
  /** Rejects with a `NoAnswer` once it has ended. */
  readonly ended: Promise<never>;
  readonly #socket: Duplex;
  readonly #packed = createDeflateRaw(PACKING);
  readonly #hear: (word: unknown) => void;
  /** Questions that were not answered yet: answers come in their order. */
  readonly #waiting: Waiting[] = [];
  readonly #watchdog: NodeJS.Timeout;
  /** Why it ended; null: it has not. */
  #cause: NoAnswer | null = null;

  constructor(socket: Duplex, head: Buffer, hear: (word: unknown) => void, signal: AbortSignal) {
    this.#socket = socket;
    this.#hear = hear;
    this.#packed.pipe(socket);
    this.#watchdog = setTimeout(() => this.#end('no beat'), TIMES.silent);
    this.ended = new Promise((_, reject) => {
      socket.on('error', (error) => reject(new NoAnswer(error)));
      socket.on('close', () => reject(new NoAnswer(new Error('the wire ended'))));
    });
    const stop = () => socket.destroy();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.ended.catch((cause) => {
      signal.removeEventListener('abort', stop);
      this.#over(cause);
    });
    const read = lineReader(LONGEST_ANSWER, (line) => this.#take(readJson(line.toString())));
    socket.on('data', (chunk: Buffer) => {
      this.#watchdog.refresh();
      try {
        read(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    if (head.length > 0) socket.unshift(head);
  }

  ask(asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#cause !== null) return reject(this.#cause);
      const timer = setTimeout(() => this.#end('no answer in time'), TIMES.request);
      this.#waiting.push({ resolve, reject, timer });
      this.#packed.write(`${JSON.stringify(asked)}\n`);
    });
  }

  #take(told: unknown): void {
    if (!isObject(told)) return;
    if ('heard' in told) {
      this.#hear(told.heard);
      return;
    }
    const waiting = this.#waiting.shift();
    // An answer that nobody asked for: what answers is no board.
    if (waiting === undefined || typeof told.answered !== 'number') {
      this.#end('no answer of a board');
      return;
    }
    clearTimeout(waiting.timer);
    waiting.resolve({ status: told.answered, body: told.body });
  }

  #over(cause: NoAnswer): void {
    this.#cause = cause;
    clearTimeout(this.#watchdog);
    this.#packed.destroy();
    for (const { reject, timer } of this.#waiting) {
      clearTimeout(timer);
      reject(cause);
    }
  }

  #end(why: string): void {
    this.#socket.destroy(new Error(why));
  }
}
