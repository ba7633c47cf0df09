/** Writes a lab to begin with: whole, as `pglab lab check` says, and met when it is run. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isSlug } from '../names.ts';
import { makeFolder } from '../own-files.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { SKELETON_CODE } from './skeleton-code.ts';
import { SKELETON_PROSE } from './skeleton-prose.ts';

/**
 * The files that were written, below that folder, which is made where it is not there. Trouble `lab-id` where its
 * name does not fit a lab's id, `lab-exists` where something is in it, `lab-unwritable` where it cannot be written.
 */
export function writeSkeleton(path: string): string[] {
  const folder = resolve(path);
  const id = basename(folder);
  if (!isSlug(id)) throw new Trouble('lab-id', { folder, id });
  const files = { ...SKELETON_CODE, ...SKELETON_PROSE };
  try {
    if (!isFree(folder)) throw new Trouble('lab-exists', { folder });
    for (const [name, text] of Object.entries(files)) {
      makeFolder(dirname(join(folder, name)));
      writeFileSync(join(folder, name), text, { flag: 'wx' });
    }
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble('lab-unwritable', { folder, why: messageOf(cause) }, { cause });
  }
  return Object.keys(files);
}

/** It is not there, or an empty folder. */
function isFree(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined || (found.isDirectory() && readdirSync(folder).length === 0);
}
