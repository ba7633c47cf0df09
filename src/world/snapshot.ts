/**
 * What a run had on the engine at one moment: one question for all of it, and one more for each container that is
 * looked at closely. After a change of the world, or a wait, another is taken.
 */
import type { Container, ListedContainer } from '../engine/types.ts';

interface Taken {
  /** What we made, the newest first, with the names it has in the world. */
  ours: readonly { name: string; container: ListedContainer }[];
  /** The learner's own, by the name it was last adopted under. */
  adopted: ReadonlyMap<string, ListedContainer>;
  /** What was there before the run, by the name as which it is judged: looked at, and never used. */
  guests: ReadonlyMap<string, ListedContainer>;
  inspect: (container: ListedContainer, isOurs: boolean) => Promise<Container | null>;
}

export class Snapshot {
  readonly #taken: Taken;
  readonly #inspected = new Map<string, Promise<Container | null>>();

  constructor(taken: Taken) {
    this.#taken = taken;
  }

  /** The newest container that we made under this name: the only kind that may be removed unasked. */
  ours(name: string): ListedContainer | null {
    return this.#taken.ours.find((each) => each.name === name)?.container ?? null;
  }

  /** All containers that we made, the oldest first. */
  allOurs(): ListedContainer[] {
    return this.#taken.ours.map(({ container }) => container).reverse();
  }

  /** The learner's own container that goes by this name. */
  adopted(name: string): ListedContainer | null {
    return this.#taken.adopted.get(name) ?? null;
  }

  /** By its name in the world: our newest, else the one adopted. */
  listed(name: string): ListedContainer | null {
    return this.ours(name) ?? this.adopted(name);
  }

  /** What was there before the run and is only judged, by the names of those whom nothing else goes by. */
  guests(): Map<string, ListedContainer> {
    return new Map([...this.#taken.guests].filter(([name]) => this.listed(name) === null));
  }

  /** By its name in the world, to be judged: as `listed`, else a guest. No command may have this one. */
  toJudge(name: string): ListedContainer | null {
    return this.listed(name) ?? this.#taken.guests.get(name) ?? null;
  }

  /** All that go by a name now. */
  byName(): Map<string, ListedContainer> {
    const names = new Set([...this.#taken.adopted.keys(), ...this.#taken.ours.map(({ name }) => name)]);
    return new Map([...names].map((name) => [name, this.listed(name) as ListedContainer]));
  }

  /**
   * As `listed`, looked at closely: asked of the engine when it is first wanted, and the same from then on. Null
   * as well where it has gone since the snapshot was taken.
   */
  container(name: string): Promise<Container | null> {
    return this.#closely(name, this.listed(name));
  }

  /** As `toJudge`, looked at closely. */
  containerToJudge(name: string): Promise<Container | null> {
    return this.#closely(name, this.toJudge(name));
  }

  #closely(name: string, listed: ListedContainer | null): Promise<Container | null> {
    if (listed === null) return Promise.resolve(null);
    const known = this.#inspected.get(listed.id) ?? this.#taken.inspect(listed, listed === this.ours(name));
    this.#inspected.set(listed.id, known);
    return known;
  }
}
