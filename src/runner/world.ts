/**
 * The world of a run: its containers and volumes, found on the engine by label, never from memory.
 * What the journal knows is only used for what is gone.
 */
import type { Container, Engine, LabelFilter } from '../engine/types.ts';
import type { JournalLine } from './events.ts';

export interface Owner {
  run: string;
  /** The home's random id. */
  home: string;
}

export const LABEL = {
  run: 'pglab.run',
  home: 'pglab.home',
  step: 'pglab.step',
  name: 'pglab.name',
} as const;

export function labelsFor(owner: Owner, step: string, name: string): Record<string, string> {
  return {
    [LABEL.run]: owner.run,
    [LABEL.home]: owner.home,
    [LABEL.step]: step,
    [LABEL.name]: name,
  };
}

export function ownerFilter(owner: Owner): LabelFilter {
  return { [LABEL.run]: owner.run, [LABEL.home]: owner.home };
}

export class World {
  readonly #engine: Engine;
  readonly #owner: Owner;
  readonly #events: readonly JournalLine[];

  constructor(engine: Engine, owner: Owner, events: readonly JournalLine[]) {
    this.#engine = engine;
    this.#owner = owner;
    this.#events = events;
  }

  /** The newest container of this name, whatever its state; null where there is none. */
  async container(name: string): Promise<Container | null> {
    const all = await this.#engine.containers({ ...ownerFilter(this.#owner), [LABEL.name]: name });
    all.sort((a, b) => (a.created < b.created ? 1 : -1));
    return all[0] ?? null;
  }

  /** All containers of this run by name, in one look. */
  async containers(): Promise<Map<string, Container>> {
    const all = await this.#engine.containers(ownerFilter(this.#owner));
    all.sort((a, b) => (a.created < b.created ? -1 : 1));
    return new Map(all.map((container) => [container.labels[LABEL.name] ?? '', container]));
  }

  /** The volume that was given a name in the world (not the anonymous one of a container). */
  async volume(name: string): Promise<string | null> {
    const found = await this.#engine.volumes({ ...ownerFilter(this.#owner), [LABEL.name]: name });
    return found.find(({ anonymous }) => !anonymous)?.name ?? null;
  }

  /** The last container that this run made under this name, alive or not. */
  formerId(name: string): string | null {
    return this.#lastMade(name)?.id ?? null;
  }

  /** The anonymous volume that container had. */
  formerVolume(name: string): string | null {
    return this.#lastMade(name)?.volume ?? null;
  }

  #lastMade(name: string) {
    const made = this.#events.findLast(
      (event) => event.type === 'made' && event.kind === 'container' && event.name === name,
    );
    return made?.type === 'made' ? made : null;
  }
}
