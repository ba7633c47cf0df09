/** Tarballs of images: kept with their digest, and believed only while it fits. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, Trouble } from '../trouble.ts';

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

/** Before another tarball takes its place: killed in between, none is better than the wrong one. */
export async function forgetDigest(file: string): Promise<void> {
  await rm(`${file}.sha256`, { force: true });
}

/** Trouble where the tarball is not the one that its digest was written for. */
export async function checkDigest(file: string): Promise<void> {
  const promised = await readFile(`${file}.sha256`, 'utf8').catch(() => null);
  if (promised === null) return;
  const is = await sha256Of(file).catch((cause) => {
    throw new Trouble('load-failed', { file, why: messageOf(cause) }, { cause });
  });
  if (!promised.startsWith(is)) throw new Trouble('tarball-damaged', { file });
}
