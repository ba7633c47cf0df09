/** Which imports are written in source texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One import of one file, as written. */
export interface Import {
  /** The file that imports, below the root: `src/engine/connect.ts`. */
  file: string;
  /** As written: `../trouble.ts`, `node:fs`, `pg`. */
  from: string;
  /** Only types: the import is gone before it runs. */
  types: boolean;
}

const IMPORT =
  /^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'|\b(?:import|require|getBuiltinModule)\(\s*['"`]([^'"`]+)['"`]/gm;

/** All imports of a source text, static, dynamic and of types. */
export function importsOf(file: string, source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(IMPORT)].map(([, type, names = '', from, dynamic]) => ({
    file,
    from: from ?? (dynamic as string),
    types: type !== undefined || isAllTypes(names),
  }));
}

/** `{ type A, type B }`. */
function isAllTypes(names: string): boolean {
  const each = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]?.split(',') ?? [];
  const named = each.map((name) => name.trim()).filter(Boolean);
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}

/** The imports of these files, below a root folder. */
export function readImports(root: string, files: readonly string[]): Import[] {
  return files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}
