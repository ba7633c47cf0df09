/** Socket files of servers on this machine, where a psql without -h looks for them. */
import { existsSync } from 'node:fs';

/** Of Debian's builds, and of those from source. */
const FOLDERS = ['/var/run/postgresql', '/tmp'];

/** One for each port: where it is, or else where Debian's psql would look for it. */
export function socketFiles(ports: readonly number[]): { path: string; there: boolean }[] {
  return [...new Set(ports)].map((port) => {
    const paths = FOLDERS.map((folder) => `${folder}/.s.PGSQL.${port}`);
    const found = paths.find((path) => existsSync(path));
    return { path: found ?? (paths[0] as string), there: found !== undefined };
  });
}
