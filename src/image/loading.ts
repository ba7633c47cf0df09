/** A tarball on its way to an engine: looked into first, since an engine takes all that is in it, names included. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { MessageKey } from '../content-keys.ts';
import type { Engine, Image } from '../engine/types.ts';
import { familiarName, withTag } from '../grammar.ts';
import { isReference } from '../names.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { type Archive, archiveIn, type Packed } from './archive.ts';
import { builtTag } from './build.ts';
import { whyOdd } from './odd-archive.ts';
import type { OwnImages } from './own-images.ts';
import { majorAskedFor } from './reference.ts';
import { isAsPromised } from './tarball.ts';

/** What a tarball is to hold. */
export interface Expected {
  /** The image's name; of an official one also the name that pglab gives to what it builds will do. */
  ref: string;
  /** The major that it must be; null: whichever. */
  major: number | null;
}

interface Loading extends Expected {
  /** Where it is written down which names were given. */
  own: OwnImages;
}

export interface Loaded {
  image: Image;
  /** Its SHA-256 is the one beside it; false: there is none. */
  isChecked: boolean;
}

/**
 * Loads the one image that a tarball holds. Trouble before the engine sees any of it: `tarball-damaged`, `load-failed`
 * where it cannot be read, `tarball-other` where something else is in it, `tarball-name-taken` where a name of its is
 * another image's on this engine.
 */
export async function loadTarball(
  engine: Engine,
  file: string,
  { own, ...expected }: Loading,
): Promise<Loaded> {
  const handle = await opened(file);
  try {
    const isChecked = await isAsPromised(file, handle);
    const archive = await archiveIn(handle).catch((cause) => {
      throw new Trouble('load-failed', { file, ...whyOdd(cause) }, { cause });
    });
    const image = onlyImage(file, archive, expected);
    const free = await freeNames(engine, file, image);
    const loaded = await engine.load(archive.bytes(), file);
    const [found] = loaded.length > 0 ? [await engine.image(loaded[0] as string)] : [];
    if (!found) throw new Trouble('load-failed', { file, why: 'why-none-loaded' satisfies MessageKey });
    own.given(engine, found.id, free);
    return { image: found, isChecked };
  } finally {
    await handle.close();
  }
}

/** Opened once: what was looked at is what is loaded. Without waiting: it may be somebody's pipe. */
async function opened(file: string): Promise<FileHandle> {
  const fails = (why: string, cause?: unknown) => new Trouble('load-failed', { file, why }, { cause });
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause) => {
    throw fails(messageOf(cause), cause);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw fails('why-no-file' satisfies MessageKey);
}

/** The image, if it is the only one, of the right name and major. */
export function onlyImage(
  file: string,
  { images }: Pick<Archive, 'images'>,
  { ref, major }: Expected,
): Packed {
  const other = (holds: string) => new Trouble('tarball-other', { file, holds, ref });
  const [image, ...more] = images;
  if (!image || more.length > 0)
    throw other(images.flatMap(({ names }) => (names.length > 0 ? names : ['<none>'])).join(', '));
  const is = majorOf(image);
  const told = `${image.names.join(', ') || '<none>'} (Postgres ${is ?? '?'})`;
  const isOfficial = majorAskedFor(ref) !== null;
  if (isOfficial && is === null) throw other(image.names.join(', ') || '<none>');
  if (major !== null && is !== major) throw other(told);
  if (!image.names.every((name) => isReference(name) && isExpected(name, ref, is))) throw other(told);
  return image;
}

function majorOf({ env }: Packed): number | null {
  return /^[1-9]\d{0,2}$/.test(env.PG_MAJOR ?? '') ? Number(env.PG_MAJOR) : null;
}

/** The very name; or, where the official image will do, an official name of its major, or pglab's own. */
function isExpected(name: string, ref: string, major: number | null): boolean {
  if (familiarName(name) === withTag(familiarName(ref))) return true;
  if (majorAskedFor(ref) === null || major === null) return false;
  const [, tag = ''] = /^postgres:(\S+)$/.exec(familiarName(name)) ?? [];
  const said = /^\d+/.exec(tag)?.[0];
  return (
    familiarName(name) === builtTag(major) || (tag !== '' && (said === undefined || Number(said) === major))
  );
}

/**
 * Those of its names that nobody has yet. On a shared engine a name may be anybody's: it is not taken from the image that
 * has it. pglab's own it may take.
 */
async function freeNames(engine: Engine, file: string, image: Packed): Promise<string[]> {
  const free: string[] = [];
  for (const name of image.names) {
    const there = await engine.image(name);
    const isSameImage = there !== null && isSame(there, image);
    const isOurs = familiarName(name).startsWith('pglab/');
    if (there !== null && !isSameImage && !isOurs) throw new Trouble('tarball-name-taken', { file, name });
    if (!isSameImage) free.push(name);
  }
  return free;
}

/** By what both stores of an engine tell: the containerd store's ids are not those of configurations. */
function isSame(there: Image, { configDigest, created, env }: Packed): boolean {
  if (there.id === `sha256:${configDigest}`) return true;
  const isSameEnv = Object.entries(env).every(([name, value]) => there.env[name] === value);
  return there.created === created && isSameEnv && Object.keys(there.env).length === Object.keys(env).length;
}
