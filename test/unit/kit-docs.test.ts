/** What the types of the kit tell who writes a lab: of each check what it finds, and how it is written. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const SRC = join(import.meta.dirname, '../../src');
const EXPORT = /^export \{ ([^}]+) \} from '\.\/(checks\/[\w-]+\.ts)';$/gm;
/** A docstring, and the function behind it that makes a check. */
const CHECK =
  /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\nexport function (\w+)\([\s\S]*?\): Check \{\n([\s\S]*?)\n\}\n/g;

interface Documented {
  name: string;
  doc: string;
  /** What `finds` is written with: keys, and lists of keys. */
  finds: readonly string[];
}

function documentedIn(source: string): Documented[] {
  return [...source.matchAll(CHECK)].map(([, doc = '', name = '', body = '']) => {
    const written = /\bfinds: (\[[\s\S]*?\]|[A-Z_]+),/.exec(body)?.[1] ?? '';
    const finds = [...written.matchAll(/[A-Z_]{3,}|(?<=')[\w-]+(?=')/g)].map(([found]) => found);
    return { name, doc, finds };
  });
}

describe('each check of the kit', () => {
  const exported = [...readFileSync(join(SRC, 'kit.ts'), 'utf8').matchAll(EXPORT)];
  const checks = exported.flatMap(([, names = '', file = '']) =>
    documentedIn(readFileSync(join(SRC, file), 'utf8')).filter(({ name }) =>
      names.split(', ').includes(name),
    ),
  );

  test('was read', () => assert.ok(checks.length > 30, String(checks.length)));

  for (const { name, doc, finds } of checks) {
    test(`${name} tells what it finds, and how it is written`, () => {
      const told = /Finds [\s\S]+?\./.exec(doc)?.[0] ?? '';
      assert.ok(finds.length > 0);
      assert.deepEqual(
        finds.filter((finding) => !told.includes(`\`${finding}\``)),
        [],
      );
      assert.match(doc, new RegExp(`checks: \\[.*\\b${name}\\(`));
    });
  }
});
