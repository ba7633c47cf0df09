/** All that pglab keeps on this machine for one home: folders and files, in the order in which they may go. */
import { existsSync, lstatSync, readdirSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtIn, MACHINE, NETWORKS, RECORDS } from '../engine/built-in-folders.ts';
import { imageFolder } from '../home.ts';
import { isKeptHere } from '../image/tarball.ts';
import { isSlug } from '../names.ts';
import { messageOf } from '../trouble.ts';

export interface OwnPath {
  kind: 'engine' | 'cache' | 'run' | 'home';
  path: string;
}

/** A killed pglab leaves what it wrote aside: `home-id.0123456789ab.part`. */
const OF_HOME =
  /^(?:own-images|packages|lock|lock\.clearing|current-run(?:\.[a-z0-9-]{1,40})?)(?:\.[0-9a-f]{12}\.part)?$/;
const HOME_ID = /^home-id(?:\.[0-9a-f]{12}\.part)?$/;

/**
 * What is there of it now. The home's id goes last: until then labels tell what is ours. Tarballs in a folder that
 * PGLAB_IMAGES names may be everybody's: they are not among these.
 */
export function ownPaths(home: string): OwnPath[] {
  const { runtime } = builtIn(home);
  const engine = join(home, 'engine');
  const caches = imageFolder({});
  const inHome = (pattern: RegExp) => entriesOf(home).filter((name) => pattern.test(name));
  const all: OwnPath[] = [
    { kind: 'engine', path: engine },
    // Where its path would be too long, its sockets lie elsewhere.
    ...(runtime.startsWith(`${engine}/`) ? [] : [{ kind: 'engine', path: runtime } as const]),
    ...entriesOf(caches).flatMap((name) =>
      isKeptHere(name) ? [{ kind: 'cache', path: join(caches, name) } as const] : [],
    ),
    { kind: 'cache', path: join(dirname(caches), 'compiled') },
    ...entriesOf(join(home, 'runs')).flatMap((name) =>
      isSlug(name) ? [{ kind: 'run', path: join(home, 'runs', name) } as const] : [],
    ),
    ...[...inHome(OF_HOME), ...inHome(HOME_ID)].map(
      (name) => ({ kind: 'home', path: join(home, name) }) as const,
    ),
  ];
  return all.filter(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
}

/** Tarballs that are not among our own paths, since somebody named their folder. */
export function sharedTarballs(tarballs: string): string[] {
  if (tarballs === imageFolder({})) return [];
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
  const caches = imageFolder({});
  for (const folder of [join(home, 'runs'), home, caches, dirname(caches), RECORDS, NETWORKS, MACHINE]) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody else's things are in it, or it is gone.
    }
  }
}

/** What is in the home that pglab never put there. */
export function foreignIn(home: string): string[] {
  const own = new Set(ownPaths(home).map(({ path }) => path));
  const isOurs = (path: string) => own.has(path) || path === join(home, 'runs');
  const inside = [
    ...entriesOf(home).map((name) => join(home, name)),
    ...entriesOf(join(home, 'runs')).map((name) => join(home, 'runs', name)),
  ];
  return inside.filter((path) => !isOurs(path));
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
