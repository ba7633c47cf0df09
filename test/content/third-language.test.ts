/** A row in the table of languages is all it takes: the content tests compare the new one with the rest by themselves. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const TABLE = 'src/lab/languages.ts';
let copy: string;

/** A copy of the project that has a third language, word for word the English. */
before(() => {
  copy = mkdtempSync(join(tmpdir(), 'pglab-third-'));
  const left = new Set(['third-language.test.ts', 'e2e', 'unit', 'bench']);
  for (const part of ['src', 'labs', 'content', 'test', 'package.json', 'tsconfig.json'])
    cpSync(part, join(copy, part), {
      recursive: true,
      filter: (path) => !left.has(path.split('/').at(-1) ?? ''),
    });
  for (const part of ['node_modules', 'dist']) symlinkSync(join(process.cwd(), part), join(copy, part));
  const table = readFileSync(join(copy, TABLE), 'utf8');
  const row =
    "  xx: { locale: /^xx/, stop: '. ', gap: ' ', comma: ', ', colon: ': ', brackets: [' (', ')'] },\n} as const";
  assert.ok(table.includes('\n} as const'));
  writeFileSync(join(copy, TABLE), table.replace('} as const', row));
  for (const folder of ['content', 'test/labs'])
    for (const file of readdirSync(join(copy, folder), { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.en.md'))
        cpSync(join(copy, folder, file), join(copy, folder, file.replace('.en.md', '.xx.md')));
});
after(() => rmSync(copy, { recursive: true, force: true }));

/** What the content tests say there: their exit code, and all that they print. */
function contentTests(): { code: number | null; said: string } {
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const file = 'test/content/content.test.ts';
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--test', file], {
    ...{ cwd: copy, env, encoding: 'utf8' },
  });
  return { code: status, said: stdout };
}

/** Changes files there, and changes them back after the content tests have looked. */
function damaged(changes: Readonly<Record<string, (path: string) => void>>) {
  const paths = Object.keys(changes).map((file) => join(copy, file));
  for (const path of paths) cpSync(path, `${path}.kept`);
  for (const [at, change] of Object.values(changes).entries()) change(paths[at] as string);
  try {
    return contentTests();
  } finally {
    for (const path of paths) renameSync(`${path}.kept`, path);
  }
}

function replaced(from: string, to: string): (path: string) => void {
  return (path) => {
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from), `${from} in ${path}`);
    writeFileSync(path, text.replace(from, to));
  };
}

test('a third language that has all of it passes', () => {
  const { code, said } = contentTests();
  assert.equal(code, 0, said);
  assert.match(said, /messages\.xx\.md has the keys/);
});

/** Whether a test of this name has failed. */
function hasFailed(said: string, name: string): boolean {
  return said.split('\n').some((line) => /^\s*(not ok \d+ - |✖ )/.test(line) && line.includes(name));
}

const SHARED = ['messages', 'checks', 'findings', 'notes', 'troubles'];

test('a key that it lacks is found, in each shared text', () => {
  const changes = SHARED.map((name) => {
    const file = `content/${name}.xx.md`;
    const key = /^## .+$/m.exec(readFileSync(join(copy, file), 'utf8'))?.[0] as string;
    return [file, replaced(`${key}\n`, `${key}-other\n`)];
  });
  const { code, said } = damaged(Object.fromEntries(changes));
  assert.equal(code, 1);
  for (const name of SHARED) assert.ok(hasFailed(said, `${name}.xx.md`), name);
  assert.ok(!hasFailed(said, '.zh.md'));
});

test('a file that it lacks is found, of a step and of the shared texts', () => {
  const { code, said } = damaged({
    'content/postgres-in-docker/06-port-mapping.xx.md': (path) => rmSync(path),
    'content/troubles.xx.md': (path) => rmSync(path),
  });
  assert.equal(code, 1);
  assert.match(said, /content\/06-port-mapping\.xx\.md/);
  assert.ok(hasFailed(said, 'troubles.xx.md'));
});

test('another set of placeholders is found, of a step and of the shared texts', () => {
  const { code, said } = damaged({
    'content/postgres-in-docker/06-port-mapping.xx.md': replaced('{{published.bindings}}', '{{mapped.port}}'),
    'content/troubles.xx.md': replaced('{{endpoint}}', '{{where}}'),
  });
  assert.equal(code, 1);
  assert.match(said, /06-port-mapping\.xx\.md.*published\.bindings/);
  assert.ok(hasFailed(said, 'troubles.xx.md'));
});
