/** Tells at once when something in a folder changes; what it misses, whoever looks each second finds. */
import { type FSWatcher, watch } from 'node:fs';

/** Folders that are watched at most: a system has a number of watches for a user. */
const MOST = 64;

export class HomeWatch {
  readonly #changed: () => void;
  readonly #watched = new Map<string, FSWatcher>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches these folders, and no others; one that cannot be watched is looked at each second. */
  follow(folders: readonly string[]): void {
    const newest = folders.slice(-MOST);
    for (const [folder, watcher] of this.#watched) {
      if (newest.includes(folder)) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    for (const folder of newest) if (!this.#watched.has(folder)) this.#begin(folder);
  }

  close(): void {
    for (const watcher of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, () => this.#changed());
      watcher.on('error', () => {
        watcher.close();
        this.#watched.delete(folder);
      });
      this.#watched.set(folder, watcher);
    } catch {
      // Gone in this moment, or no watch is left.
    }
  }
}
