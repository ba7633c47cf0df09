/**
 * Folders and files that only we write. One that belongs to somebody else is refused, and a link in a file's place
 * is not followed: pglab may run as root in a folder that a student can write to.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Trouble } from './trouble.ts';

const PRIVATE = 0o700;
const STICKY = 0o1000;
/** Not there on Windows. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/**
 * Makes a folder, and those above it that are missing, for us alone (0700). Node's own recursive mkdir never
 * returns where the kernel says ENOENT, as in /proc. Throws the system's error where that cannot be.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: PRIVATE });
  } catch (error) {
    // Another pglab may have made it just now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Trouble `not-a-folder` where something else is in its place. */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Trouble('not-a-folder', { folder });
}

/**
 * As `makeFolder`, and ours in the end: Trouble `not-ours` where it belongs to another user, or is their link; or
 * where root would leave a folder of its own in another user's home, who could write there no more. Trouble
 * `home-shared` where others would be locked out.
 */
export function makeOwnFolder(folder: string): void {
  const us = process.geteuid?.();
  if (us === 0) refuseInside(folder);
  makeFolder(folder);
  requireFolder(folder);
  if (us === undefined) return;
  const link = lstatSync(folder);
  const { uid, mode } = statSync(folder);
  const isTheirLink = link.isSymbolicLink() && link.uid !== us && link.uid !== 0;
  if (uid !== us || isTheirLink)
    throw new Trouble('not-ours', { folder, owner: isTheirLink ? link.uid : uid, us });
  if ((mode & 0o077) === 0) return;
  refuseOthersThings(folder, mode, us);
  chmodSync(folder, PRIVATE);
}

/** What a folder is told by to be a home of ours; `lost+found` is in the root of a disk of one's own. */
const HOME_ID = 'home-id';
const OF_A_DISK = 'lost+found';

/**
 * Where a folder that others may enter is not ours alone, to close it would lock them out: root would close /tmp or
 * /etc for the whole machine. Trouble `home-shared`. What lies in a private folder of ours is ours.
 */
function refuseOthersThings(folder: string, mode: number, us: number): void {
  const real = realpathSync(folder);
  if (isInPrivate(real, us)) return;
  const inside = readdirSync(folder).filter((name) => name !== OF_A_DISK);
  const isTheirs = (name: string) =>
    (lstatSync(join(folder, name), { throwIfNoEntry: false })?.uid ?? us) !== us;
  // A disk in memory begins with the mode of /tmp, and is there for whoever mounted it.
  const isMounted = statSync(real).dev !== statSync(dirname(real)).dev;
  const isForAll = (mode & STICKY) !== 0 && !isMounted;
  const isOther = inside.length > 0 && !inside.includes(HOME_ID);
  if (isForAll || isOther || inside.some(isTheirs)) throw new Trouble('home-shared', { folder });
}

/** Whether a folder above is ours alone: nobody else comes to what is in it. `folder`: without links. */
function isInPrivate(folder: string, us: number): boolean {
  const above = dirname(folder);
  if (above === folder) return false;
  const { uid, mode } = statSync(above);
  return (uid === us && (mode & 0o077) === 0) || isInPrivate(above, us);
}

/** Where the folder is missing, and the one that it would be made in is a user's own. */
function refuseInside(folder: string): void {
  if (existsSync(folder)) return;
  let above = dirname(folder);
  while (!existsSync(above)) above = dirname(above);
  const { uid, mode } = statSync(above);
  // In one with a sticky bit, such as /tmp, each user has what is theirs.
  if (uid !== 0 && (mode & STICKY) === 0) throw new Trouble('not-ours', { folder: above, owner: uid, us: 0 });
}

/** Opens a file of ours: never through a link, and only what is a file. Trouble `not-a-file` else. */
export function openOwn(file: string, flags: number): number {
  let descriptor: number;
  try {
    // Without waiting: somebody's pipe in its place would be waited for.
    descriptor = openSync(file, flags | NO_FOLLOW | NO_WAIT, 0o600);
  } catch (cause) {
    if (/^(ELOOP|ENXIO)$/.test((cause as NodeJS.ErrnoException).code ?? ''))
      throw new Trouble('not-a-file', { file }, { cause });
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') requireFolder(dirname(file));
    throw cause;
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new Trouble('not-a-file', { file });
}

/** All of a file of ours. */
export function readOwn(file: string): Buffer {
  const descriptor = openOwn(file, constants.O_RDONLY);
  try {
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const CHUNK = 1 << 20;

export interface OwnLine {
  /** Without its newline; null where it is longer than was asked for. */
  text: string | null;
  /** Bytes up to its end, with its newline. */
  end: number;
  /** A last line may have no newline. */
  hasNewline: boolean;
}

/** The lines of a file of ours, one by one, however long the file is. `longest`: bytes of a line. */
export function* linesOfOwn(file: string, longest: number): Generator<OwnLine> {
  for (const { bytes, ...line } of bytesOfOwn(file, longest))
    yield { text: bytes?.toString('utf8') ?? null, ...line };
}

/** The same lines as bytes, which are those of the line until the next one is asked for. `from`: where the first of them begins. */
export function* bytesOfOwn(
  file: string,
  longest: number,
  from = 0,
): Generator<{ bytes: Buffer | null; end: number; hasNewline: boolean }> {
  const descriptor = openOwn(file, constants.O_RDONLY);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    /** What came before in a line that goes on in the next chunk. */
    let parts: Buffer[] = [];
    let before = 0;
    for (let read = from; ; ) {
      const size = readSync(descriptor, chunk, 0, CHUNK, read);
      if (size === 0) {
        if (before > 0) yield { bytes: joined(parts, before, longest), end: read, hasNewline: false };
        return;
      }
      const whole = chunk.subarray(0, size);
      for (let at = 0; at < size; ) {
        const newline = whole.indexOf(0x0a, at);
        const isEnded = newline >= 0;
        const piece = chunk.subarray(at, isEnded ? newline : size);
        before += piece.length;
        at += piece.length + 1;
        if (!isEnded) {
          parts = before > longest ? [] : [...parts, Buffer.from(piece)];
          break;
        }
        const bytes = parts.length === 0 && before === piece.length ? piece : null;
        const end = read + at;
        yield {
          bytes: before > longest ? null : (bytes ?? Buffer.concat([...parts, piece])),
          end,
          hasNewline: true,
        };
        parts = [];
        before = 0;
      }
      read += size;
    }
  } finally {
    closeSync(descriptor);
  }
}

function joined(parts: Buffer[], length: number, longest: number): Buffer | null {
  return length > longest ? null : Buffer.concat(parts);
}

/** A name beside a file that nobody can have foreseen, for what takes its place when it is whole. */
export function nameBeside(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}.part`;
}
