/** The file that `--out` names. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nameBeside } from '../own-files.ts';
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
