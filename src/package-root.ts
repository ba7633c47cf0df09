import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Bundled into dist, and not run from the sources. */
export const isBuilt: boolean = !import.meta.filename.endsWith('.ts');

/** The folder of content/ and of our package.json: one up from the sources, two from any chunk of the bundle. */
export const packageRoot: string = join(import.meta.dirname, isBuilt ? '../..' : '..');

export function packageVersion(): string {
  return packageJson().version;
}

/** The id of the article's lab, which is taken where `--lab` names no other. */
export function defaultLab(): string {
  return packageJson().pglab.lab;
}

/**
 * Whether this came of a file of the program's own that is not there any more: it was built, moved or removed while it
 * ran.
 */
export function lacksOwnFile(error: unknown): boolean {
  const {
    code,
    path,
    requireStack = [],
  } = (error ?? {}) as NodeJS.ErrnoException & { requireStack?: string[] };
  const own = ['content', 'dist', 'package.json'].map((name) => join(packageRoot, name));
  const isOwn = (file: string) => own.some((each) => file === each || file.startsWith(each + sep));
  if (code === 'MODULE_NOT_FOUND') return requireStack.some(isOwn);
  return code === 'ENOENT' && path !== undefined && isOwn(path) && !existsSync(path);
}

function packageJson(): { version: string; pglab: { lab: string } } {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
}
