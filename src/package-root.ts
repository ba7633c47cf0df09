import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bundled into dist, and not run from the sources. */
export const isBuilt: boolean = !import.meta.filename.endsWith('.ts');

/** The folder of content/ and of our package.json: the same from the sources and from any chunk of the bundle. */
export const packageRoot: string = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'content'))) folder = dirname(folder);
  return folder;
})();

export function packageVersion(): string {
  return packageJson().version;
}

/** The id of the article's lab, which is taken where `--lab` names no other. */
export function defaultLab(): string {
  return packageJson().pglab.lab;
}

function packageJson(): { version: string; pglab: { lab: string } } {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
}
