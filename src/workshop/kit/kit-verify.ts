import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '../../image/tarball.ts';
import type { Held, Kit } from './kit-list.ts';

export interface Wrong {
  name: string;
  is: 'missing' | 'no-file' | 'cut' | 'other';
}

/** Which files of a kit are not what its list says, each with what is wrong with it. */
export async function* wrongIn(
  folder: string,
  kit: Kit,
): AsyncGenerator<{ file: Held; wrong: Wrong | null }> {
  for (const file of kit.files) yield { file, wrong: await wrongWith(folder, file) };
}

export async function wrongWith(folder: string, { name, bytes, sha256 }: Held): Promise<Wrong | null> {
  const path = join(folder, name);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { name, is: 'missing' };
  // A link would be followed to what is not of the kit.
  if (!found.isFile()) return { name, is: 'no-file' };
  if (found.size !== bytes) return { name, is: found.size < bytes ? 'cut' : 'other' };
  return (await sha256Of(path)) === sha256 ? null : { name, is: 'other' };
}
