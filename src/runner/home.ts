/** PGLAB_HOME: where runs, the built-in engine and this home's random id live. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { messageOf, Trouble, Usage } from '../trouble.ts';

export interface Home {
  folder: string;
  /** Goes on every label, so that two homes on one engine never touch each other's things. */
  id: string;
}

const paths = envPaths('pglab', { suffix: '' });

/** Where the home is; it need not be there yet. On Linux env-paths calls the state folder "log". */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  if (env.PGLAB_HOME) return resolve(env.PGLAB_HOME);
  return process.platform === 'linux' ? paths.log : paths.data;
}

/** Where tarballs of images are kept for every home of this user. */
export function imageFolder(env: NodeJS.ProcessEnv): string {
  return env.PGLAB_IMAGES ? resolve(env.PGLAB_IMAGES) : join(paths.cache, 'images');
}

/** The home, made if it is not there. Trouble `home-unwritable` where that cannot be. */
export function openHome(folder: string): Home {
  const idFile = join(folder, 'home-id');
  try {
    makeFolder(join(folder, 'runs'));
    if (!existsSync(idFile)) {
      writeFileSync(idFile, `${randomBytes(6).toString('hex')}\n`, { flag: 'wx' });
    }
    return { folder, id: readFileSync(idFile, 'utf8').trim() };
  } catch (cause) {
    throw new Trouble('home-unwritable', { home: folder, why: messageOf(cause) }, { cause });
  }
}

/** mkdir -p. Node's own recursive one never returns where the kernel says ENOENT, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another pglab may have made it just now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

export function runFolder(folder: string, run: string): string {
  return join(folder, 'runs', run);
}

/** Where a run's steps keep files outside of containers, in the run's own folder. */
export function filesFolder(runFolder: string): string {
  return join(runFolder, 'files');
}

export function journalFile(folder: string, run: string): string {
  return join(runFolder(folder, run), 'journal.jsonl');
}

/** The ids of this home's runs, oldest first by name. */
export function runsOf(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'runs')).filter((run) => existsSync(journalFile(folder, run)));
  } catch {
    return [];
  }
}

/** This home's current run, or null. */
export function currentRun(folder: string): string | null {
  try {
    const run = readFileSync(join(folder, 'current-run'), 'utf8').trim();
    return isRunId(run) ? run : null;
  } catch {
    return null;
  }
}

export function rememberRun(folder: string, run: string): void {
  if (currentRun(folder) === run) return;
  try {
    writeFileSync(join(folder, 'current-run'), `${run}\n`);
  } catch (cause) {
    throw new Trouble('home-unwritable', { home: folder, why: messageOf(cause) }, { cause });
  }
}

export function checkedRunId(run: string): string {
  if (!isRunId(run)) throw new Usage('bad-run', { run });
  return run;
}

function isRunId(run: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(run);
}

/** Like 24-nov-k3f: easy to read aloud, and new each time. */
export function newRunId(now: Date): string {
  const month = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
  const random = randomBytes(3).readUIntBE(0, 3).toString(36).padStart(5, '0').slice(-4);
  return `${now.getDate()}-${month[now.getMonth()]}-${random}`;
}
