/** What a lab's containers serve is told by the lab: no room of the core knows a word of Postgres's. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const SRC = join(import.meta.dirname, '../../src');

/** Rooms and files that are not of the core, each with why. */
const NOT_CORE: Readonly<Record<string, string>> = {
  'checks/': 'They look at what a service does.',
  'postgres/': 'It is the service.',
  'image/': 'It is the shop that builds the service’s image.',
  'kit.ts': 'It hands the checks and the service to labs.',
  'content-keys.ts': 'It is written from the texts.',
  'workshop/store/': 'Several boards may share a Postgres, which is no lab’s.',
  'board-process.ts': 'It opens that store.',
  'commands/workshop/open-workshop.ts': 'It is told where that store is.',
  'labcheck/pasted.ts': 'It knows which programs a command in prose may begin with.',
  'labcheck/skeleton-code.ts': 'It is the text of somebody’s lab.',
};

/** The service's port, its image's environment, its name, its client, its functions and its variables. */
const WORDS = /5432|POSTGRES_|\bpostgres\b|psql|\bpg_|\bPG(?!LAB)[A-Z_]/;

/** Lines of the core that may have such a word, each with why. */
const EXCEPTIONS: readonly { file: string; line: string; why: string }[] = [
  {
    file: 'engine/normalise.ts',
    line: 'const major = Number(env.PG_MAJOR);',
    why: 'An image’s `postgresMajor` is fixed in the JSON that others read.',
  },
  {
    file: 'cli.ts',
    line: 'const inherited = { password: process.env.PGPASSWORD };',
    why: 'The shell’s own variables go before any library is loaded, and before any lab.',
  },
  {
    file: 'cli.ts',
    line: "process.env.PGPASSFILE = '/nonexistent/pgpass';",
    why: 'As above.',
  },
  {
    file: 'engine/normalise.ts',
    line: 'volumeTargets: holdingFirst(Object.keys(raw.Config?.Volumes ?? {}), env.PGDATA),',
    why: 'An image says in its environment where its data lies, as it says its major there: both are read where it is read.',
  },
  {
    file: 'shell.ts',
    line: "env: { ...Object.fromEntries(inherited), LC_ALL: 'C.UTF-8', PGPASSFILE: '/nonexistent/pgpass', ...env },",
    why: 'What runs for the learner is kept from their own settings, whichever client it is.',
  },
];

/** A source text without its comments; strings stay. */
function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function told(file: string, source: string): string[] {
  return codeOf(source)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => WORDS.test(line))
    .filter((line) => !EXCEPTIONS.some((each) => each.file === file && each.line === line))
    .map((line) => `${file}: ${line}`);
}

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !Object.keys(NOT_CORE).some((room) => file.startsWith(room)),
);

describe('the core', () => {
  it('knows no service', () => {
    assert.ok(FILES.length > 80, 'the files were found');
    assert.deepEqual(
      FILES.flatMap((file) => told(file, readFileSync(join(SRC, file), 'utf8'))),
      [],
    );
  });

  it('has each line that is let through', () => {
    for (const { file, line } of EXCEPTIONS) {
      assert.ok(readFileSync(join(SRC, file), 'utf8').includes(line), `${file}: ${line}`);
    }
  });

  for (const line of [
    'const port = 5432;',
    'const password = env.POSTGRES_PASSWORD;',
    "const ref = settings.image ?? 'postgres';",
    "await run(['psql', '--version']);",
    "const sql = 'select pg_backend_pid()';",
    'if (env.PG_MAJOR) return;',
    "const target = '/var/lib/postgres';",
  ]) {
    it(`is refused ${line}`, () => assert.equal(told('runner/new.ts', `/** New. */\n${line}\n`).length, 1));
  }

  it('may say all of it in a comment', () => {
    assert.deepEqual(told('runner/new.ts', '/** psql on 5432. */\n// POSTGRES_PASSWORD\n'), []);
  });
});
