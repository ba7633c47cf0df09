/**
 * Tells those who watch a room what has changed: the first change at once, and what comes after it gathered, so that a calm
 * room is live and a busy one costs little.
 */
import type { BoardNews } from '../board-schema.ts';
import type { Room } from '../room/room.ts';

/** Who is stuck by the clock alone is found this often. */
const LOOK_EVERY_MS = 1_000;
/** Milliseconds: shorter than what is stored is gathered (`Committing`), so that it is told as soon as it is flushed. */
const GATHER_MS = 6;

type Watcher = (news: BoardNews) => void;

export class Newsroom {
  readonly #room: Room;
  readonly #now: () => number;
  readonly #watchers = new Set<Watcher>();
  readonly #look: NodeJS.Timeout;
  #gathering: NodeJS.Timeout | null = null;
  #isMore = false;

  constructor(room: Room, now: () => number) {
    this.#room = room;
    this.#now = now;
    this.#look = setInterval(() => this.poke(), LOOK_EVERY_MS);
  }

  /** Something of the room may have changed. */
  poke(): void {
    if (this.#watchers.size === 0) return;
    if (this.#gathering !== null) {
      this.#isMore = true;
      return;
    }
    // Where nothing has changed, what comes next is the first change.
    if (!this.#tell()) return;
    this.#gathering = setTimeout(() => {
      this.#gathering = null;
      const isMore = this.#isMore;
      this.#isMore = false;
      if (isMore) this.poke();
    }, GATHER_MS);
  }

  /** Calls with all there is, then with each change. Returns how to stop. */
  watch(watcher: Watcher): () => void {
    // What is new is told to the others first: it is in the whole.
    this.#tell();
    this.#watchers.add(watcher);
    watcher(this.#room.whole(this.#now()));
    return () => this.#watchers.delete(watcher);
  }

  stop(): void {
    clearInterval(this.#look);
    if (this.#gathering !== null) clearTimeout(this.#gathering);
  }

  /** Returns whether there was anything to tell. */
  #tell(): boolean {
    const all = this.#room.news(this.#now());
    for (const news of all) for (const watcher of this.#watchers) watcher(news);
    return all.length > 0;
  }
}
