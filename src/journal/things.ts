/** What a run made, adopted and removed, each under its name in the world: folded from the journal's lines. */
import type { Line } from './events.ts';

export type Thing = Line<'made'> | Line<'adopted'>;

export class Things {
  /** In the order in which the journal tells of them; one that is told of twice stands here twice. */
  readonly all: Thing[] = [];
  readonly removed: Line<'removed'>[] = [];

  take(line: Thing | Line<'removed'>): void {
    if (line.type === 'removed') this.removed.push(line);
    else this.all.push(line);
  }

  /** The last thing of this name, there still or not; `type` and `kind` narrow it down. */
  last(name: string, { type, kind }: Partial<Pick<Thing, 'type' | 'kind'>> = {}): Thing | null {
    const isMeant = (thing: Thing) =>
      thing.name === name && (type ?? thing.type) === thing.type && (kind ?? thing.kind) === thing.kind;
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

  /** The learner's own thing that last went by each name. */
  adopted(): Line<'adopted'>[] {
    const adopted = this.all.filter((thing) => thing.type === 'adopted');
    return [...new Map(adopted.map((thing) => [`${thing.kind} ${thing.name}`, thing])).values()];
  }

  /** Names and ids of the learner's own containers, as last adopted. */
  adoptions(): Map<string, string> {
    const containers = this.all.filter(({ type, kind }) => type === 'adopted' && kind === 'container');
    return new Map(containers.map(({ name, id }) => [name, id]));
  }
}
