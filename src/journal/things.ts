/** What a run made, adopted and removed, each under its name in the world: folded from the journal's lines. */
import { shortId } from '../values.ts';
import type { Line } from './events.ts';

export type Thing = Line<'made'> | Line<'adopted'>;

export class Things {
  /** In the order in which the journal tells of them; one that is told of twice stands here twice. */
  readonly all: Thing[] = [];
  readonly removed: Line<'removed'>[] = [];
  /** How many of them went by these names before their step was begun anew: they go by them no more. */
  readonly #forgotten = new Map<string, number>();

  take(line: Thing | Line<'removed'>): void {
    if (line.type === 'removed') this.removed.push(line);
    else this.all.push(line);
  }

  /** From here on nothing goes by these names. */
  forget(names: readonly string[]): void {
    for (const name of names) this.#forgotten.set(name, this.all.length);
  }

  #counts(thing: Thing, at: number): boolean {
    return at >= (this.#forgotten.get(thing.name) ?? 0);
  }

  /** The last thing of this name, there still or not; `type` and `kind` narrow it down. */
  last(name: string, { type, kind }: Partial<Pick<Thing, 'type' | 'kind'>> = {}): Thing | null {
    const isMeant = (thing: Thing, at: number) =>
      thing.name === name &&
      (type ?? thing.type) === thing.type &&
      (kind ?? thing.kind) === thing.kind &&
      this.#counts(thing, at);
    return this.all.findLast(isMeant) ?? null;
  }

  /** The line that last told of its removal. */
  lastRemoved(name: string): Line<'removed'> | null {
    return this.removed.findLast((line) => line.name === name) ?? null;
  }

  /** Ids of its containers that no port of the host leads into, as far as it knows. */
  unpublished(): Set<string> {
    const containers = this.all.filter(({ kind }) => kind === 'container');
    const closed = containers.filter((thing) => thing.type === 'adopted' || thing.ports.length === 0);
    return new Set(closed.map(({ id }) => id));
  }

  /** Ids of all that the learner made, whole and short, also of what goes by no name any more. */
  ofTheLearner(): Set<string> {
    const theirs = this.all.filter(({ type }) => type === 'adopted');
    return new Set(theirs.flatMap(({ id }) => [id, shortId(id)]));
  }

  /** Names and ids of the learner's own containers, as last adopted. */
  adoptions(): Map<string, string> {
    const containers = this.all.filter(
      (thing, at) => thing.type === 'adopted' && thing.kind === 'container' && this.#counts(thing, at),
    );
    return new Map(containers.map(({ name, id }) => [name, id]));
  }
}
