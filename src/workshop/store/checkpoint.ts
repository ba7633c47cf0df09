/**
 * What a board made of the first part of its log, beside the log: it comes back sooner by it. The log alone counts. A
 * checkpoint is taken only where the part that it stands for is there byte for byte (its CRC-32), and where it is sealed
 * with the workshop's secret, so that nothing else is ever read as one; one that is torn, or of another log, another
 * version or another hand, is as good as none.
 *
 *     board.state: 32 bytes HMAC-SHA-256 of the rest · v8's serialization of a `Checkpoint` and its maker
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, readSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { openOwn, readOwn } from '../../own-files.ts';
import type { Kept } from '../records.ts';

/** `end`: bytes of the log that it stands for. `sum`: their CRC-32. */
export interface Checkpoint extends Kept {
  end: number;
  sum: number;
}

/** `secret`: the workshop's. `by`: what made it; what another has made may mean something else. */
export interface Maker {
  secret: string;
  by: string;
}

const SEAL_BYTES = 32;
const CHUNK = 1 << 20;

export class CheckpointFile {
  readonly #file: string;
  readonly #maker: Maker;

  constructor(folder: string, maker: Maker) {
    this.#file = join(folder, 'board.state');
    this.#maker = maker;
  }

  /** Null: there is none that fits this log. */
  of(log: string): Checkpoint | null {
    try {
      const bytes = readOwn(this.#file);
      const body = bytes.subarray(SEAL_BYTES);
      if (bytes.length <= SEAL_BYTES || !timingSafeEqual(bytes.subarray(0, SEAL_BYTES), this.#seal(body)))
        return null;
      const { by, ...checkpoint } = deserialize(body) as Checkpoint & { by: string };
      if (by !== this.#maker.by) return null;
      return sumOfFile(log, 0, checkpoint.end, 0) === checkpoint.sum ? checkpoint : null;
    } catch {
      return null;
    }
  }

  /** It is there whole, or the one before it is. Not flushed: what a power cut leaves of it is not taken. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const body = serialize({ ...checkpoint, by: this.#maker.by });
    // One name: a board that is killed while it writes leaves no more than one part of a file.
    const part = `${this.#file}.part`;
    await rm(part, { force: true });
    await writeFile(part, [this.#seal(body), body], { mode: 0o600, flag: 'wx' });
    await rename(part, this.#file);
  }

  #seal(body: Buffer): Buffer {
    return createHmac('sha256', this.#maker.secret).update('pglab checkpoint\n').update(body).digest();
  }
}

/** The CRC-32 of a part of a file, after that of what comes before it. Null: the file is shorter. */
export function sumOfFile(file: string, from: number, to: number, before: number): number | null {
  const descriptor = openOwn(file, constants.O_RDONLY);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let sum = before;
    for (let at = from; at < to; ) {
      const size = readSync(descriptor, chunk, 0, Math.min(CHUNK, to - at), at);
      if (size === 0) return null;
      sum = crc32(chunk.subarray(0, size), sum);
      at += size;
    }
    return sum;
  } finally {
    closeSync(descriptor);
  }
}
