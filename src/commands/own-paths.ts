/** All that pglab keeps on this machine for one home: folders and files, in the order in which they may go. */
import { existsSync, lstatSync, readdirSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtIn, MACHINE, NETWORKS, RECORDS } from '../engine/built-in-folders.ts';
import { imageFolder, runFolder } from '../home.ts';
import { killedBuilds } from '../image/build.ts';
import { isKeptHere } from '../image/tarball.ts';
import { type Lock, takeLock } from '../lock.ts';
import { isSlug } from '../names.ts';
import { messageOf, Trouble } from '../trouble.ts';

export interface OwnPath {
  kind: 'engine' | 'cache' | 'run' | 'home';
  path: string;
}

/** A killed pglab leaves what it wrote aside: `home-id.0123456789ab.part`. */
const OF_HOME =
  /^(?:packages|kit|workshops?|lock|lock\.clearing|current-run(?:\.[a-z0-9-]{1,40})?)(?:\.[0-9a-f]{12}\.part)?$/;
/** What tells on an engine what is this home's. */
const KNOWS_OURS = /^(?:own-images|home-id)(?:\.[0-9a-f]{12}\.part)?$/;

/** Where tarballs are kept that no PGLAB_IMAGES names: those of this user. */
function ownCaches(): string {
  return imageFolder({ ...process.env, PGLAB_IMAGES: undefined });
}

/**
 * What is there of it now. The home's id goes last: until then labels tell what is ours. Tarballs in a folder that
 * PGLAB_IMAGES names may be everybody's: they are not among these. `elsewhere`: runs that are on engines which were not
 * looked at; they stay, and with them what tells there what is ours.
 */
export async function ownPaths(home: string, elsewhere: ReadonlySet<string>): Promise<OwnPath[]> {
  const { runtime } = builtIn(home);
  const engine = join(home, 'engine');
  const caches = ownCaches();
  const cached = [
    ...entriesOf(caches)
      .filter((name) => isKeptHere(name))
      .map((name) => join(caches, name)),
    ...(await killedBuilds(caches)),
    join(dirname(caches), 'compiled'),
  ];
  const inHome = (pattern: RegExp) => entriesOf(home).filter((name) => pattern.test(name));
  const all: OwnPath[] = [
    { kind: 'engine', path: engine },
    // Where its path would be too long, its sockets lie elsewhere.
    ...(runtime.startsWith(`${engine}/`) ? [] : [{ kind: 'engine', path: runtime } as const]),
    ...cached.map((path) => ({ kind: 'cache', path }) as const),
    ...entriesOf(join(home, 'runs')).flatMap((name) =>
      isSlug(name) && !elsewhere.has(name) ? [{ kind: 'run', path: join(home, 'runs', name) } as const] : [],
    ),
    ...[...inHome(OF_HOME), ...(elsewhere.size > 0 ? [] : inHome(KNOWS_OURS).reverse())].map(
      (name) => ({ kind: 'home', path: join(home, name) }) as const,
    ),
  ];
  return all.filter(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
}

/** Tarballs that are not among our own paths, since somebody named their folder. */
export function sharedTarballs(tarballs: string): string[] {
  if (tarballs === ownCaches()) return [];
  return entriesOf(tarballs)
    .filter((name) => isKeptHere(name))
    .map((name) => join(tarballs, name));
}

/** Links are removed, and not followed. Returns what could not be, and why. */
export async function removePaths(paths: readonly OwnPath[]): Promise<{ path: string; why: string }[]> {
  const failed: { path: string; why: string }[] = [];
  for (const { path } of paths)
    await rm(path, { recursive: true, force: true }).catch((error) => {
      failed.push({ path, why: messageOf(error) });
    });
  return failed;
}

/** Folders of ours in which nothing is left, and no others. */
export function removeEmpty(home: string): void {
  const caches = ownCaches();
  for (const folder of [join(home, 'runs'), home, caches, dirname(caches), RECORDS, NETWORKS, MACHINE]) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody else's things are in it, or it is gone.
    }
  }
}

/** What is in the home that pglab never put there. */
export async function foreignIn(home: string): Promise<string[]> {
  const own = new Set((await ownPaths(home, new Set())).map(({ path }) => path));
  const caches = ownCaches();
  // For a user without a home folder, caches are in it, too.
  const folders = [home, join(home, 'runs'), ...(dirname(caches) === home ? [caches] : [])];
  const inside = folders.flatMap((folder) => entriesOf(folder).map((name) => join(folder, name)));
  return inside.filter((path) => !own.has(path) && !folders.includes(path) && path !== join(caches, 'lock'));
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

export interface HeldRest {
  locks: Lock[];
  /** What is not ours to remove now, and why: runs, and the caches while an image is built. */
  leftOut: Map<string, Trouble>;
}

/** Takes the locks of the caches, and of the runs that no engine's lock has: of those but `held`. */
export function holdRest(home: string, held: ReadonlySet<string>): HeldRest {
  const rest: HeldRest = { locks: [], leftOut: new Map() };
  const runs = entriesOf(join(home, 'runs')).filter((name) => isSlug(name) && !held.has(name));
  const folders = [...runs.map((run) => [run, runFolder(home, run)]), ['image build', ownCaches()]] as const;
  for (const [name = '', folder = ''] of folders) {
    if (!existsSync(folder)) continue;
    try {
      rest.locks.push(takeLock(folder, name));
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      rest.leftOut.set(name, error);
    }
  }
  return rest;
}
