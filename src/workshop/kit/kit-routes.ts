import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readKit } from './kit-list.ts';
import { KitQueue } from './kit-queue.ts';
import { type PlainRoutes, plainRoutes } from './plain-routes.ts';

interface Known {
  written: string;
  routes: PlainRoutes;
}

/**
 * The plain port of a board for the kit that lies in a folder: what is built anew while the board runs is handed out anew,
 * and the line that is shown then is right. Without a kit nothing of it is answered.
 */
export function kitRoutes(folder: string): PlainRoutes {
  const queue = new KitQueue();
  let known: Known | null = null;
  return (request, response) => {
    const written = writtenAt(join(folder, 'kit.json'));
    if (written !== known?.written) known = written === null ? null : read(folder, written, queue);
    return known?.routes(request, response) ?? false;
  };
}

function read(folder: string, written: string, queue: KitQueue): Known | null {
  try {
    const kit = readKit(folder);
    return kit && { written, routes: plainRoutes({ folder, kit, queue }) };
  } catch {
    // None that this pglab understands: `kit verify` says so.
    return null;
  }
}

/** Each list is a new file, renamed into its place. */
function writtenAt(path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
