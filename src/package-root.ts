import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of our package.json: the same from the sources and from any chunk of the bundle. */
export const packageRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

export function packageVersion(): string {
  return packageJson().version;
}

/** The id of the article's lab: the one that is meant where nobody names one. */
export function defaultLab(): string {
  return packageJson().pglab.lab;
}

function packageJson(): { version: string; pglab: { lab: string } } {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
}
