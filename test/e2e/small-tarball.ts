/** An image that is made in a moment, for tests of getting images and of giving them back. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestLab } from './lab.ts';

export const NAME = 'pglab-test-mine:17';
export const SECOND = 'pglab-test-second:17';

/** A tarball of an image that has next to nothing in it, and is of major 17. */
export async function smallTarball({ docker }: TestLab, folder: string, name = NAME): Promise<string> {
  const layer = join(folder, 'layer.tar');
  const file = join(folder, name === NAME ? 'small.tar' : 'second.tar');
  writeFileSync(join(folder, 'hello'), name);
  execFileSync('tar', ['-cf', layer, '-C', folder, 'hello']);
  await docker('import', '--change', 'ENV PG_MAJOR=17', layer, name);
  await docker('save', '-o', file, name);
  await docker('rmi', name);
  return file;
}
