/** All journals of a home, live and put away, and the seat's own: found again each time something changes there. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runFolder } from '../../home.ts';
import { passesIn } from '../../journal/passes.ts';
import { isSlug } from '../../names.ts';
import { JournalTail } from './journal-tail.ts';
import { seatFolder } from './seat-file.ts';

const SEAT_RUN = 'workshop';
const TICK_MS = 50;

export class HomeJournals {
  readonly #home: string;
  /** By the file's own number: a journal that is put away is renamed, and goes on as it is. */
  #tails = new Map<string, JournalTail>();
  /** By folder: when it last changed, and the journals in it then. */
  #folders = new Map<string, { changed: number; listed: number; files: string[] }>();

  constructor(home: string) {
    this.#home = home;
  }

  /** Folders whose changes are worth watching. */
  get folders(): string[] {
    return [join(this.#home, 'runs'), ...this.#folders.keys()];
  }

  /** Looks again, and reads what came since. Returns whether anything did. */
  refresh(): boolean {
    let isNew = false;
    const there = new Set<string>();
    for (const [run, folder] of this.#runs()) {
      for (const file of this.#filesIn(folder)) {
        const stat = statSync(file, { throwIfNoEntry: false });
        if (!stat) continue;
        const key = `${stat.dev} ${stat.ino}`;
        there.add(key);
        isNew = this.#read(key, file, run) || isNew;
      }
    }
    for (const key of this.#tails.keys()) if (!there.has(key)) this.#tails.delete(key);
    return isNew;
  }

  /** By the id of the stream that each is, in an order that does not change: the seat's own last. */
  streams(): Map<string, JournalTail> {
    const found = new Map<string, JournalTail>();
    const tails = [...this.#tails.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
    for (const tail of tails) {
      if (tail.id === null) continue;
      // A run's folder that somebody copied has the id of the first: it is another stream all the same.
      const copy = () => createHash('sha256').update(`${tail.id} ${tail.run} ${basename(tail.file)}`);
      found.set(found.has(tail.id) ? copy().digest('hex').slice(0, 32) : tail.id, tail);
    }
    return found;
  }

  #read(key: string, file: string, run: string): boolean {
    const known = this.#tails.get(key);
    const tail = known ?? new JournalTail(file, run);
    tail.file = file;
    const before = tail.last;
    try {
      tail.refresh();
    } catch {
      // Not ours to read, or gone in this moment: it is looked at again.
      return false;
    }
    this.#tails.set(key, tail);
    return tail.last !== before;
  }

  #runs(): [string, string][] {
    const all = namesIn(join(this.#home, 'runs')).filter(isSlug);
    const seat: [string, string] = [SEAT_RUN, seatFolder(this.#home)];
    return [...all.map((run): [string, string] => [run, runFolder(this.#home, run)]), seat];
  }

  /** A folder changes when a journal begins or is put away: it is not listed each time. */
  #filesIn(folder: string): string[] {
    const changed = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? -1;
    const known = this.#folders.get(folder);
    // What changes twice in one tick of the file system's clock looks as if it had once.
    if (known?.changed === changed && known.listed - changed > TICK_MS) return known.files;
    const listed = Date.now();
    const files = changed < 0 ? [] : passesIn(folder);
    this.#folders.set(folder, { changed, listed, files });
    return files;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
