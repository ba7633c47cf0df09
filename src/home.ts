/** PGLAB_HOME: where runs, the built-in engine and this home's random id live. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isHomeId, isSlug } from './names.ts';
import { makeOwnFolder, nameBeside, readOwn } from './own-files.ts';
import { homeTrouble, Usage } from './trouble.ts';
import { cacheFolder, stateFolder, userHome } from './user-folders.ts';

export interface Home {
  folder: string;
  /** A random id, on every thing's label: two homes on one engine never touch each other's things. */
  id: string;
}

/** Where the home is; it need not be there yet. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  return env.PGLAB_HOME ? resolve(env.PGLAB_HOME) : stateFolder(env);
}

/** Where tarballs of images are kept for every home of this user; for a user without a home folder, in PGLAB_HOME. */
export function imageFolder(env: NodeJS.ProcessEnv): string {
  if (env.PGLAB_IMAGES) return resolve(env.PGLAB_IMAGES);
  const isHomeless = userHome() === null && !env.XDG_CACHE_HOME && env.PGLAB_HOME;
  return join(isHomeless ? resolve(isHomeless) : cacheFolder(env), 'images');
}

/** The home, made if it is not there. Trouble `home-unwritable` where that cannot be. */
export function openHome(folder: string): Home {
  try {
    makeOwnFolder(folder);
    makeOwnFolder(join(folder, 'runs'));
    return { folder, id: homeIdIn(folder) ?? newId(folder) };
  } catch (cause) {
    throw homeTrouble(folder, cause);
  }
}

/** The home's id; null where there is none, or where its file was cut short. */
export function homeIdIn(folder: string): string | null {
  try {
    const id = readOwn(join(folder, 'home-id')).toString().trim();
    return isHomeId(id) ? id : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Of several that open a new home at once, one gives it its id, and all have that one. */
function newId(folder: string): string {
  const file = join(folder, 'home-id');
  const aside = nameBeside(file);
  try {
    writeFileSync(aside, `${randomBytes(6).toString('hex')}\n`, { flag: 'wx' });
    // A link never takes the place of what is there.
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (homeIdIn(folder) === null) renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
  return homeIdIn(folder) ?? newId(folder);
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

/** This home's current run of a lab, or null. */
export function currentRun(folder: string, lab: string): string | null {
  return runNamedIn(join(folder, `current-run.${lab}`));
}

/** The one current run of all labs, as 0.2.0 remembered it. */
export function earlierCurrentRun(folder: string): string | null {
  return runNamedIn(join(folder, 'current-run'));
}

function runNamedIn(file: string): string | null {
  try {
    const run = readOwn(file).toString().trim();
    return isSlug(run) ? run : null;
  } catch {
    return null;
  }
}

export function rememberRun(folder: string, lab: string, run: string): void {
  if (currentRun(folder, lab) === run) return;
  const file = join(folder, `current-run.${lab}`);
  const aside = nameBeside(file);
  try {
    // Renamed into its place: on a full disk the old one stays.
    writeFileSync(aside, `${run}\n`, { flag: 'wx' });
    renameSync(aside, file);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw homeTrouble(folder, cause);
  }
}

export function checkedRunId(run: string): string {
  if (!isSlug(run)) throw new Usage('bad-run', { run });
  return run;
}

/** Like 24-nov-k3f: easy to read aloud, and new each time. */
export function newRunId(now: Date): string {
  const month = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
  const random = randomBytes(3).readUIntBE(0, 3).toString(36).padStart(5, '0').slice(-4);
  return `${now.getDate()}-${month[now.getMonth()]}-${random}`;
}
