/** The file that `--out` names. */
import { chmodSync, chownSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { nameBeside } from '../own-files.ts';
import { type Format, formatOf } from '../report/formats.ts';
import { messageOf, Trouble } from '../trouble.ts';

/** What stands there are no files, but ways to what is open or connected. */
const OF_THE_SYSTEM = /^\/(dev\/(?!shm\/)|proc\/)/;

/**
 * In one piece, and in the place of what was there, whose mode and owner it keeps: a link is replaced, and not followed.
 * A device, a pipe or a socket is written to, never replaced.
 */
export function written(file: string, text: string): void {
  const path = resolve(file);
  try {
    if (isWrittenThrough(path)) writeFileSync(path, text);
    else replace(path, text);
  } catch (cause) {
    throw new Trouble('out-unwritable', { file: path, why: messageOf(cause) }, { cause });
  }
}

function isWrittenThrough(path: string): boolean {
  return OF_THE_SYSTEM.test(path) || statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

function replace(path: string, text: string): void {
  const aside = nameBeside(path);
  try {
    writeFileSync(aside, text, { flag: 'wx' });
    const before = lstatSync(path, { throwIfNoEntry: false });
    if (before?.isFile()) keepAccess(aside, before);
    renameSync(aside, path);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw cause;
  }
}

function keepAccess(aside: string, { mode, uid, gid }: { mode: number; uid: number; gid: number }): void {
  // Root helps somebody else: the file stays theirs. Nobody else can give a file away.
  if (process.geteuid?.() === 0) chownSync(aside, uid, gid);
  chmodSync(aside, mode & 0o777);
}

/** The name of a file says what is meant, where no format was named: one of `known`, by its extension, else `otherwise`. */
export function formatFor(
  asked: Format,
  out: string | undefined,
  known: readonly Format[],
  otherwise: Format,
): Format {
  if (asked !== 'text' || out === undefined) return asked;
  const named = formatOf(extname(out).slice(1).toLowerCase().replace(/^htm$/, 'html'));
  return named !== null && known.includes(named) ? named : otherwise;
}
