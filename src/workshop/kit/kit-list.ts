/**
 * `kit.json`: what a kit holds, with the size and the SHA-256 of each file. Whatever is not in it is not of the kit. Its own
 * SHA-256 stands for all of it.
 */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closed, integer, list, matching, oneOf } from '../../journal/shapes.ts';
import { nameBeside, readOwn } from '../../own-files.ts';
import { homeTrouble, Trouble } from '../../trouble.ts';

/** As Node names them: `process.platform`, `process.arch`. */
export const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64'] as const;
export type Platform = (typeof PLATFORMS)[number];

interface KitFile {
  name: string;
  bytes: number;
  /** 64 hex digits. */
  sha256: string;
}

/** The parcel of pglab itself, as `npm install` takes it. */
type Parcel = KitFile & { kind: 'pglab' };
/** A package of the registry that carries Node for one platform. */
export type NodePackage = KitFile & { kind: 'node'; platform: Platform };
/** A tarball as `docker save` writes it, compressed by brotli; `tar` is what it was, and will be. */
export type PackedImage = KitFile & { kind: 'image'; major: number; tarBytes: number; tarSha256: string };
export type Held = Parcel | NodePackage | PackedImage;

export interface Kit {
  kit: 1;
  /** The version of the pglab in it. */
  pglab: string;
  files: Held[];
}

const LIST = 'kit.json';
const MOST_FILES = 50;
const MOST_BYTES = 16 * 2 ** 30;
/** Bytes of a kit.json. */
export const LONGEST_LIST = 64 * 1024;

/** A name that is one anywhere, and leads nowhere else. */
const name = matching(/^[a-zA-Z0-9][\w.-]{0,99}$/);
const sha256 = matching(/^[0-9a-f]{64}$/);
const bytes = integer(0, MOST_BYTES);
const file = { name, bytes, sha256 };
const HELD = [
  closed({ ...file, kind: oneOf('pglab') }),
  closed({ ...file, kind: oneOf('node'), platform: oneOf(...PLATFORMS) }),
  closed({
    ...{ ...file, kind: oneOf('image'), major: integer(1, 999) },
    ...{ tarBytes: bytes, tarSha256: sha256 },
  }),
];
const isKit = closed({
  kit: oneOf(1),
  pglab: matching(/^\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[\w.-]{1,30})?$/),
  files: list((value) => HELD.some((test) => test(value)), MOST_FILES),
});

/** What a text says a kit holds; null: it is none, or names a file twice. */
export function kitIn(text: string): Kit | null {
  try {
    const kit: Kit = JSON.parse(text);
    if (!isKit(kit)) return null;
    const names = kit.files.map((each) => each.name.toLowerCase());
    const isPart = names.some((each) => each === LIST || each.endsWith('.part'));
    return isPart || new Set(names).size < names.length ? null : kit;
  } catch {
    return null;
  }
}

/** The kit in a folder; null where there is none. Trouble `kit-unreadable` where its list is none of ours. */
export function readKit(folder: string): Kit | null {
  const path = join(folder, LIST);
  if (!existsSync(path)) return null;
  const kit = kitIn(readOwn(path).toString('utf8'));
  if (kit === null) throw new Trouble('kit-unreadable', { folder });
  return kit;
}

/** As `readKit`; trouble `kit-missing` where there is none. */
export function requireKit(folder: string): Kit {
  const kit = readKit(folder);
  if (kit === null) throw new Trouble('kit-missing', { folder });
  return kit;
}

/** As it lies in a folder and goes over the network: of the same kit always the same bytes. */
export function kitText(kit: Kit): string {
  const files = [...kit.files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${JSON.stringify({ ...kit, files }, null, 2)}\n`;
}

/** The SHA-256 that stands for the whole kit. */
export function kitDigest(kit: Kit): string {
  return createHash('sha256').update(kitText(kit)).digest('hex');
}

/** Whole, or not at all. */
export function writeKit(folder: string, kit: Kit): void {
  const path = join(folder, LIST);
  const aside = nameBeside(path);
  try {
    writeFileSync(aside, kitText(kit), { flag: 'wx', flush: true });
    renameSync(aside, path);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw homeTrouble(path, cause);
  }
}

export function sizeOf(kit: Kit): number {
  return kit.files.reduce((sum, each) => sum + each.bytes, 0);
}
