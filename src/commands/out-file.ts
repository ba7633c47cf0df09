/** The file that `--out` names. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { nameBeside } from '../own-files.ts';
import { type Format, formatOf } from '../report/formats.ts';
import { messageOf, Trouble } from '../trouble.ts';

/** In one piece, and in the place of what was there: a link is replaced, and not followed. */
export function written(file: string, text: string): void {
  const aside = nameBeside(resolve(file));
  try {
    writeFileSync(aside, text, { flag: 'wx' });
    renameSync(aside, resolve(file));
  } catch (cause) {
    rmSync(aside, { force: true });
    throw new Trouble('out-unwritable', { file: resolve(file), why: messageOf(cause) }, { cause });
  }
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
