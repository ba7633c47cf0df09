/** Other users of this machine than the one of the tests: they have an id, and need have no account. */
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, ended, readResult } from './lab.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface User {
  uid: number;
  /** A folder that everybody may enter; it goes with the user. */
  folder: string;
  /** A folder of theirs in it. */
  own: string;
  /** Runs pglab as this user, with nothing in its environment but this. */
  pglab(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended>;
  json(env: NodeJS.ProcessEnv, ...args: string[]): Promise<ReturnType<typeof readResult> & { code: number }>;
  end(): void;
}

/** `groups`: by number, beside the user's own. */
export function openUser(groups: readonly number[] = []): User {
  const uid = freeUid();
  const folder = mkdtempSync(join(tmpdir(), 'pglab-user-'));
  chmodSync(folder, 0o755);
  const own = join(folder, 'own');
  mkdirSync(own, { mode: 0o700 });
  chownSync(own, uid, uid);
  const program = copyProgram(folder);
  const as = ['setpriv', ...asUser(uid, groups)];
  const pglab = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    ended(as[0] as string, [...as.slice(1), process.execPath, program, ...args], {
      ...{ PATH: process.env.PATH, LANG: 'C.UTF-8' },
      ...env,
    });
  return {
    uid,
    folder,
    own,
    pglab,
    async json(env, ...args) {
      const told = await pglab(env, ...args, '--format', 'json');
      return { ...readResult(told), code: told.code };
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The words by which setpriv becomes a user. */
export function asUser(uid: number, groups: readonly number[] = []): string[] {
  const more = groups.length > 0 ? `--groups=${groups.join(',')}` : '--clear-groups';
  return [`--reuid=${uid}`, `--regid=${uid}`, more];
}

/** What was built, where others than root can read it: the checkout may lie where they cannot. Returns what to run. */
export function copyProgram(folder: string): string {
  for (const name of ['dist', 'content', 'package.json'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return join(folder, 'dist/pglab.js');
}

/** One that no account and no process has. */
export function freeUid(): number {
  const taken = readFileSync('/etc/passwd', 'utf8');
  // Each process of tests begins elsewhere: two that look at once must not take the same one.
  for (let uid = 50_000 + (process.pid % 10_000); ; uid += 1)
    if (!taken.includes(`:${uid}:`) && processesOfUser(uid).length === 0) return uid;
}

export function processesOfUser(uid: number): string[] {
  return readdirSync('/proc').filter(
    (entry) => /^\d+$/.test(entry) && statSync(`/proc/${entry}`, { throwIfNoEntry: false })?.uid === uid,
  );
}
