/** A wire of the tests: what a seat says over it, byte for byte where a test wants that, and what it hears. */
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { constants, createDeflateRaw } from 'node:zlib';
import type { Heard } from '../src/workshop/protocol.ts';
import type { Said } from './seat-of-test.ts';

interface Waiting {
  resolve: (said: Said) => void;
  reject: (error: Error) => void;
}

export class WireOfTest {
  readonly socket: Duplex;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  isOver = false;
  readonly heard: Heard[] = [];
  readonly #headers: IncomingMessage['headers'];
  /** Neither end looks back further than 8 KB. */
  readonly #packed = createDeflateRaw({ windowBits: 13 });
  readonly #waiting: Waiting[] = [];

  constructor(socket: Duplex, head: Buffer, headers: IncomingMessage['headers']) {
    this.socket = socket;
    this.#headers = headers;
    this.#packed.pipe(socket);
    let rest = head.toString();
    const take = () => {
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(JSON.parse(line));
    };
    socket.setEncoding('utf8').on('data', (text) => {
      rest += text;
      take();
    });
    take();
    socket.on('error', () => {});
    this.ended = new Promise((resolve) => socket.on('close', resolve));
    void this.ended.then(() => {
      this.isOver = true;
      for (const { reject } of this.#waiting) reject(new Error('the wire ended'));
    });
  }

  /** A line of JSON; or such bytes, whatever they are. */
  ask(asked: unknown): Promise<Said> {
    return new Promise((resolve, reject) => {
      if (this.isOver) return reject(new Error('the wire ended'));
      this.#waiting.push({ resolve, reject });
      this.#packed.write(Buffer.isBuffer(asked) ? asked : `${JSON.stringify(asked)}\n`);
      this.#packed.flush(constants.Z_SYNC_FLUSH);
    });
  }

  /** Says this, whole or not, and is gone. */
  async cutOff(said: string): Promise<void> {
    this.#packed.write(said);
    await new Promise<void>((resolve) =>
      this.#packed.flush(constants.Z_SYNC_FLUSH, () => setImmediate(resolve)),
    );
    this.socket.end();
    await this.ended;
  }

  #take(told: { heard?: Heard; answered: number; body: object }): void {
    if (told.heard) this.heard.push(told.heard);
    else this.#waiting.shift()?.resolve({ status: told.answered, body: told.body, headers: this.#headers });
  }
}

/** Asks for a wire; what refuses it is an answer of HTTP. */
export function wireOn(socket: TLSSocket, path: string): Promise<WireOfTest | Said> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'board', connection: 'Upgrade', upgrade: 'pglab-wire' };
    const asked = request({ path, headers, createConnection: () => socket });
    asked.on('error', reject);
    asked.on('upgrade', (response, own, head) => resolve(new WireOfTest(own, head, response.headers)));
    asked.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status, headers, body: JSON.parse(text) }));
      response.on('error', reject);
    });
    asked.end();
  });
}
