/** How one gets into a Postgres container: by what its environment says that it was made with. */
import { shellWord, withoutLast } from '../grammar.ts';
import type { Environment, Trust } from '../lab/service.ts';

/** The port that the server listens on inside its container. */
export const SERVER_PORT = 5432;

/** The image reads each of these at its first set-up, or NAME_FILE, which names a file with the value. */
export const SETTINGS = {
  password: 'POSTGRES_PASSWORD',
  user: 'POSTGRES_USER',
  database: 'POSTGRES_DB',
} as const;

/** The variable by which psql takes a password. */
export const CLIENT_PASSWORD = 'PGPASSWORD';

/** libpq of this major is the first that can be told by which ways it may give a password. */
const REQUIRES_AUTH_SINCE = 16;
/** Servers of this major are the first whose passwords are SCRAM unless somebody chose otherwise. */
const SCRAM_SINCE = 14;

export function knowsMd5Only(major: number): boolean {
  return major < SCRAM_SINCE;
}

/** `none`: a server that trusts its client asks for no password at all. */
export function requiredAuth({ md5 }: Pick<Trust, 'md5'>): Record<string, string> {
  return { PGREQUIREAUTH: md5 ? 'scram-sha-256,md5,none' : 'scram-sha-256,none' };
}

/** A psql that cannot be told how gets a password only for a server of this run, or one that the learner calls theirs. */
export function passwordEnv(password: string, trust: Trust, version: string): Record<string, string> | null {
  if (Number.parseInt(version, 10) >= REQUIRES_AUTH_SINCE)
    return { [CLIENT_PASSWORD]: password, ...requiredAuth(trust) };
  return trust.isOfRun || trust.isTheirs ? { [CLIENT_PASSWORD]: password } : null;
}

/** The user and database that a container was made with: the image's own defaults where nobody chose. */
export function loginOf(env: Environment): { user: string; database: string } {
  const user = env[SETTINGS.user] || 'postgres';
  return { user, database: env[SETTINGS.database] || user };
}

/**
 * The password that a container was given, as initdb takes it: the first line, without carriage returns at its end,
 * as a file of Windows has them. Null where it was given none, or by a file alone.
 */
export function passwordOf(env: Environment): string | null {
  const [line = ''] = (env[SETTINGS.password] ?? '').split('\n', 1);
  return withoutLast(line, '\r') || null;
}

/**
 * The shell line that prints the password of a container, by its environment or by a file that this names:
 * `docker exec 1dbeea760c86 printenv POSTGRES_PASSWORD`.
 */
export function passwordLine(container: string, env: Environment = {}): string {
  const file = env[`${SETTINGS.password}_FILE`];
  const from = file ? ['cat', file] : ['printenv', SETTINGS.password];
  // What is not known yet stands there as it is.
  const line = [
    'docker',
    'exec',
    ...[container, ...from].map((word) => (word === '…' ? word : shellWord(word))),
  ];
  return isPasswordCut(env) ? `${line.join(' ')} | head -n 1 | tr -d '\\r'` : line.join(' ');
}

/** What it was given has more than initdb takes: a client that is given all of it is refused. */
export function isPasswordCut(env: Environment): boolean {
  const password = passwordOf(env);
  return password !== null && password !== env[SETTINGS.password];
}

/** Whether a container was given a password, by value or by file. */
export function hasPassword(env: Environment): boolean {
  return Boolean(env[SETTINGS.password] || env[`${SETTINGS.password}_FILE`]);
}

/** As long as a name of a variable is told. */
const LONGEST_NAME = 40;
/** Of a word that was meant as a name: quotes of a web page and full-width letters are in it as they were pasted. */
const MARKS_OF_NAMES = /^[\w .\-'"‘’“”«»„\uff01-\uff5e]+$/;
/** So many letters may be wrong, missing or too many; a name with more wrong in it is another name. */
const MOST_SLIPS = 4;

/**
 * The name in a container's environment that was meant for the password and is written otherwise, as
 * `POSTGRES_PASWORD`, `POSTGRES_PASSWORD ` or `PGPASSWORD`; null: none is near.
 */
export function misspeltPassword(env: Environment): string | null {
  const meant = SETTINGS.password;
  const others = Object.keys(env).filter(
    (name) => name !== meant && name !== `${meant}_FILE` && name !== 'PGDATA',
  );
  const near = others
    .filter((name) => name.length <= LONGEST_NAME && MARKS_OF_NAMES.test(name))
    .map((name) => ({ name, slips: slipsBetween(name.normalize('NFKC').toUpperCase(), meant) }))
    .filter(({ name, slips }) => slips <= MOST_SLIPS || /^(PG|POSTGRES(QL)?_)?(PASS|PW)/i.test(name))
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.name ?? null;
}

/** How many letters must be put in, left out or changed to make one word of the other (Levenshtein). */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [to, meant] of [...other].entries())
      next.push(
        Math.min((row[to] ?? 0) + Number(letter !== meant), (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The image refuses to set up an empty database that anybody could enter, unless told that this is meant. */
export function isRefusedWhenEmpty(env: Environment): boolean {
  return !hasPassword(env) && env.POSTGRES_HOST_AUTH_METHOD !== 'trust';
}

/** The major version that the image says it has; null: no Postgres image. */
export function majorOf(env: Environment): number | null {
  return Number(env.PG_MAJOR) || null;
}
