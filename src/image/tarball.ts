/** Tarballs of images: kept with their digest, and believed only while it fits. */
import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, readSync } from 'node:fs';
import { type FileHandle, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openOwn } from '../own-files.ts';
import { messageOf, Trouble } from '../trouble.ts';

/**
 * Whether a file of the folder of tarballs is one of those that pglab keeps there, or that a killed one left. Neither
 * a lock nor a build: they are somebody's at work.
 */
export function isKeptHere(name: string): boolean {
  return /^(?:postgres-\d{1,3}\.tar(?:\.sha256)?|lock\.clearing)(?:\.[0-9a-f]{12}\.part)?$/.test(name);
}

/** The SHA-256 of a file, as 64 hex digits. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Writes the digest beside the tarball, in the form that `sha256sum -c` reads; returns it. */
export async function writeDigest(file: string): Promise<string> {
  const digest = await sha256Of(file);
  await writeFile(`${file}.sha256`, `${digest}  ${basename(file)}\n`);
  return digest;
}

/**
 * Removes the digest, before another tarball takes the place of its own: killed in between, no digest is better than
 * a wrong one.
 */
export async function forgetDigest(file: string): Promise<void> {
  await rm(`${file}.sha256`, { force: true });
}

/**
 * Whether an open tarball is the one that its digest was written for; false where there is no digest beside it. Trouble
 * `tarball-damaged` where it is another, `load-failed` or `not-a-file` where what is beside it cannot be read.
 */
export async function isAsPromised(file: string, handle: FileHandle): Promise<boolean> {
  const promised = promiseIn(`${file}.sha256`);
  if (promised === null) return false;
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(handle)) hash.update(chunk);
  if (!promised.startsWith(hash.digest('hex'))) throw new Trouble('tarball-damaged', { file });
  return true;
}

/** Bytes of the file with a digest: the digest stands first, the tarball's name behind it does not count. */
const LONGEST_PROMISE = 200;

/** Null: there is none. It lies where others may write: a link there is not followed, and a pipe not waited for. */
function promiseIn(file: string): string | null {
  try {
    const descriptor = openOwn(file, constants.O_RDONLY);
    try {
      const start = Buffer.alloc(LONGEST_PROMISE);
      return start.toString('utf8', 0, readSync(descriptor, start));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (cause instanceof Trouble) throw cause;
    throw new Trouble('load-failed', { file, why: messageOf(cause) }, { cause });
  }
}

const CHUNK = 1 << 20;

/** All that is in an open file, from its beginning: it stays open, and may be read again. */
export async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
