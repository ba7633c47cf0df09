/**
 * What a container says, as the engine sends it: frames of 8 bytes of header each (the API documents them under
 * "attach"), or, of one with a terminal, the bare bytes. Read as it comes: nothing is kept here but a header.
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface Spoken {
  source: 'stdout' | 'stderr';
  text: string;
}

const HEADER = 8;
const STDERR = 2;

/** What is said, piece by piece, until the stream ends. The stream is ended when nobody listens any more. */
export async function* spokenIn(raw: Readable): AsyncIterable<Spoken> {
  const frames = new Frames();
  for await (const chunk of raw) yield* frames.take(chunk as Buffer);
}

class Frames {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #header: Buffer = Buffer.alloc(0);
  #source: Spoken['source'] = 'stdout';
  /** Bytes of this frame that are still to come; of a terminal's output, all. */
  #left = 0;

  *take(chunk: Buffer): Iterable<Spoken> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        const missing = HEADER - this.#header.length;
        this.#header = Buffer.concat([this.#header, chunk.subarray(at, at + missing)]);
        at += missing;
        if (this.#header.length === HEADER) yield* this.#begin();
        continue;
      }
      const part = chunk.subarray(at, at + Math.min(this.#left, chunk.length - at));
      at += part.length;
      this.#left -= part.length;
      yield* this.#said(part);
    }
  }

  *#begin(): Iterable<Spoken> {
    const header = this.#header;
    this.#header = Buffer.alloc(0);
    const isFrame = (header[0] as number) <= STDERR && header.readUIntBE(1, 3) === 0;
    if (isFrame) {
      this.#source = header[0] === STDERR ? 'stderr' : 'stdout';
      this.#left = header.readUInt32BE(4);
      return;
    }
    this.#left = Infinity;
    yield* this.#said(header);
  }

  *#said(bytes: Buffer): Iterable<Spoken> {
    const text = this.#decoders[this.#source].write(bytes);
    if (text !== '') yield { source: this.#source, text };
  }
}
