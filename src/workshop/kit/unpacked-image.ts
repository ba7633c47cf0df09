/** An image of a kit as engines take it: Docker 20.10 refuses what is compressed in newer ways, so that it gets a plain tar. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { forgetDigest, writeDigest } from '../../image/tarball.ts';
import { nameBeside } from '../../own-files.ts';
import { messageOf, Trouble } from '../../trouble.ts';
import type { PackedImage } from './kit-list.ts';

/**
 * Unpacks an image to a file, whole or not at all, with its digest beside it. Trouble `kit-wrong` where it is not what the
 * list says; no more is written than that.
 */
export async function unpackImage(folder: string, image: PackedImage, to: string): Promise<void> {
  const aside = nameBeside(to);
  const digest = createHash('sha256');
  let left = image.tarBytes;
  const bounded = new Transform({
    transform(chunk: Buffer, _, done) {
      digest.update(chunk);
      left -= chunk.length;
      done(left < 0 ? new Error(`more than ${image.tarBytes} bytes`) : null, chunk);
    },
  });
  try {
    const packed = createReadStream(join(folder, image.name));
    await pipeline(packed, createBrotliDecompress(), bounded, createWriteStream(aside, { flags: 'wx' }));
    if (left !== 0 || digest.digest('hex') !== image.tarSha256) throw new Error('sha256');
    await forgetDigest(to);
    renameSync(aside, to);
    await writeDigest(to);
  } catch (cause) {
    const why = messageOf(cause);
    throw new Trouble('kit-wrong', { folder, files: `${image.name} (${why})` }, { cause });
  } finally {
    rmSync(aside, { force: true });
  }
}
